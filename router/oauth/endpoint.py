"""Talking to a token endpoint: HTTPS as the rest of the program trusts it, and what its refusals mean."""

from __future__ import annotations

import re
import ssl
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from router.errors import LoginRefused, MailboxError, Throttled, Unreachable

if TYPE_CHECKING:
    import requests

SECONDS = 20.0  # for each wait for an answer
EXTRA = "logging in with OAuth needs the extra: pip install 'inbox-router[oauth]'"
_PASSING = frozenset({"temporarily_unavailable", "server_error", "slow_down", "request_timeout"})
_CONTROL = re.compile(r"[\x00-\x1f\x7f]+")
_LONGEST = 300  # characters of what an endpoint says


@dataclass(frozen=True, slots=True, kw_only=True)
class Granted:
    """What a token endpoint gave. `refresh` is '' when there is no new refresh token; `account` who agreed, if said."""

    access: str = field(repr=False)
    seconds: float
    refresh: str = field(default="", repr=False)
    account: str = ""


class ConsentEnded(LoginRefused):
    """The consent was withdrawn or has expired; a person must agree again."""


def refused(error: str, description: str, who: str) -> MailboxError:
    """The error for an OAuth error code (RFC 6749 §5.2) and its description."""
    said = f"{who}: {_CONTROL.sub(' ', f'{error}: {description}' if description else error)[:_LONGEST]}"
    if error in _PASSING:
        return Throttled(said)
    if error in ("invalid_grant", "interaction_required", "consent_required", "login_required"):
        return ConsentEnded(said)
    return LoginRefused(said)


def unreached(error: Exception, who: str) -> MailboxError:
    """The error for an endpoint that did not answer, or answered that it cannot now."""
    return Unreachable(f"{who}: {_CONTROL.sub(' ', str(error))[:_LONGEST] or type(error).__name__}")


@lru_cache(maxsize=1)
def session() -> requests.Session:
    """One HTTPS session: the system's certificate authorities, TLS 1.2 or later, bounded waits; no plain http."""
    import requests
    from requests.adapters import HTTPAdapter

    trusted = ssl.create_default_context()  # of its own: requests adds its authorities to the context it is given
    trusted.minimum_version = ssl.TLSVersion.TLSv1_2

    class Bounded(HTTPAdapter):
        def init_poolmanager(self, *arguments: Any, **options: Any) -> Any:
            return super().init_poolmanager(*arguments, **options, ssl_context=trusted)

        def send(self, request: Any, **options: Any) -> Any:  # type: ignore[override]
            return super().send(request, **{**options, "timeout": options.get("timeout") or SECONDS})

    opened = requests.Session()
    opened.mount("https://", Bounded())
    del opened.adapters["http://"]
    return opened
