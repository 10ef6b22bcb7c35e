"""`init`: asks a few questions, tries the mailbox out, and writes the starter configuration in mode `watch`."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from router.cli import show
from router.cli.base import CONFIG, FAILED, UNREACHABLE, USAGE, ConfigOption, JsonOption, exits, leave, put_json, say
from router.errors import MailboxError

if TYPE_CHECKING:
    from router.cli.reach import Place
    from router.values import Login, Mailbox, Secret

NAME = "support"
PASSWORD = "SUPPORT_PASSWORD"  # noqa: S105 - the name of the variable that the starter proposes
TEMPLATE = """\
# Inbox Router. `inbox-router check` explains every mistake; `check --expand` spells out what is left out here.
version: 1
mailboxes:
  {name}:
    address: {address}
    login: {login}
{servers}    mode: watch               # only looks; next `suggest` (drafts, reminders), then `file` (moves too)
{people}hours: {{time_zone: {time_zone}, open: {{mon-fri: 09:00-18:00}}}}
reply_within: 6h              # every person's mail, in open hours: team told at 75 %, lead at 100 %
categories:                   # known names bring their words, examples and replies in five languages
  refund: Support/Refunds
  cancel: Support/Cancellations
  faq: Support/FAQ
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """What was asked."""

    address: str
    login: Login
    place: Place | None  # None when it was not looked for, or not found
    team: tuple[str, ...]
    lead: str
    time_zone: str


def register(app: typer.Typer) -> None:
    app.command()(init)


