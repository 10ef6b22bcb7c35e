"""The one place that says which connections we trust: verified TLS, or loopback."""

from __future__ import annotations

import ipaddress
import ssl
from functools import lru_cache
from pathlib import Path

from router.errors import InsecureConnection
from router.values import Server, Tls


def context(ca_file: Path | None) -> ssl.SSLContext:
    """The shared client context for this CA file, or for the system's CAs: verified, host checked, TLS 1.2 or later.

    Shared because one context costs hundreds of kilobytes and tens of milliseconds. A CA file that was renewed
    gives a new context. Raises InsecureConnection when the file cannot be used.
    """
    if ca_file is None:
        return _context(None, 0)
    try:
        return _context(ca_file, ca_file.stat().st_mtime_ns)
    except OSError as error:  # ssl.SSLError is one too: not a certificate file
        raise InsecureConnection(f"the CA file {ca_file} cannot be used: {error.strerror or error}") from error


@lru_cache(maxsize=64)
def _context(ca_file: Path | None, _changed_ns: int) -> ssl.SSLContext:
    trusted = ssl.create_default_context(ssl.Purpose.SERVER_AUTH, cafile=ca_file)
    trusted.minimum_version = ssl.TLSVersion.TLSv1_2
    return trusted


_NO_TLS = "it does not speak TLS here: check port and tls (implicit: 993 and 465; starttls: 143 and 587)"
_OLD_TLS = "it speaks only versions of TLS that are older than 1.2 and no longer safe: its administrator must update it"
_BY_REASON = {
    **dict.fromkeys(("WRONG_VERSION_NUMBER", "HTTP_REQUEST", "PACKET_LENGTH_TOO_LONG"), _NO_TLS),
    "RECORD_LAYER_FAILURE": _NO_TLS,
    **dict.fromkeys(("UNSUPPORTED_PROTOCOL", "TLSV1_ALERT_PROTOCOL_VERSION", "NO_PROTOCOLS_AVAILABLE"), _OLD_TLS),
    **dict.fromkeys(("SSLV3_ALERT_HANDSHAKE_FAILURE", "NO_SHARED_CIPHER"), "it offers no cipher that is still safe"),
    "DH_KEY_TOO_SMALL": "its key exchange is too weak",
    "EE_KEY_TOO_SMALL": "the key of its certificate is too weak",
}


def distrust(error: BaseException | None) -> str:
    """Why a connection cannot be trusted, when an error or its cause says so; '' when it is something else."""
    while error is not None:
        if isinstance(error, ssl.SSLCertVerificationError):
            return f"the server's certificate is not trusted: {getattr(error, 'verify_message', '') or error}"
        reason = getattr(error, "reason", "") if isinstance(error, ssl.SSLError) else ""  # only OpenSSL's own have one
        if reason in _BY_REASON:
            return f"the server cannot be trusted: {_BY_REASON[reason]}"
        error = error.__cause__ or error.__context__
    return ""


def is_loopback(host: str) -> bool:
    """Whether this host name or address can only mean this machine."""
    if host.lower().rstrip(".") == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def refuse_open_text(server: Server) -> None:
    """Raise InsecureConnection when a server is configured without TLS and is not on this machine."""
    if server.tls is Tls.NONE and not is_loopback(server.host):
        raise InsecureConnection(f"{server.host}: `tls: none` is for this machine only")
