"""Which folders there are, what they hold, which are special, and how ours come to be."""

from __future__ import annotations

import random
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace

from router.errors import CommandRefused, FolderMissing
from router.imap import responses
from router.imap.session import Session, quote
from router.imap.special_names import holds_no_mail, use_of

USES = ("drafts", "sent", "junk", "trash", "archive", "all", "flagged", "important")
VIEWS = ("all", "flagged", "important")  # they show mail that lies in other folders (RFC 6154 §2, RFC 8457)
IN_TURN = 20  # folders beside the ones that matter, which are asked for their numbers in one survey
_UNSELECTABLE = {"\\noselect", "\\nonexistent"}


@dataclass(frozen=True, slots=True, kw_only=True)
class FolderStatus:
    """One folder. Numbers are 0 where they were not asked for or the folder cannot be opened."""

    name: str
    uidvalidity: int = 0
    uidnext: int = 0
    messages: int = 0
    highestmodseq: int | None = None
    use: str = ""  # one of USES · inbox · ''
    selectable: bool = True


def survey(
    session: Session,
    want: Collection[str] = (),
    *,
    also: Callable[[str], bool] = lambda _: False,
    turn: float | None = None,
) -> dict[str, FolderStatus]:
    """Every folder of the mailbox by our name, in one command where the server offers LIST-STATUS (RFC 5819).

    Elsewhere all folders are listed; INBOX, the special ones, those in `want` and those for which `also` holds are
    asked for their numbers, and with `turn` a few of the others, drawn anew for each.
    """
    if "LIST-STATUS" in session.capabilities:
        return _survey_at_once(session)
    folders = listing(session)
    for name in sorted(_asked(folders, want, also, turn)):
        folders[name] = _with_numbers(session, folders[name])
    return folders


def _asked(
    folders: Mapping[str, FolderStatus], want: Collection[str], also: Callable[[str], bool], turn: float | None
) -> set[str]:
    there = {name for name, status in folders.items() if status.selectable}
    always = {name for name in there if name in want or folders[name].use not in ("", *VIEWS) or also(name)}
    if turn is None:
        return always
    others = sorted(name for name in there - always if folders[name].use not in VIEWS and not holds_no_mail(name))
    draw = random.Random(turn)  # noqa: S311  # spreading load, not keeping secrets
    return always | set(draw.sample(others, min(IN_TURN, len(others))))


def listing(session: Session) -> dict[str, FolderStatus]:
    """Every folder by our name, without numbers."""
    return _listed(session, session.run("LIST", '""', '"*"', *_returning(session, ()), answer="LIST"))


def subscribed(session: Session) -> frozenset[str]:
    """The folders that mail clients show (RFC 3501 §6.3.9)."""
    found = responses.parse(session.run("LSUB", '""', '"*"', answer="LSUB"))
    names = (session.unspell(r[2]) for r in found if len(r) > 2 and isinstance(r[2], bytes))
    return frozenset(name for name in names if name)


def specials(statuses: Mapping[str, FolderStatus]) -> dict[str, str]:
    """Use → folder name. Of several folders for one use the one nearest to the top wins."""
    found: dict[str, str] = {}
    for name in sorted(statuses, key=lambda name: (name.count("/"), name)):
        if statuses[name].use and statuses[name].selectable:
            found.setdefault(statuses[name].use, name)
    return found


def ensure(session: Session, names: Iterable[str]) -> tuple[str, ...]:
    """Make every named folder exist and be subscribed; returns those created. Doing it twice changes nothing.

    Raises CommandRefused when the server does not take a name (its separator inside, a character it forbids).
    """
    there = {name for name, status in listing(session).items() if status.selectable}
    created: list[str] = []
    for name in dict.fromkeys(names):
        if name not in there and name.upper() != "INBOX":
            created += _create(session, name, there)
        session.call("subscribe_folder", session.spell(name), writes=True)
    return tuple(created)