def init(
    address: Annotated[str, typer.Option(help="The support mailbox.")] = "",
    password_env: Annotated[str, typer.Option(help="The environment variable that holds its (app) password.")] = "",
    password_file: Annotated[Path | None, typer.Option(help="The file that holds its (app) password.")] = None,
    user: Annotated[str, typer.Option(help="The login name, when it is not the address.")] = "",
    oauth: Annotated[str, typer.Option(help="google or microsoft: access tokens instead of a password.")] = "",
    client: Annotated[Path | None, typer.Option(help="With --oauth: the registered program's JSON file.")] = None,
    account: Annotated[str, typer.Option("--as", help="Microsoft 365: who opens this shared mailbox.")] = "",
    imap: Annotated[str, typer.Option(help="HOST:PORT of the server, when it cannot be found.")] = "",
    team: Annotated[list[str] | None, typer.Option(help="Who is reminded; may be repeated.")] = None,
    lead: Annotated[str, typer.Option(help="Who is told when the time is up.")] = "",
    time_zone: Annotated[str, typer.Option(help="Of the opening hours, like Europe/Kyiv.")] = "",
    config: ConfigOption = CONFIG,
    skip_test: Annotated[bool, typer.Option(help="Do not log in to try the mailbox out.")] = False,
    force: Annotated[bool, typer.Option(help="Replace a file of yours; the old one is kept beside it.")] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Ask nothing: take the options and defaults.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Write a workflows.yaml for a mailbox, after trying it out. It begins in mode `watch`, which changes nothing."""
    with exits():
        _refuse_to_overwrite(config, force=force)
        ask = _Asker(silent=yes or not sys.stdin.isatty())
        address = address or ask("The support mailbox", "--address")
        place = _place(address, imap, ask, search=not skip_test and not oauth)
        oauth = oauth or _needed(place, password_env, password_file)
        if oauth:
            login = _by_oauth(ask, oauth, client, account, user or address)
        else:
            secret = _secret(ask, password_env, password_file)
            login = _by_password(user or (place.user if place else "") or address, secret)
        reminded, told = _people(ask, address, _listed(team or []), lead)
        answers = Answers(
            address=address,
            login=login,
            place=place,
            team=reminded,
            lead=told,
            time_zone=time_zone or ask("Time zone of the opening hours", "--time-zone", local_time_zone()),
        )
        tested = {} if skip_test else _try_out(answers, ask)
        text = _written(answers)
        kept = _write(config, text)
        if as_json:
            put_json({"written": str(config), "kept": str(kept) if kept else None, "tested": tested})
        else:
            _print_next(config, kept, agreed=login.oauth is None or bool(tested.get("login")))


# ------------------------------------------------------------------ asking


@dataclass(frozen=True, slots=True)
class _Asker:
    """Asks on the terminal; where nobody can answer, takes the default or says which option is missing."""

    silent: bool

    def __call__(self, question: str, option: str, default: str = "") -> str:
        if not self.silent:
            return str(typer.prompt(question, default=default or None, err=True)).strip()
        if not default:
            leave(USAGE, f"inbox-router: {option} is missing")
        return default

    def whether_to_go_on(self, error: MailboxError) -> None:
        """Say what went wrong. A person decides whether to write the file all the same; without one it ends here."""
        show.finding(show.err(), "fail", str(error))
        if self.silent or not typer.confirm("Write the file all the same?", err=True):
            leave(UNREACHABLE, "Nothing was written. Mend that and try again, or use --skip-test.")


def _place(address: str, imap: str, ask: _Asker, *, search: bool) -> Place | None:
    """Where the mailbox is: as the options say, else searched for; None when nobody knows."""
    from router.cli import reach

    if imap:
        place = reach.named(imap)
    elif not search:
        return None
    else:
        try:
            place = reach.find_servers(address, ask=not ask.silent)
        except MailboxError as error:
            ask.whether_to_go_on(error)
            return None
    if not place.takes_passwords and not place.oauth:
        reach.refuse_passwords(place, "")
    return place


def _needed(place: Place | None, password_env: str, password_file: Path | None) -> str:
    """Whose OAuth 2 the provider insists on; '' where a password works, or somebody has named one."""
    if place is None or place.takes_passwords or password_env or password_file:
        return ""
    return place.oauth


def _by_oauth(ask: _Asker, oauth: str, client: Path | None, account: str, user: str) -> Login:
    """A login by access tokens; the registered program is read now, so that a wrong file is said here."""
    from router.oauth.tokens import client_of
    from router.values import Issuer, Login, OAuth, Secret

    if oauth not in [*Issuer]:
        leave(USAGE, f"inbox-router: --oauth is google or microsoft, not {oauth!r}")
    if account and oauth != Issuer.MICROSOFT:
        leave(USAGE, "inbox-router: --as is for shared mailboxes of Microsoft 365")
    file = client or Path(ask(f"JSON file of the program registered with {oauth.title()} (see the how-to)", "--client"))
    secret = Secret(file=file.parent.resolve() / file.name)
    found = OAuth(issuer=Issuer(oauth), client=secret, account=account or user)
    client_of(found)
    return Login(user=user, oauth=found)


def _by_password(user: str, secret: Secret) -> Login:
    from router.values import Login

    return Login(user=user, password=secret)


def _secret(ask: _Asker, password_env: str, password_file: Path | None) -> Secret:
    from router.values import Secret

    if password_file:
        return Secret(file=password_file.parent.resolve() / password_file.name)
    return Secret(env=password_env or ask("Environment variable with its app password", "--password-env", PASSWORD))


def _people(ask: _Asker, address: str, team: tuple[str, ...], lead: str) -> tuple[tuple[str, ...], str]:
    """Who is reminded, and who is told when the time is up."""
    if not ask.silent:
        question = "Who is reminded (addresses, separated by commas)"
        team = team or _listed([ask(question, "--team", address)])
        lead = lead or ask("Who is told when the time is up", "--lead", team[0])
    return team, lead or next(iter(team), "")


def _listed(written: list[str]) -> tuple[str, ...]:
    """Addresses, however they were separated."""
    return tuple(address for part in written for address in part.replace(",", " ").split())


def local_time_zone() -> str:
    """This machine's zone by its IANA name; UTC when it cannot be told."""
    named = os.environ.get("TZ", "").lstrip(":")
    if "/" in named:
        return named
    _, found, name = os.path.realpath("/etc/localtime").partition("/zoneinfo/")
    return name.removeprefix("posix/") if found else "UTC"


# ------------------------------------------------------------------ trying it out


def _try_out(answers: Answers, ask: _Asker) -> dict[str, bool]:
    """Log in, look for Drafts and MOVE. Without success a person decides whether to go on."""
    from router.cli import reach
    from router.imap import folders

    console, mailbox = show.err(), _mailbox(answers)
    if mailbox.imap is None:
        return {"login": False}
    try:
        mailbox = _with_proof(mailbox, ask)
        hint = answers.place.hint if answers.place else ""
        session, _ = reach.log_in(mailbox, hint, ask=not ask.silent and mailbox.login.oauth is None)
        with session:
            show.finding(console, "ok", f"logged in at {session.server.host}:{session.server.port}")
            drafts = folders.specials(folders.listing(session)).get("drafts")
            found = {"login": True, "drafts": drafts is not None, "move": "MOVE" in session.capabilities}
    except MailboxError as error:
        ask.whether_to_go_on(error)
        return {"login": False}
    show.finding(console, "ok" if drafts else "warn", f"drafts go to {drafts or 'Drafts, which will be created'}")
    text = "mails are moved with MOVE" if found["move"] else "no MOVE here: mails are copied, then taken away by UID"
    show.finding(console, "ok" if found["move"] else "warn", text)
    return found


def _mailbox(answers: Answers) -> Mailbox:
    from router.connect import with_known_servers
    from router.values import Mailbox

    place = answers.place
    mailbox = Mailbox(name=NAME, address=answers.address, login=answers.login, imap=place.imap if place else None)
    return with_known_servers(mailbox)


def _with_proof(mailbox: Mailbox, ask: _Asker) -> Mailbox:
    """A person agrees now where OAuth wants one; a variable that is not set yet is asked for, for this test only."""
    from router.cli import login, reach

    if ask.silent:
        return mailbox
    if mailbox.login.oauth is not None:
        login.agree(mailbox, browser=True)
        return mailbox
    secret = reach.password_for(mailbox.login.user, file=None, configured=mailbox.login.password)
    return replace(mailbox, login=replace(mailbox.login, password=secret))


# ------------------------------------------------------------------ writing


def _refuse_to_overwrite(config: Path, *, force: bool) -> None:
    from router.config.starter import is_untouched_starter

    if config.exists() and not force and not is_untouched_starter(config):
        leave(
            FAILED, f"inbox-router: {config} is there already and is left as it is; --force replaces it, keeping a copy"
        )


def _written(answers: Answers) -> str:
    """The file's text. Values are written as JSON strings, which YAML reads as they are."""
    people = ""
    if answers.team:
        lead = f", lead: {_yaml(answers.lead)}" if answers.lead else ""
        people = f"people: {{team: [{', '.join(map(_yaml, answers.team))}]{lead}}}\n"
    return TEMPLATE.format(
        name=NAME,
        address=_yaml(answers.address),
        login=f"{{{', '.join(_login_parts(answers))}}}",
        servers=_servers(answers.place),
        people=people,
        time_zone=_yaml(answers.time_zone),
    )


def _login_parts(answers: Answers) -> list[str]:
    login = answers.login
    parts = [f"user: {_yaml(login.user)}"] if login.user != answers.address else []
    if login.oauth is None:
        return [*parts, f"password: {_source(login.password)}"]
    shared = [f"as: {_yaml(login.oauth.account)}"] if login.oauth.account != login.user else []
    return [*parts, f"oauth: {login.oauth.issuer}", *shared, f"client: {_source(login.oauth.client)}"]


def _source(secret: Secret) -> str:
    return f"{{env: {_yaml(secret.env)}}}" if secret.env else f"{{file: {_yaml(str(secret.file))}}}"


def _servers(place: Place | None) -> str:
    """The servers' lines when a person has named them or vouched for them; others are found anew."""
    if place is None or not place.written:
        return ""
    named = {"imap": place.imap, "smtp": place.smtp}
    return "".join(
        f"    {what}: {{host: {_yaml(server.host)}, port: {server.port}, tls: {server.tls}}}\n"
        for what, server in named.items()
        if server is not None
    )


def _yaml(text: str) -> str:
    """A plain word as it is, anything else quoted."""
    import json
    import re

    return text if re.fullmatch(r"[A-Za-z][A-Za-z0-9_./+-]*(@[A-Za-z0-9.-]+)?", text) else json.dumps(text)


def _write(config: Path, text: str) -> Path | None:
    """Write the file whole, after checking it; returns where the old one was kept."""
    from router.cli.setup import everything_about
    from router.config.starter import is_untouched_starter

    fresh = config.with_name(f".{config.name}.new")
    fresh.write_text(text, encoding="utf-8")
    configuration, problems = everything_about(fresh)
    if configuration is None:
        fresh.unlink()
        for problem in problems:
            say(replace(problem, file=str(config)).render())
        leave(USAGE, "inbox-router: nothing was written: the answers above make no valid file")
    kept = None
    if config.exists() and not is_untouched_starter(config):
        kept = _free_name(config)
        config.rename(kept)
    fresh.replace(config)
    _ignore_state()
    return kept


def _free_name(config: Path) -> Path:
    """A name beside the file that is not taken: workflows.yaml.old, .old2, …"""
    number = 1
    while (name := config.with_name(f"{config.name}.old{number if number > 1 else ''}")).exists():
        number += 1
    return name


def _ignore_state() -> None:
    """The state directory holds customers' mail: a rule inside it keeps it out of git."""
    from router.config.settings import ignore_state_directory, settings

    ignore_state_directory(settings().state)


def _print_next(config: Path, kept: Path | None, *, agreed: bool) -> None:
    console = show.out()
    console.print(f"Wrote {config}." + (f" The old one is {kept}." if kept else ""))
    if not agreed:
        console.print("First: inbox-router login, where a person agrees that the router may open the mailbox.")
    console.print(
        "Next: inbox-router check, then inbox-router run. In mode `watch` it only looks: read what it would do"
    )
    console.print("with inbox-router status and explain, then set mode: suggest, and mode: file when you trust it.")
