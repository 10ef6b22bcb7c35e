"""Access tokens for logins: asked for once, renewed ahead of their end, kept by nobody but the process's memory.

What is kept on disk is the refresh token that a person's consent gave, in files of mode 0600. The file that the
configuration names is only read; a newer refresh token, which Microsoft gives at every renewal, goes into the state
directory together with the digest of the one it grew from, so that an admin who replaces the named file is obeyed.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

from router.config.settings import ignore_state_directory, read_document, read_secret, secret_path
from router.errors import ConfigError, LoginRefused, StateError
from router.oauth import google, microsoft
from router.oauth.client import Client, Grant, read_client
from router.oauth.endpoint import ConsentEnded, Granted
from router.values import Bearer, Issuer, Login, OAuth, Secret

log = logging.getLogger(__name__)

AHEAD = 300.0  # seconds before its end at which a token is renewed: a login and a long pass fit in
SHORTEST = 30.0  # seconds that a token is used, however soon it ends
AFTER_REFUSAL = 300.0  # seconds without asking again: nothing but a person changes the answer

FOLDER = "tokens"


def client_of(oauth: OAuth) -> Client:
    """The program behind a login. Raises ConfigError."""
    source = oauth.client.file or f"the environment variable {oauth.client.env}"
    return read_client(oauth.issuer, read_document(oauth.client), str(source))


@dataclass(slots=True)
class _Known:
    """What is known of one account's token; `lock` lets one thread ask while the others wait for its answer."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    bearer: Bearer | None = None
    good_until: float = 0.0
    refusal: LoginRefused | None = None
    refused_until: float = 0.0
    refused_for: str = ""  # the digest of what was refused


class Tokens:
    """The access tokens of one process. `clock` counts seconds and never jumps."""

    def __init__(self, state: Path, clock: Callable[[], float] = time.monotonic) -> None:
        self._vault = Vault(state / FOLDER)
        self._clock = clock
        self._lock = threading.Lock()
        self._accounts: dict[tuple[OAuth, str], _Known] = {}

    def bearer(self, login: Login) -> Bearer:
        """A token that is good for minutes; several threads that ask at once make one request.

        Raises LoginRefused (a person must act), Unreachable or Throttled (later), ConfigError.
        """
        oauth = _oauth_of(login)
        client = client_of(oauth)
        known = self._known(oauth, login, client)
        with known.lock:
            if known.bearer is not None and self._clock() < known.good_until:
                return known.bearer
            refresh = self._consent(oauth, client)
            basis = _digest(refresh or client.secret)
            if known.refusal is not None and known.refused_for == basis and self._clock() < known.refused_until:
                raise known.refusal
            try:
                granted = _asked(client, login, refresh)
            except LoginRefused as error:
                known.bearer, known.refusal = None, _explained(error, client)
                known.refused_until, known.refused_for = self._clock() + AFTER_REFUSAL, basis
                raise known.refusal from error
            known.refusal = None
            known.bearer = _checked(granted)
            known.good_until = self._clock() + max(SHORTEST, granted.seconds - AHEAD)
            if granted.refresh and granted.refresh != refresh:
                self._remember(oauth, granted.refresh)
            return known.bearer

    def drop(self, login: Login, bearer: Bearer) -> None:
        """Do not use this token again: a server refused it before its time. One that is newer stays."""
        oauth = _oauth_of(login)
        known = self._known(oauth, login, client_of(oauth))
        with known.lock:
            if known.bearer == bearer:
                known.bearer = None

    def keep(self, login: Login, granted: Granted) -> Path:
        """Keep what a person has just agreed to; returns the file. Raises StateError, LoginRefused."""
        if not granted.refresh:
            raise LoginRefused("no refresh token was given: the consent would end within the hour")
        oauth = _oauth_of(login)
        known = self._known(oauth, login, client_of(oauth))
        with known.lock:
            path = self._vault.keep(oauth, granted.refresh)
            known.bearer, known.refusal = _checked(granted), None
            known.good_until = self._clock() + max(SHORTEST, granted.seconds - AHEAD)
        return path

    def _remember(self, oauth: OAuth, refresh: str) -> None:
        """Keep a newer refresh token. The one that it grew from stays good for weeks: no mail waits for a full disk."""
        try:
            self._vault.grown(oauth, refresh)
        except (StateError, ConfigError) as error:
            log.warning("a newer refresh token could not be kept: %s", error)

    def _consent(self, oauth: OAuth, client: Client) -> str:
        """The refresh token where a person has to agree, '' where nobody has."""
        if client.grant is not Grant.PERSON:
            return ""
        try:
            return self._vault.refresh_token(oauth)
        except ConsentEnded as error:
            raise _explained(error, client) from error

    def _known(self, oauth: OAuth, login: Login, client: Client) -> _Known:
        # A person's token opens all that she may open; a delegated one opens the mailbox that it names.
        key = (oauth, login.user if client.grant is Grant.DELEGATION else "")
        with self._lock:
            return self._accounts.setdefault(key, _Known())


def _oauth_of(login: Login) -> OAuth:
    if login.oauth is None:
        raise ValueError("a login with a password has no tokens")
    return login.oauth


