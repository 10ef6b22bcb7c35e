"""Finding a mailbox's servers from its address.

In this order: the bundled table of providers, the domain's own autoconfig file (the Thunderbird format), SRV records
(RFC 6186, RFC 8314), and the provider whose mail exchangers the domain uses.
"""

from __future__ import annotations

import re
import time
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from http.client import HTTPResponse
from typing import NoReturn
from xml.etree import ElementTree
from xml.parsers import expat

from router.errors import MailboxError, UnsafeArgument
from router.providers import Provider, by_domain, by_exchanger
from router.tls import is_loopback
from router.values import Server, Tls

Resolve = Callable[[str, str], list[str]]  # (name, "SRV" or "MX") → records as text; [] when there are none
Download = Callable[[str], bytes | None]  # an https address → its content; None when there is none

_SECONDS = 8.0
_LARGEST = 256 * 1024
_DOMAIN = re.compile(r"(?=.{1,253}\Z)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]")
_SOCKET_TYPES = {"SSL": Tls.IMPLICIT, "STARTTLS": Tls.STARTTLS}
_SRV_SERVICES: Mapping[str, tuple[tuple[str, Tls], ...]] = {
    "imap": (("_imaps._tcp", Tls.IMPLICIT), ("_imap._tcp", Tls.STARTTLS)),
    "smtp": (("_submissions._tcp", Tls.IMPLICIT), ("_submission._tcp", Tls.STARTTLS)),
}


class NotDiscovered(MailboxError):
    """The mailbox's servers could not be found."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Discovery:
    """Where a mailbox is. `how` is one sentence, `steps` what was tried, `hint` what the provider asks of people."""

    imap: Server
    smtp: Server | None
    how: str
    steps: tuple[str, ...]
    hint: str = ""


def discover(address: str, *, resolve: Resolve | None = None, download: Download | None = None) -> Discovery:
    """The servers for an address.

    Only TLS endpoints are ever proposed. Raises NotDiscovered with what was tried and the lines to write instead, and
    UnsafeArgument when it is no address.
    """
    domain = _domain_of(address)
    resolve, download = resolve or _resolve, download or _download
    tried: list[str] = []
    steps: tuple[Callable[[], tuple[Found | None, str]], ...] = (
        partial(_from_table, domain),
        partial(_from_autoconfig, domain, address, download),
        partial(_from_srv, domain, resolve),
        partial(_from_exchangers, domain, resolve),
    )
    for step in steps:
        found, said = step()
        tried.append(said)
        if found is not None:
            imap, smtp, hint = found
            return Discovery(imap=imap, smtp=smtp, how=said, steps=tuple(tried), hint=hint)
    raise NotDiscovered(
        f"The mail server of {domain} could not be found ({'; '.join(tried)}). Write it under the mailbox:\n"
        f"  imap: {{host: imap.{domain}, port: 993}}"
    )


Found = tuple[Server, Server | None, str]


def _domain_of(address: str) -> str:
    local, at, domain = address.rpartition("@")
    try:
        ascii_domain = domain.strip().rstrip(".").encode("idna").decode("ascii").lower()
    except UnicodeError:
        ascii_domain = ""
    if not (local and at) or not _DOMAIN.fullmatch(ascii_domain):
        raise UnsafeArgument(f"{address[:80]!r} is no mail address")
    return ascii_domain


def _of_provider(provider: Provider) -> Found:
    return provider.imap, provider.smtp, provider.hint


def _from_table(domain: str) -> tuple[Found | None, str]:
    provider = by_domain(domain)
    if provider is None:
        return None, f"{domain} is not in the list of known providers"
    return _of_provider(provider), f"{domain} belongs to {provider.name}"


def _from_exchangers(domain: str, resolve: Resolve) -> tuple[Found | None, str]:
    records = sorted(record.split(" ", 1) for record in resolve(domain, "MX") if " " in record)
    for _, host in sorted(records, key=lambda record: int(record[0]) if record[0].isdigit() else 0):
        provider = by_exchanger(host.rstrip(".").lower())
        if provider is not None:
            return _of_provider(provider), f"the mail of {domain} goes to {provider.name}"
    return None, "its mail exchangers belong to no known provider" if records else "it has no mail exchangers"


# ------------------------------------------------------------------ autoconfig


def _from_autoconfig(domain: str, address: str, download: Download) -> tuple[Found | None, str]:
    for url in (
        f"https://autoconfig.{domain}/mail/config-v1.1.xml",
        f"https://{domain}/.well-known/autoconfig/mail/config-v1.1.xml",
    ):
        content = download(url)
        if content is None:
            continue
        imap, smtp = _read_autoconfig(content, domain, address)
        if imap is not None:
            return (imap, smtp, ""), f"{domain} publishes its settings at {url}"
    return None, f"{domain} publishes no autoconfig file"


def _read_autoconfig(content: bytes, domain: str, address: str) -> tuple[Server | None, Server | None]:
    root = _parse_xml(content)
    if root is None:
        return None, None
    words = {
        "%EMAILDOMAIN%": domain,
        "%EMAILADDRESS%": address,
        "%EMAILLOCALPART%": address.rpartition("@")[0],
    }
    return _endpoint(root, "incomingServer", "imap", words), _endpoint(root, "outgoingServer", "smtp", words)


def _endpoint(root: ElementTree.Element, tag: str, kind: str, words: Mapping[str, str]) -> Server | None:
    """The first endpoint of a kind that uses TLS; plain ones are passed over."""
    for element in root.iter(tag):
        secured = _SOCKET_TYPES.get((element.findtext("socketType") or "").strip().upper())
        host, port = (element.findtext("hostname") or "").strip(), (element.findtext("port") or "").strip()
        for word, value in words.items():
            host = host.replace(word, value)
        if element.get("type") == kind and secured and _usable(host) and port.isdigit() and 0 < int(port) < 65536:
            return Server(host=host.lower(), port=int(port), tls=secured)
    return None


def _parse_xml(content: bytes) -> ElementTree.Element | None:
    """The root element, or None when it is no XML, or declares entities: a stranger's page shall not expand."""
    builder = ElementTree.TreeBuilder()
    parser = expat.ParserCreate()
    parser.StartElementHandler = builder.start
    parser.EndElementHandler = builder.end
    parser.CharacterDataHandler = builder.data
    parser.EntityDeclHandler = _refuse_entities
    parser.ExternalEntityRefHandler = _refuse_entities
    try:
        parser.Parse(content, True)
        return builder.close()
    except (expat.ExpatError, _EntityDeclaredError, LookupError, ValueError):
        return None


