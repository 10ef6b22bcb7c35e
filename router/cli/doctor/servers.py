"""`doctor` on the way to a server: its name, its port, its certificate; and what it offers once we are in."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from router.cli.advice import provider_of
from router.cli.doctor.findings import Finding, Looking, fail, ok, warn
from router.errors import InsecureConnection, Unreachable
from router.probe import TIMED_OUT, Protocol
from router.values import Server, Tls

if TYPE_CHECKING:
    from router.imap.session import Session
    from router.probe import Certificate, Look

SOON = timedelta(days=21)  # a certificate that renews itself has more
FULL = 0.9  # of a quota
CAPABILITIES = {
    "IDLE": "new mail is seen at the next poll, within a minute",
    "MOVE": "mails are copied, then taken out of INBOX by their UIDs",
    "UIDPLUS": "where a mail went must be looked up; without MOVE too, moved mails stay in INBOX marked as deleted",
    "SPECIAL-USE": "Drafts, Sent and Trash are found by their names",
    "LIST-STATUS": "folders are asked one by one, so gestures are seen later",
}


def way_to(where: str, server: Server, protocol: Protocol, now: datetime, *, name: str = "localhost") -> Looking:
    """DNS, port and TLS of one server; whether it is worth knocking. Tells of the clock where the greeting does."""
    found = yield from _addresses(where, server, protocol)
    if not found:
        return False
    from router.probe import look

    try:
        shown = look(server, protocol, name=name)
    except (InsecureConnection, Unreachable) as error:
        yield fail(where, f"{protocol.upper()} {error}", _no_tls(server, protocol, error))
        return False
    if server.tls is not Tls.NONE:
        trusted = yield from _certificate(where, server, shown, now)
        if not trusted:
            return False
    if shown.mechanisms:
        yield ok(where, f"{protocol.upper()} offers to log in by {', '.join(shown.mechanisms)}")
    yield from _clock(where, server, shown, now)
    return True


# ------------------------------------------------------------------ DNS and port


def _addresses(where: str, server: Server, protocol: Protocol) -> Looking:
    from router.probe import Unknown, addresses, answering

    key = f"host under {protocol}:"
    try:
        found = addresses(server.host)
    except Unknown as error:
        text = f"{server.host} has no address ({error})"
        yield fail(where, text, f"Check the spelling of {key}, and this machine's name server.")
        return False
    silent = {address: why for address, why in answering(server, found).items() if why}
    known = "" if _is_address(server.host) else f" ({', '.join(found)})"
    if len(silent) == len(found):
        why = ", ".join(dict.fromkeys(silent.values()))
        text = f"{protocol.upper()} nobody answers at {server.host}:{server.port}{known}: {why}"
        yield fail(where, text, f"Check the port under {protocol}:, the firewall, and whether the server is up.")
        return False
    yield ok(where, f"{protocol.upper()} {server.host}:{server.port} answers{known}")
    slow = [address for address, why in silent.items() if why == TIMED_OUT]
    if slow:
        text = f"{', '.join(slow)} of {server.host} does not answer: every connection may wait for it first"
        yield warn(where, text, "Let the firewall through, or have the address taken out of DNS.")
    return True


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return False
    return True


# ------------------------------------------------------------------ TLS


def _no_tls(server: Server, protocol: Protocol, error: Exception) -> str:
    if "CA file" in str(error):
        return _NO_AUTHORITY
    if isinstance(error, Unreachable):
        return f"Check the port under {protocol}:, the firewall, and whether the server is up."
    first, second = (993, 143) if protocol is Protocol.IMAP else (465, 587)
    other = "starttls" if server.tls is Tls.IMPLICIT else "implicit"
    return f"Perhaps tls: {other} is spoken here. TLS from the start is usual on port {first}, STARTTLS on {second}."


def _certificate(where: str, server: Server, shown: Look, now: datetime) -> Looking:
    place, certificate = f"{server.host}:{server.port}", shown.certificate
    if shown.untrusted:
        yield fail(where, *_untrusted(server, shown.untrusted, certificate, now))
        return False
    if certificate is None:
        return True
    text = f"{shown.version} at {place}, certificate of {certificate.issuer}, {_until(certificate, now)}"
    if certificate.until - now < SOON:
        yield warn(where, text, _renew(server))
    else:
        yield ok(where, text)
    return True


def _until(certificate: Certificate, now: datetime) -> str:
    days = (certificate.until - now).days
    left = f"{days} days left" if days != 1 else "1 day left"
    return f"until {certificate.until:%Y-%m-%d} ({left})"


def _renew(server: Server) -> str:
    provider = provider_of(server)
    if provider is not None:
        return f"{provider.name} renews it; if a day before its end it has not, ask them."
    return f"Renew it on {server.host} (certbot: certbot renew) and have the server load it; mail stops at its end."


def _untrusted(server: Server, why: str, certificate: Certificate | None, now: datetime) -> tuple[str, str]:
    """The text and the fix for a certificate that is not believed."""
    place = f"{server.host}:{server.port}"
    if certificate is not None and certificate.until <= now:
        text = f"the certificate of {place} expired on {certificate.until:%Y-%m-%d} (issuer: {certificate.issuer})"
        return text, f"{_renew(server)} Or is this machine's clock wrong?"
    if certificate is not None and certificate.since > now:
        text = f"the certificate of {place} is valid only from {certificate.since:%Y-%m-%d %H:%M} UTC on"
        return text, "Set this machine's clock (NTP)."
    text = f"the certificate of {place} is not trusted: {why}"
    if "expired" in why:
        return f"{text} (one above it)", _OWN_CA if server.ca_file else "Have the server send its whole chain, renewed."
    if "mismatch" in why or "not valid for" in why:
        names = ", ".join(certificate.names) if certificate else "other names"
        return f"{text} It speaks for {names}.", "Write one of these names as host, or get a certificate for this one."
    issuer = f" Its issuer is {certificate.issuer}." if certificate else ""
    if server.ca_file:
        return f"{text}.{issuer}", f"Put the certificate of that issuer into {server.ca_file}."
    return f"{text}.{issuer}", _WHOSE


_WHOSE = (
    "Is it your own authority? Name its certificate:  ca_file: /path/to/ca.pem  beside host. Else have the server send "
    "its whole chain (fullchain.pem). A firewall that looks into TLS shows this, too."
)
_NO_AUTHORITY = "Put the authority's certificate there, in PEM."
_OWN_CA = "Renew the authority's own certificate, and put it in place of the old one under ca_file:."


def authorities(where: str, servers: tuple[Server | None, ...], now: datetime) -> Iterator[Finding]:
    """Until when the admin's own CA files are good; nothing is said while they are."""
    from router.probe import authorities as read

    for path in dict.fromkeys(s.ca_file for s in servers if s is not None and s.ca_file is not None):
        try:
            found = read(path)
        except InsecureConnection as error:
            yield fail(where, str(error), _NO_AUTHORITY)
            continue
        for one in found:
            if one.until - now < SOON:
                state = "expired on" if one.until <= now else "expires on"
                text = f"the authority {one.subject} in {path} {state} {one.until:%Y-%m-%d}"
                finding = fail if one.until <= now and len(found) == 1 else warn
                yield finding(where, text, _OWN_CA)


