"""`doctor` on what a mailbox logs in with: who can read it, whether it is there, whether a token can be had."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from router.cli.doctor.findings import Finding, Looking, ago, fail, ok, warn
from router.errors import ConfigError, LoginRefused, MailboxError

if TYPE_CHECKING:
    from router.oauth.client import Client
    from router.values import Login, Mailbox, OAuth, Secret

TEST_CONSENT = timedelta(days=7)  # so long Google lets the consent to a client in testing live
_SET = "Set the variable, or the path and permissions of the file."


def findings(mailbox: Mailbox, state: Path, now: datetime) -> Looking:
    """The password, or everything between a person's consent and an access token; whether one can log in with it."""
    if mailbox.login.oauth is None:
        return (yield from _password(mailbox))
    return (yield from _oauth(mailbox, mailbox.login.oauth, state, now))


def _password(mailbox: Mailbox) -> Looking:
    from router.config.settings import read_secret

    secret, where = mailbox.login.password, mailbox.name
    try:
        read_secret(secret, user=mailbox.login.user)
    except ConfigError as error:
        yield fail(where, str(error), _SET)
        return False
    open_to = list(_exposed(where, secret))
    yield from open_to
    if not open_to:
        yield ok(where, f"the password can be read ({_place(secret)})")
    return True


def _place(secret: Secret) -> str:
    if secret.env is not None:
        return f"environment variable {secret.env}"
    return f"keyring, {secret.keyring}" if secret.keyring is not None else f"file {secret.file}"


# ------------------------------------------------------------------ OAuth


def _oauth(mailbox: Mailbox, oauth: OAuth, state: Path, now: datetime) -> Looking:
    from router.oauth.client import Grant
    from router.oauth.tokens import client_of

    where = mailbox.name
    try:
        client = client_of(oauth)
    except ConfigError as error:
        yield fail(where, f"the OAuth client: {error}", _SET)
        return False
    yield from _exposed(where, oauth.client)
    yield ok(where, f"the OAuth client can be read: {_kind(client, mailbox.login)}")
    if client.grant is Grant.PERSON:
        agreed = yield from _consent(mailbox, oauth, state, now)
        if not agreed:
            return False
    return (yield from _token(mailbox))


def _kind(client: Client, login: Login) -> str:
    account = login.oauth.account if login.oauth else login.user
    return {
        "person": f"{account} agrees in a browser",
        "application": "the program itself is let in by an administrator",
        "delegation": f"a service account acts for {login.user}",
    }[client.grant]


def _consent(mailbox: Mailbox, oauth: OAuth, state: Path, now: datetime) -> Looking:
    from router.config.settings import secret_path
    from router.oauth.tokens import FOLDER, Vault
    from router.values import Secret

    where, agree = mailbox.name, f"inbox-router login {mailbox.name}"
    vault = Vault(state / FOLDER)
    kept = vault._path(oauth)
    try:
        vault.refresh_token(oauth)
    except (LoginRefused, ConfigError) as error:
        yield fail(where, str(error), f"{agree}  and let {oauth.account} agree")
        return False
    for secret in filter(None, (oauth.token, Secret(file=kept) if kept.exists() else None)):
        yield from _exposed(where, secret)
    named = secret_path(oauth.token.file) if oauth.token and oauth.token.file else None
    path = next((p for p in (kept, named) if p is not None and p.exists()), None)
    if path is None:
        yield ok(where, f"the consent of {oauth.account} is there")
        return True
    moment = datetime.fromtimestamp(path.stat().st_mtime, UTC)
    note = _TESTING if oauth.issuer == "google" and now - moment < TEST_CONSENT else ""
    yield ok(where, f"the consent of {oauth.account} is kept in {path}, written {ago(moment, now)}", note)
    return True


_TESTING = (
    "Is the client's status “Testing” in Google's console? Then this consent ends after seven days: publish it "
    "(“In production”), or make its audience “Internal”."
)


def _token(mailbox: Mailbox) -> Looking:
    from router.connect import credential

    try:
        credential(mailbox.login)
    except LoginRefused as error:
        yield fail(mailbox.name, f"no access token: {error}", _refused(str(error), mailbox))
        return False
    except MailboxError as error:
        fix = "Is the internet reachable from here? The daemon tries again by itself."
        yield fail(mailbox.name, f"no access token: {error}", fix)
        return False
    yield ok(mailbox.name, "an access token was given just now")
    return True


def _refused(said: str, mailbox: Mailbox) -> str:
    """The error often names what to do itself; this is the command for it."""
    if "pip install" in said:
        return "Install it, and look again."
    if "inbox-router login" in said:
        return f"inbox-router login {mailbox.name}"
    return "Check the client in the provider's console: its id, its secret and the secret's end."


# ------------------------------------------------------------------ who can read a file


def _exposed(where: str, secret: Secret) -> Iterator[Finding]:
    """Ways in which others on this machine can read or replace a secret file."""
    from router.config.settings import guarded_elsewhere, secret_path

    if secret.file is None:
        return
    path = secret_path(secret.file)
    if guarded_elsewhere(path, os.environ):
        return
    found = path.stat()
    if found.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
        yield fail(where, f"{path} can be changed by others on this machine", f"chmod 600 {path}")
    elif found.st_mode & stat.S_IRWXG:
        yield warn(where, f"{path} can be read by its group", f"chmod 600 {path}")
    if found.st_uid not in _TRUSTED:
        yield warn(where, f"{path} belongs to somebody else, who can change it", f"chown {os.geteuid()} {path}")
    if path.is_symlink() and path.lstat().st_uid not in _TRUSTED:
        yield warn(where, f"{path} is somebody else's link, which can be made to point elsewhere", f"chown -h {path}")
    directory = path.resolve().parent
    if _anybody_may_replace(directory):
        yield fail(where, f"anybody on this machine can put another file in place of {path}", f"chmod o-w {directory}")


_TRUSTED = frozenset({0, os.geteuid()})


def _anybody_may_replace(directory: Path) -> bool:
    """A directory that all may write and that is not sticky, such as /tmp is."""
    mode = directory.stat().st_mode
    return bool(mode & stat.S_IWOTH) and not mode & stat.S_ISVTX
