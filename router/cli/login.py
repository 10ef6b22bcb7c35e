"""`login`: a person agrees, once, that the router may open a mailbox by OAuth 2; then it is tried."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from router.cli import show
from router.cli.base import (
    CONFIG,
    UNREACHABLE,
    USAGE,
    ConfigOption,
    JsonOption,
    configuration_of,
    exits,
    leave,
    put_json,
    say,
    state_of,
)
from router.errors import MailboxError

if TYPE_CHECKING:
    from router.config.loading import Configuration
    from router.oauth.client import Client
    from router.oauth.endpoint import Granted
    from router.values import Mailbox


def register(app: typer.Typer) -> None:
    app.command()(login)


def login(
    mailbox: Annotated[
        str, typer.Argument(help="The mailbox by its name; may be left out when only one uses OAuth.")
    ] = "",
    config: ConfigOption = CONFIG,
    browser: Annotated[bool, typer.Option(help="Open a browser on this machine, where the provider wants one.")] = True,
    as_json: JsonOption = False,
) -> None:
    """Let a person agree that the router may open a mailbox (Google, Microsoft 365), and try it. Works over ssh."""
    with exits():
        chosen = _chosen(configuration_of(config), mailbox)
        state_of()  # where the token is kept must not lie in a git work tree that would take it in
        kept = agree(chosen, browser=browser)
        server = tried(chosen)
        if as_json:
            account = chosen.login.oauth.account if chosen.login.oauth else ""
            place = str(kept) if kept else None
            put_json({"mailbox": chosen.name, "account": account, "kept": place, "server": server})


def _chosen(configuration: Configuration, name: str) -> Mailbox:
    candidates = [m for m in configuration.mailboxes if m.login.oauth]
    if name:
        found = configuration.mailbox(name)
        if found is None:
            leave(USAGE, f"inbox-router: there is no mailbox {name!r}; there are {_names(configuration.mailboxes)}")
        if found.login.oauth is None:
            leave(USAGE, f"inbox-router: {name} logs in with a password; for OAuth write login: {{oauth: …}}")
        return found
    if len(candidates) != 1:
        which = f"name one of {_names(candidates)}" if candidates else "no mailbox has login: {oauth: …}"
        leave(USAGE, f"inbox-router: {which}")
    return candidates[0]


def _names(mailboxes: object) -> str:
    return ", ".join(m.name for m in mailboxes)  # type: ignore[attr-defined]


# ------------------------------------------------------------------ agreeing


def agree(mailbox: Mailbox, *, browser: bool) -> Path | None:
    """Have the login's account agree where a person must; returns where that is kept. Raises MailboxError."""
    from router.connect import tokens
    from router.oauth.client import Grant
    from router.oauth.tokens import client_of
    from router.values import Issuer

    oauth = mailbox.login.oauth
    assert oauth is not None  # noqa: S101  # chosen for it
    client = client_of(oauth)
    if client.grant is not Grant.PERSON:
        who = "the program itself" if client.grant is Grant.APPLICATION else "the service account"
        say(f"No person has to agree: an administrator let {who} in. Trying it …")
        return None
    if oauth.issuer is Issuer.MICROSOFT:
        granted = _by_code(client, oauth.account)
    else:
        granted = _by_browser(client, oauth.account, browser=browser)
    path = tokens().keep(mailbox.login, granted)
    show.finding(show.err(), "ok", f"the consent is kept in {path}")
    return path


def _by_code(client: Client, account: str) -> Granted:
    from router.oauth import microsoft

    def told(address: str, code: str) -> None:
        say(f"Open {address} in any browser, on any machine, and enter the code {show.one_line(code)}")
        say(f"Sign in there as {account}. Waiting; Ctrl-C ends it.")

    granted = microsoft.agreed(client, told)
    if granted.account and granted.account.lower() != account.lower():
        text = f"{show.one_line(granted.account)} has agreed, the configuration says {account}"
        show.finding(show.err(), "warn", text, "Fine when it is the same person under another name; else login again.")
    return granted


def _by_browser(client: Client, account: str, *, browser: bool) -> Granted:
    from router.oauth.google import Consent
    from router.oauth.loopback import Return

    with Return() as place:
        consent = Consent(client, place.address, account)
        say(f"Open this in a browser and sign in as {account}:\n\n  {consent.url}\n")
        say("If the browser runs on another machine, it ends at a page that cannot be opened: copy the address of that")
        say("page (http://127.0.0.1…) and paste it here. Waiting; Ctrl-C ends it.")
        if browser:
            _open(consent.url)
        return consent.granted(place.wait(consent.state, sys.stdin if sys.stdin.isatty() else None))


def _open(url: str) -> None:
    """A browser where there is a screen; a text browser would take over the terminal."""
    import os
    import webbrowser

    if os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY") or sys.platform == "darwin":
        webbrowser.open(url)


# ------------------------------------------------------------------ trying


def tried(mailbox: Mailbox) -> str:
    """Log in, looking only; returns the server. Ends with 75 and what may be amiss when that fails."""
    from router.cli.advice import for_error
    from router.cli.reach import located
    from router.connect import open_session

    try:
        found, imap = located(mailbox)
        with open_session(found, read_only=True):
            show.finding(show.err(), "ok", f"logged in as {mailbox.login.user} at {imap.host}:{imap.port}")
    except MailboxError as error:
        show.finding(show.err(), "fail", str(error), for_error(error, mailbox))
        leave(UNREACHABLE)
    return f"{imap.host}:{imap.port}"
