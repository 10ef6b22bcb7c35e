"""A domain's autoconfig file: the XML format of Thunderbird, version 1.1, which many providers publish."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import NoReturn
from urllib.parse import quote
from xml.etree import ElementTree
from xml.parsers import expat

from router.discovery.found import Found, usable, usable_user
from router.values import Server, Tls

_SOCKET_TYPES = {"SSL": Tls.IMPLICIT, "STARTTLS": Tls.STARTTLS}
_BEST_FIRST = tuple(_SOCKET_TYPES.values())
_OAUTH = "oauth2"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Endpoint:
    """One server of the file that can be used. `logins` are its ways to log in, in lower case."""

    server: Server
    user: str
    logins: frozenset[str]


def urls(domain: str) -> tuple[str, ...]:
    """Where a domain's file may be."""
    return (
        f"https://autoconfig.{domain}/mail/config-v1.1.xml",
        f"https://{domain}/.well-known/autoconfig/mail/config-v1.1.xml",
    )


def with_address(url: str, address: str) -> str:
    """The URL for servers that make the file from the address."""
    return f"{url}?emailaddress={quote(address, safe='@')}"


def read(content: bytes, domain: str, address: str) -> Found | None:
    """The servers of a file, of several the best protected; None when it is no such file or has no IMAP over TLS.

    The file is a stranger's: no entities, only public host names, no control characters in login names.
    """
    root = _parsed(content)
    if root is None:
        return None
    words = {
        "%EMAILADDRESS%": address,
        "%EMAILLOCALPART%": address.rpartition("@")[0],
        "%EMAILDOMAIN%": domain,
    }
    imap = _best(_endpoints(root, "incomingServer", "imap", words))
    smtp = _best(_endpoints(root, "outgoingServer", "smtp", words))
    if imap is None:
        return None
    user = "" if imap.user == address else imap.user
    return Found(
        imap=imap.server, smtp=smtp.server if smtp else None, user=user, oauth_only=imap.logins == frozenset({_OAUTH})
    )


def _best(found: Iterator[_Endpoint]) -> _Endpoint | None:
    """The first of those with TLS from the first byte, else the first with STARTTLS."""
    return min(found, key=lambda endpoint: _BEST_FIRST.index(endpoint.server.tls), default=None)


def _endpoints(root: ElementTree.Element, tag: str, kind: str, words: Mapping[str, str]) -> Iterator[_Endpoint]:
    """The endpoints of a kind that use TLS; plain ones are passed over."""
    for element in root.iter(tag):
        secured = _SOCKET_TYPES.get(_text(element, "socketType", {}).upper())
        host, port = _text(element, "hostname", words).lower(), _text(element, "port", {})
        if element.get("type") == kind and secured and usable(host) and _is_port(port):
            user = _text(element, "username", words)
            logins = ((each.text or "").strip().lower() for each in element.iter("authentication"))
            yield _Endpoint(
                server=Server(host=host, port=int(port), tls=secured),
                user=user if usable_user(user) else words["%EMAILADDRESS%"],
                logins=frozenset(logins),
            )


def _text(element: ElementTree.Element, tag: str, words: Mapping[str, str]) -> str:
    text = (element.findtext(tag) or "").strip()
    for word, value in words.items():
        text = text.replace(word, value)
    return text


def _is_port(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 6 and 0 < int(text) < 65536


# ------------------------------------------------------------------ XML


def _parsed(content: bytes) -> ElementTree.Element | None:
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
