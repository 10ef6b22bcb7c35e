"""Logging in with an access token: XOAUTH2 (Google's and Microsoft's) and OAUTHBEARER (RFC 7628)."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection
from typing import TYPE_CHECKING

from router.errors import LoginRefused
from router.values import Bearer, Server

if TYPE_CHECKING:
    from router.imap.session import Session

_NOT_IN_A_NAME = re.compile(r"[\x00-\x1f\x7f]")


def log_in(session: Session, user: str, bearer: Bearer) -> None:
    """Prove who we are with an access token. Raises LoginRefused with what the server says is wrong with it.

    A server that offers neither mechanism never sees the token; that the connection is safe was seen to before.
    """
    mechanism = offered(session.client.wire.capabilities)
    if not mechanism:
        raise LoginRefused(f"{session.server.host} takes no access tokens (it offers neither XOAUTH2 nor OAUTHBEARER)")
    first, last = _MECHANISMS[mechanism]
    answers = _Answers(first(session.server, user, bearer).encode(), last)
    try:
        with session._answered(refused=LoginRefused):
            session.client.wire.authenticate(mechanism, answers)
    except LoginRefused as error:
        if answers.reason:
            raise LoginRefused(f"{error} ({answers.reason})") from error
        raise


def offered(capabilities: Collection[str]) -> str:
    """The mechanism for tokens that a server with these capabilities offers, '' when it offers none."""
    return next((name for name in _MECHANISMS if f"AUTH={name}" in capabilities), "")


class _Answers:
    """What is said to each challenge: the token once, then an end. A challenge after the token is a refusal in JSON."""

    def __init__(self, first: bytes, last: bytes) -> None:
        self._left: list[bytes] = [first, last]
        self.reason = ""

    def __call__(self, challenge: bytes) -> bytes | None:
        """The next answer, None (which cancels) when the server does not come to an end."""
        if len(self._left) == 1:
            self.reason = _reason(challenge)
        return self._left.pop(0) if self._left else None


def _reason(challenge: bytes) -> str:
    """Status and scope of a refusal (RFC 7628 §3.2.2), as far as they can be shown."""
    try:
        said = json.loads(challenge)
    except ValueError:
        return ""
    if not isinstance(said, dict):
        return ""
    named = [f"{name} {said[name]}" for name in ("status", "scope") if isinstance(said.get(name), str)]
    return _NOT_IN_A_NAME.sub(" ", ", ".join(named))[:200]


def _xoauth2(_: Server, user: str, bearer: Bearer) -> str:
    """https://developers.google.com/gmail/imap/xoauth2-protocol"""
    return f"user={user}\x01auth=Bearer {bearer.token}\x01\x01"


def _oauthbearer(server: Server, user: str, bearer: Bearer) -> str:
    """RFC 7628 §3.1; `,` and `=` of a name are written as RFC 5801 §4 says."""
    name = user.replace("=", "=3D").replace(",", "=2C")
    return f"n,a={name},\x01host={server.host}\x01port={server.port}\x01auth=Bearer {bearer.token}\x01\x01"


_Initial = Callable[[Server, str, Bearer], str]
_MECHANISMS: dict[str, tuple[_Initial, bytes]] = {"XOAUTH2": (_xoauth2, b""), "OAUTHBEARER": (_oauthbearer, b"\x01")}
