"""A certificate authority of a test's own: certificates for this machine, for any span of days."""

from __future__ import annotations

import ipaddress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

_HERE: tuple[x509.GeneralName, ...] = (
    x509.DNSName("localhost"),
    x509.IPAddress(ipaddress.ip_address("127.0.0.1")),
)


class Authority:
    """Signs for servers; `ca_file` is what its friends trust. Days count from now, and may be behind us."""

    def __init__(self, directory: Path, *, days: float = 365) -> None:
        directory.mkdir(exist_ok=True)
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = _name("Acme Root", "Acme Ltd")
        self.ca_file = directory / "ca.pem"
        built = _builder(self._name, self._name, self._key.public_key(), -10, days)
        built = built.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        self.ca_file.write_bytes(_pem(built.sign(self._key, hashes.SHA256())))

    def certify(self, directory: Path, *, since: float = -10, until: float = 90, name: str = "") -> datetime:
        """Write `cert.pem` and `key.pem` of a server here, or of another `name`, valid between these days from now.

        Returns the moment of its end.
        """
        names = (x509.DNSName(name),) if name else _HERE
        key = ec.generate_private_key(ec.SECP256R1())
        built = _builder(_name(name or "localhost"), self._name, key.public_key(), since, until)
        built = built.add_extension(x509.SubjectAlternativeName(names), critical=False)
        signed = built.sign(self._key, hashes.SHA256())
        (directory / "cert.pem").write_bytes(_pem(signed))
        private = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        (directory / "key.pem").write_bytes(private)
        return signed.not_valid_after_utc


def _name(common: str, organisation: str = "") -> x509.Name:
    parts = [x509.NameAttribute(NameOID.COMMON_NAME, common)]
    parts += [x509.NameAttribute(NameOID.ORGANIZATION_NAME, organisation)] if organisation else []
    return x509.Name(parts)


def _builder(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey, since: float, until: float
) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now + timedelta(days=since))
        .not_valid_after(now + timedelta(days=until))
    )


def _pem(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.PEM)
