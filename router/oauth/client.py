"""The registered program behind a login by OAuth 2, as the admin got it from the provider. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from router.errors import ConfigError
from router.values import Issuer

_MICROSOFT_ID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_TENANT = re.compile(r"[A-Za-z0-9][A-Za-z0-9.-]{0,252}")


class Grant(StrEnum):
    """Who lets the program in."""

    PERSON = "person"  # somebody agreed once in a browser; what is kept is a refresh token (RFC 6749 §6)
    APPLICATION = "application"  # an administrator let the program itself in (client credentials, RFC 6749 §4.4)
    DELEGATION = "delegation"  # an administrator lets a Google service account act for each mailbox (RFC 7523)


@dataclass(frozen=True, slots=True, kw_only=True)
class Client:
    """What a token endpoint must be told about the program that asks."""

    issuer: Issuer
    grant: Grant
    id: str
    secret: str = field(default="", repr=False)
    authority: str = ""  # Microsoft: the directory's address
    written: Mapping[str, Any] = field(default_factory=dict, repr=False)  # the file, as the provider's library wants it


def read_client(issuer: Issuer, text: str, source: str) -> Client:
    """The program that `text` describes; raises ConfigError that says what is missing, never what it holds."""
    written = _as_table(issuer, text, source)
    match issuer:
        case Issuer.GOOGLE:
            return _google(written, source)
        case Issuer.MICROSOFT:
            return _microsoft(written, source)


def _as_table(issuer: Issuer, text: str, source: str) -> dict[str, Any]:
    if issuer is Issuer.MICROSOFT and _MICROSOFT_ID.fullmatch(text.strip()):
        return {"client_id": text.strip()}
    try:
        written = json.loads(text)
    except ValueError:
        written = None
    if not isinstance(written, dict):
        raise ConfigError(f"{source} is not the JSON file of an OAuth client")
    return written


def _google(written: dict[str, Any], source: str) -> Client:
    if written.get("type") == "service_account":
        _need(written, ("client_email", "private_key", "token_uri"), source)
        _refuse_open(written["token_uri"], source)
        number = str(written.get("client_id", ""))
        return Client(issuer=Issuer.GOOGLE, grant=Grant.DELEGATION, id=number, written=written)
    if "web" in written:
        raise ConfigError(f"{source} is a web server's client; make one of the type “Desktop app” in Google's console")
    inside = written.get("installed")
    if not isinstance(inside, dict):
        raise ConfigError(f"{source} is neither a desktop client nor a service account as Google's console gives them")
    _need(inside, ("client_id", "client_secret", "auth_uri", "token_uri"), source)
    _refuse_open(inside["token_uri"], source)
    program = {"id": inside["client_id"], "secret": inside["client_secret"]}
    return Client(issuer=Issuer.GOOGLE, grant=Grant.PERSON, **program, written=written)


def _microsoft(written: dict[str, Any], source: str) -> Client:
    """`{"client_id", "tenant"}`; with "client_secret" the program itself logs in. "authority": a national cloud."""
    _need(written, ("client_id",), source)
    secret = written.get("client_secret", "")
    tenant = written.get("tenant", "")
    if not isinstance(secret, str) or not isinstance(tenant, str) or (tenant and not _TENANT.fullmatch(tenant)):
        raise ConfigError(f"{source}: tenant and client_secret are texts; the tenant is an id or a domain")
    if secret and not tenant:
        raise ConfigError(f"{source}: a client with client_secret needs tenant, the directory whose mailboxes it opens")
    authority = written.get("authority") or f"https://login.microsoftonline.com/{tenant or 'common'}"
    _refuse_open(authority, source)
    return Client(
        issuer=Issuer.MICROSOFT,
        grant=Grant.APPLICATION if secret else Grant.PERSON,
        id=written["client_id"],
        secret=secret,
        authority=authority,
        written=written,
    )


def _need(written: Mapping[str, Any], names: tuple[str, ...], source: str) -> None:
    missing = [name for name in names if not (isinstance(written.get(name), str) and written[name].strip())]
    if missing:
        raise ConfigError(f"{source} lacks {', '.join(missing)}")


def _refuse_open(address: object, source: str) -> None:
    """Secrets travel to this address."""
    if not (isinstance(address, str) and address.startswith("https://")):
        raise ConfigError(f"{source}: the address of the token endpoint must begin with https://")