def _asked(client: Client, login: Login, refresh: str) -> Granted:
    match (client.issuer, client.grant):
        case (Issuer.MICROSOFT, Grant.APPLICATION):
            return microsoft.as_application(client)
        case (Issuer.MICROSOFT, _):
            return microsoft.renewed(client, refresh)
        case (Issuer.GOOGLE, Grant.DELEGATION):
            return google.as_delegate(client, login.user)
        case _:
            return google.renewed(client, refresh)


def _checked(granted: Granted) -> Bearer:
    """A token is a word of visible ASCII (RFC 6750 §2.1): nothing else may reach a login command."""
    if not granted.access or not all(33 <= ord(character) < 127 for character in granted.access):
        raise LoginRefused("the token endpoint gave a token that is none")
    return Bearer(token=granted.access)


_WHAT_TO_DO = {
    (Issuer.GOOGLE, Grant.PERSON): (
        "run `inbox-router login` for this mailbox. If the consent ended after seven days, publish the client in "
        "Google's console (status “In production”) or make its audience “Internal”"
    ),
    (Issuer.MICROSOFT, Grant.PERSON): "run `inbox-router login` for this mailbox",
    (Issuer.GOOGLE, Grant.DELEGATION): (
        f"allow the service account's client id the scope {google.MAIL} under domain-wide delegation in the Workspace "
        "admin console, and check that the mailbox exists"
    ),
    (Issuer.MICROSOFT, Grant.APPLICATION): (
        "check the client secret and its end, and that an administrator consented to IMAP.AccessAsApp"
    ),
}


def _explained(error: LoginRefused, client: Client) -> LoginRefused:
    if client.grant is Grant.PERSON and not isinstance(error, ConsentEnded):
        return error
    return type(error)(f"{error}; {_WHAT_TO_DO[client.issuer, client.grant]}")


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


# ------------------------------------------------------------------ what is kept


@dataclass(frozen=True, slots=True)
class Vault:
    """Refresh tokens in a directory of mode 0700, one file of mode 0600 for each account."""

    directory: Path

    def refresh_token(self, oauth: OAuth) -> str:
        """The newest refresh token. Raises LoginRefused when nobody has agreed yet, ConfigError when unreadable."""
        kept = self._kept(oauth)
        if oauth.token is None:
            if not kept:
                raise ConsentEnded("nobody has agreed yet")
            return kept["refresh_token"]
        try:
            seed = _seed(read_document(oauth.token))
        except ConfigError as error:
            if oauth.token.file is not None and not secret_path(oauth.token.file).exists():
                raise ConsentEnded(f"nobody has agreed yet: {oauth.token.file} is not there") from error
            raise
        return kept["refresh_token"] if kept.get("seed") == _digest(seed) else seed

    def grown(self, oauth: OAuth, refresh: str) -> None:
        """A newer refresh token has come in place of the one that was used."""
        seed = _digest(_seed(read_document(oauth.token))) if oauth.token else ""
        _write(self._path(oauth), {"refresh_token": refresh, "seed": seed})

    def keep(self, oauth: OAuth, refresh: str) -> Path:
        """A person has agreed: into the named file where there is one, else here."""
        if oauth.token is None or oauth.token.file is None:
            path = self._path(oauth)
            _write(path, {"refresh_token": refresh, "seed": ""})
            return path
        path = secret_path(oauth.token.file)
        _write(path, {"refresh_token": refresh})
        self._path(oauth).unlink(missing_ok=True)
        return path

    def _kept(self, oauth: OAuth) -> dict[str, str]:
        path = self._path(oauth)
        if not path.exists():
            return {}
        try:
            kept = json.loads(read_secret(Secret(file=path)))
        except ValueError:
            kept = None
        if not isinstance(kept, dict) or not isinstance(kept.get("refresh_token"), str):
            raise ConsentEnded(f"{path} is damaged")
        return {str(name): str(value) for name, value in kept.items()}

    def _path(self, oauth: OAuth) -> Path:
        which = _digest(f"{oauth.client}{oauth.token}")[:8]
        return self.directory / f"{oauth.issuer}-{quote(oauth.account, safe='@')}-{which}.json"


def _seed(text: str) -> str:
    """The refresh token in a file that `login` or an admin wrote: as JSON, or alone on a line."""
    text = text.strip()
    if text.startswith("{"):
        try:
            text = str(json.loads(text)["refresh_token"])
        except (ValueError, KeyError, TypeError):
            raise ConfigError("the token file holds JSON without refresh_token") from None
    if not text.isprintable():
        raise ConfigError("the token file holds more than one refresh token")
    return text


def _write(path: Path, kept: dict[str, str]) -> None:
    """Whole or not at all, readable by nobody else from its first byte on."""
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        if path.parent.name == FOLDER:
            ignore_state_directory(path.parent)
        with open(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:  # noqa: PTH123
            os.fchmod(file.fileno(), 0o600)
            json.dump(kept, file)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(path)
    except OSError as error:
        raise StateError(f"the token cannot be kept in {path}: {error.strerror or error}") from error