class _EntityDeclaredError(Exception):
    """The document declares an entity."""


def _refuse_entities(*_: object) -> NoReturn:
    raise _EntityDeclaredError


# ------------------------------------------------------------------ SRV


def _from_srv(domain: str, resolve: Resolve) -> tuple[Found | None, str]:
    imap = _by_srv(domain, "imap", resolve)
    if imap is None:
        return None, f"{domain} has no SRV records for IMAP"
    return (imap, _by_srv(domain, "smtp", resolve), ""), f"{domain} names its server in SRV records"


def _by_srv(domain: str, kind: str, resolve: Resolve) -> Server | None:
    for service, secured in _SRV_SERVICES[kind]:
        targets = [record.split() for record in resolve(f"{service}.{domain}", "SRV")]
        usable = [
            (int(priority), -int(weight), host.rstrip(".").lower(), int(port))
            for priority, weight, port, host in (target for target in targets if len(target) == 4)
            if _usable(host.rstrip(".")) and 0 < int(port) < 65536  # "." says: not offered (RFC 6186 §3.4)
        ]
        if usable:
            _, _, host, port = min(usable)
            return Server(host=host, port=port, tls=secured)
    return None


def _usable(host: str) -> bool:
    """A public host name: what a stranger's DNS or web server says shall not point us at this machine."""
    return bool(_DOMAIN.fullmatch(host.lower())) and not is_loopback(host)


# ------------------------------------------------------------------ the network


def _resolve(name: str, kind: str) -> list[str]:
    from dns import exception, resolver

    try:
        answer = resolver.resolve(name, kind, lifetime=_SECONDS)
    except exception.DNSException:
        return []
    return [record.to_text() for record in answer]


class _HttpsOnly(urllib.request.HTTPRedirectHandler):
    """Follows redirections only to https."""

    def redirect_request(self, req, fp, code, msg, headers, newurl):  # type: ignore[no-untyped-def]
        if not newurl.lower().startswith("https://"):
            return None
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def _download(url: str) -> bytes | None:
    from router.tls import context

    opener = urllib.request.build_opener(_HttpsOnly, urllib.request.HTTPSHandler(context=context(None)))
    try:
        with opener.open(url, timeout=_SECONDS) as response:
            return _read_within(response)
    except (OSError, ValueError):  # unreachable, refused, not trusted, not HTTP
        return None


def _read_within(response: HTTPResponse) -> bytes | None:
    """The content, or None when it is too long or drips in too slowly."""
    deadline = time.monotonic() + _SECONDS
    content = b""
    while chunk := response.read1(16384):
        content += chunk
        if len(content) > _LARGEST or time.monotonic() > deadline:
            return None
    return content