def _survey_at_once(session: Session) -> dict[str, FolderStatus]:
    items = ["UIDVALIDITY", "UIDNEXT", "MESSAGES"] + ["HIGHESTMODSEQ"] * ("CONDSTORE" in session.capabilities)
    status = f"STATUS ({' '.join(items)})"
    folders = _listed(session, session.run("LIST", '""', '"*"', *_returning(session, (status,)), answer="LIST"))
    for response in responses.parse(session.take("STATUS")):
        name = session.unspell(response[0]) if len(response) == 2 and isinstance(response[0], bytes) else None
        if name in folders:
            folders[name] = _numbered(folders[name], response[1])
    return folders


def _returning(session: Session, options: tuple[str, ...]) -> tuple[str, ...]:
    """`RETURN (…)` with SPECIAL-USE where offered: without asking, some servers do not say it (RFC 6154 §2)."""
    extended = "LIST-EXTENDED" in session.capabilities or "LIST-STATUS" in session.capabilities
    if extended and "SPECIAL-USE" in session.capabilities:
        options = ("SPECIAL-USE", *options)
    return ("RETURN", f"({' '.join(options)})") if options else ()


def _listed(session: Session, data: Iterable[responses.Piece]) -> dict[str, FolderStatus]:
    folders: dict[str, FolderStatus] = {}
    for response in responses.parse(data):
        if len(response) < 3 or not isinstance(response[2], bytes):
            continue
        name = session.unspell(response[2])
        if name is None:
            continue
        marks = {mark.lower() for mark in responses.words(response[0])}
        use = "inbox" if name == "INBOX" else next((use for use in USES if f"\\{use}" in marks), "")
        selectable = not marks & _UNSELECTABLE and response[2].isascii()
        folders[name] = FolderStatus(name=name, use=use, selectable=selectable)
    return _named_by_habit(folders)


def _named_by_habit(folders: dict[str, FolderStatus]) -> dict[str, FolderStatus]:
    """The same folders; a use that the server gives to none goes to the topmost folder with a well-known name."""
    taken = {status.use for status in folders.values()}
    for name in sorted(folders, key=lambda name: (name.count("/"), name)):
        use = use_of(name)
        if use and use not in taken and folders[name].selectable and not folders[name].use:
            folders[name] = replace(folders[name], use=use)
            taken.add(use)
    return folders


def _with_numbers(session: Session, status: FolderStatus) -> FolderStatus:
    items = ["UIDVALIDITY", "UIDNEXT", "MESSAGES"] + ["HIGHESTMODSEQ"] * ("CONDSTORE" in session.capabilities)
    try:
        data = session.run("STATUS", quote(session.spell(status.name)), f"({' '.join(items)})", answer="STATUS")
    except FolderMissing:
        return replace(status, selectable=False)  # renamed or deleted since the LIST
    for response in responses.parse(data):
        if len(response) == 2:
            return _numbered(status, response[1])
    return status


def _numbered(status: FolderStatus, item: responses.Item) -> FolderStatus:
    found = {name: responses.number(value) for name, value in responses.pairs(item).items()}
    return replace(
        status,
        uidvalidity=found.get(b"UIDVALIDITY", 0),
        uidnext=found.get(b"UIDNEXT", 0),
        messages=found.get(b"MESSAGES", 0),
        highestmodseq=found.get(b"HIGHESTMODSEQ") or None,  # 0 says that the folder keeps none (RFC 7162 §3.1.2.2)
    )


def _create(session: Session, name: str, there: set[str]) -> list[str]:
    """Create one folder, its parents only where the server does not make them by itself; returns what was created."""
    created: list[str] = []
    parts = name.split("/")
    parents = ["/".join(parts[:depth]) for depth in range(1, len(parts))]
    try:
        _create_one(session, name)
    except CommandRefused:
        missing = [parent for parent in parents if parent not in there]
        if not missing:
            raise
        for parent in missing:
            _create_one(session, parent)
            there.add(parent)
            created.append(parent)
        _create_one(session, name)
    there.add(name)
    return [*created, name]


def _create_one(session: Session, name: str) -> None:
    try:
        session.call("create_folder", session.spell(name), writes=True)
    except CommandRefused as error:
        if responses.code(str(error)) != "ALREADYEXISTS":
            raise
