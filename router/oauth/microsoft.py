"""Tokens from Microsoft: the only importer of msal."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from router.errors import ConfigError, Unreachable
from router.oauth.client import Client
from router.oauth.endpoint import EXTRA, Granted, refused, session, unreached

WHO = "Microsoft"
# https://learn.microsoft.com/exchange/client-developer/legacy-protocols/how-to-authenticate-an-imap-pop-smtp-application-by-using-oauth
DELEGATED = ["https://outlook.office.com/IMAP.AccessAsUser.All", "https://outlook.office.com/SMTP.Send"]
APPLICATION = ["https://outlook.office365.com/.default"]


def renewed(client: Client, refresh: str) -> Granted:
    """A new access token for a refresh token, and usually a newer refresh token. Raises MailboxError."""
    return _granted(_ask(client, lambda app: app.acquire_token_by_refresh_token(refresh, DELEGATED)))


def as_application(client: Client) -> Granted:
    """An access token for the program itself: every mailbox that an administrator has opened to it."""
    return _granted(_ask(client, lambda app: app.acquire_token_for_client(APPLICATION)))


def agreed(client: Client, show: Callable[[str, str], None]) -> Granted:
    """Let a person agree in any browser (device code, RFC 8628): `show` is told the address and the code.

    Waits until the person has agreed, refused, or let the code expire (fifteen minutes). Raises MailboxError.
    """

    def flow(app: Any) -> dict[str, Any]:
        started: dict[str, Any] = app.initiate_device_flow(DELEGATED)
        if "user_code" not in started:
            return started
        show(str(started["verification_uri"]), str(started["user_code"]))
        answered: dict[str, Any] = app.acquire_token_by_device_flow(started)
        return answered

    return _granted(_ask(client, flow))


def _ask(client: Client, question: Callable[[Any], Any]) -> dict[str, Any]:
    try:
        import msal
        from msal.exceptions import MsalServiceError
        from requests import RequestException
    except ImportError:
        raise ConfigError(EXTRA) from None
    kind = msal.ConfidentialClientApplication if client.secret else msal.PublicClientApplication
    try:
        app = kind(
            client.id,
            client_credential=client.secret or None,
            authority=client.authority,
            http_client=session(),
            instance_discovery=False if "authority" in client.written else None,  # a cloud that Microsoft's own denies
        )
        answer: dict[str, Any] = question(app) or {}
    except (RequestException, MsalServiceError) as error:  # the latter: a status of 500 and more
        raise unreached(error, WHO) from error
    except ValueError as error:  # the directory has no such tenant, or answers with something that is no JSON
        if "invalid_tenant" in str(error) or "AADSTS90002" in str(error):
            raise refused("invalid_tenant", f"{client.authority} is no directory", WHO) from error
        raise unreached(error, WHO) from error
    return answer


def _granted(answer: dict[str, Any]) -> Granted:
    if "access_token" not in answer:
        if "error" not in answer:
            raise Unreachable(f"{WHO}: the answer holds neither a token nor an error")
        raise refused(str(answer["error"]), str(answer.get("error_description", "")), WHO)
    claims = answer.get("id_token_claims")
    account = claims.get("preferred_username", "") if isinstance(claims, dict) else ""
    return Granted(
        access=str(answer["access_token"]),
        seconds=float(answer.get("expires_in", 0)),
        refresh=str(answer.get("refresh_token", "")),
        account=str(account),
    )