# ------------------------------------------------------------------ the clock


SKEW = timedelta(minutes=5)


def _clock(where: str, server: Server, shown: Look, now: datetime) -> Iterator[Finding]:
    """A greeting that names the hour is the one thing that shows a clock ahead, not only one behind."""
    from router.cli import show

    said = shown.said_at
    if said is None:
        return
    apart = now - said
    if abs(apart) <= SKEW:
        yield ok(where, f"this machine's clock agrees with that of {server.host}")
        return
    which = "ahead of" if apart > timedelta(0) else "behind"
    text = f"this machine's clock is {show.span(abs(apart))} {which} that of {server.host}"
    yield warn(where, text, "Set this machine's clock (NTP): reminders come at the wrong hour.")


# ------------------------------------------------------------------ what the server offers


def offers(session: Session, where: str) -> Iterator[Finding]:
    """The capabilities that change what the router can do."""
    for name, without in CAPABILITIES.items():
        if name in session.capabilities:
            yield ok(where, name)
        else:
            yield warn(where, f"no {name}: {without}", "Nothing to do here: it is the server's; all else works.")


def quota(session: Session, where: str) -> Iterator[Finding]:
    """How full the mailbox is, where the server says."""
    from router.imap.quota import usages

    found = usages(session)
    for usage in found[:1]:  # the fullest
        unit = {"STORAGE": " MB", "MESSAGE": " mails"}.get(usage.resource, f" {usage.resource}")
        scale = 1024 if usage.resource == "STORAGE" else 1
        numbers = f"{usage.used // scale} of {usage.limit // scale}{unit}"
        text = f"{usage.share:.0%} of the mailbox's quota is used ({numbers})"
        if usage.share >= 1:
            yield fail(where, text, "No draft can be placed, and mail may be refused: make room, or raise the quota.")
        elif usage.share > FULL:
            yield warn(where, text, "Make room or raise the quota: in a full mailbox no draft can be placed.")
        else:
            yield ok(where, text)
