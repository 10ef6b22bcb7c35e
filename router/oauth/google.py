"""Tokens from Google: the only importer of google-auth and google-auth-oauthlib."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from router.errors import ConfigError, LoginRefused
from router.oauth.client import Client
from router.oauth.endpoint import EXTRA, Granted, refused, session, unreached

WHO = "Google"
MAIL = "https://mail.google.com/"  # IMAP and SMTP: https://developers.google.com/gmail/imap/xoauth2-protocol


def renewed(client: Client, refresh: str) -> Granted:
    """A new access token for a refresh token. Raises MailboxError."""
    try:
        from google.oauth2.credentials import Credentials
    except ImportError:
        raise ConfigError(EXTRA) from None
    inside = client.written["installed"]
    credentials: Any = Credentials(  # type: ignore[no-untyped-call]
        None, refresh_token=refresh, token_uri=inside["token_uri"], client_id=client.id, client_secret=client.secret
    )
    granted = _refreshed(credentials)
    return Granted(access=granted.access, seconds=granted.seconds, refresh=str(credentials.refresh_token or ""))


def as_delegate(client: Client, mailbox: str) -> Granted:
    """An access token for one mailbox of a Workspace domain that delegated its mail to the service account."""
    try:
        from google.oauth2.service_account import Credentials
    except ImportError:
        raise ConfigError(EXTRA) from None
    try:
        key, asked = dict(client.written), {"scopes": [MAIL], "subject": mailbox}
        credentials = Credentials.from_service_account_info(key, **asked)  # type: ignore[no-untyped-call]
    except ValueError as error:
        raise ConfigError(f"the service account's key cannot be used: {error}") from error
    return _refreshed(credentials)


class Consent:
    """One request to a person: an address to open, and the address to which the browser returns with the answer.

    The loopback flow of RFC 8252 §7.3, with PKCE. The browser may run on another machine: what counts is the address
    that it ends at, which a person can copy out of its address bar.
    """

    def __init__(self, client: Client, redirect: str, account: str) -> None:
        try:
            from google_auth_oauthlib.flow import InstalledAppFlow
        except ImportError:
            raise ConfigError(EXTRA) from None
        self._flow: Any = InstalledAppFlow.from_client_config(
            dict(client.written), [MAIL], redirect_uri=redirect, autogenerate_code_verifier=True
        )
        self._flow.oauth2session.mount("https://", session().get_adapter("https://"))
        self.url, self.state = self._flow.authorization_url(access_type="offline", prompt="consent", login_hint=account)

    def granted(self, answer: str) -> Granted:
        """The tokens for the address that the browser returned to. Raises MailboxError."""
        from oauthlib.oauth2 import OAuth2Error
        from requests import RequestException

        answer = "https://" + answer.partition("://")[2]  # the loopback address has no TLS, and oauthlib insists on it
        try:
            token: dict[str, Any] = self._flow.fetch_token(authorization_response=answer)
        except OAuth2Error as error:
            raise refused(str(error.error), str(error.description or ""), WHO) from error
        except RequestException as error:
            raise unreached(error, WHO) from error
        except Warning as error:  # oauthlib's way to say that other permissions were granted than asked for
            raise LoginRefused(_UNTICKED) from error
        if MAIL not in _scopes(token):
            raise LoginRefused(_UNTICKED)
        return Granted(
            access=str(token["access_token"]),
            seconds=float(token.get("expires_in", 0)),
            refresh=str(token.get("refresh_token", "")),
        )


_UNTICKED = f"{WHO}: mail access was not allowed; try again and leave every box on the page ticked"


def _scopes(token: dict[str, Any]) -> list[str]:
    """What was granted; an endpoint that does not say granted what was asked for (RFC 6749 §5.1)."""
    scope = token.get("scope", MAIL)
    return scope.split() if isinstance(scope, str) else [str(one) for one in scope]


def _refreshed(credentials: Any, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> Granted:
    from google.auth.exceptions import GoogleAuthError, RefreshError
    from google.auth.transport.requests import Request

    try:
        credentials.refresh(Request(session()))
    except RefreshError as error:
        details = error.args[1] if len(error.args) > 1 else None
        if not (isinstance(details, dict) and isinstance(details.get("error"), str)):
            raise unreached(error, WHO) from error  # a proxy's page, a busy server: no word of the issuer
        raise refused(details["error"], str(details.get("error_description", "")), WHO) from error
    except GoogleAuthError as error:
        raise unreached(error, WHO) from error
    except (TypeError, ValueError) as error:  # a page in place of an answer, as a hotel's network gives, is no table
        raise unreached(error, WHO) from error
    expiry = credentials.expiry.replace(tzinfo=UTC) if credentials.expiry else now()
    return Granted(access=str(credentials.token), seconds=max(0.0, (expiry - now()).total_seconds()))
