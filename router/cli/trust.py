"""What `doctor` says about whose Authentication-Results are believed: the line to write, or what is amiss."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING

from router.cli import show
from router.errors import FolderMissing

if TYPE_CHECKING:
    from router.imap.session import Session
    from router.mail.authserv import Fields, Seen, Survey
    from router.values import Mailbox

LOOKED_AT = 50  # mails
_NAMES = ("Authentication-Results", "Received")
_MOSTLY = 0.9  # of the mails: less is worth a word
WITHOUT = "Without it every sender stays unverified: a sender list files their mail with the tag unverified-sender."
_NO_CHECKS = "Let the server that receives your mail check DMARC and write the header (OpenDMARC, Rspamd)."
_REMOVE = (
    "A mail without the header could bear a forged one: see that the server writes it on all mail from outside and "
    "removes what comes under its name (RFC 8601 section 5)."
)

Said = tuple[str, str, str]  # level, text, fix


def findings(session: Session, mailbox: Mailbox, folders: Sequence[str]) -> Iterator[Said]:
    """What the last mails in INBOX say, and when they are few those in `folders`; only headers are read."""
    from router.mail.authserv import bearing, survey

    mails = list(islice(_fields(session, ("INBOX", *folders)), LOOKED_AT))
    found = survey(mails)
    if mailbox.authserv_ids:
        yield _checked(mailbox.authserv_ids, bearing(mails, mailbox.authserv_ids), found)
    else:
        yield _proposed(found)


def line(ids: Sequence[str]) -> str:
    """The line for the configuration, under the mailbox."""
    written = [f'"{one}"' if one.startswith("*") else one for one in ids]
    return f"trust: {{authserv-id: {written[0] if len(written) == 1 else '[' + ', '.join(written) + ']'}}}"


def _proposed(found: Survey) -> Said:
    """Nothing is configured: whom to believe, as far as it can be seen."""
    if not found.mails:
        return "warn", "no authserv-id is configured, and no mail from outside is here to learn it from", WITHOUT
    best = found.best
    of = f"of the last {show.count(found.mails, 'mail')} from outside"
    if not found.seen:
        return "warn", f"none {of} bears Authentication-Results that our side wrote", f"{_NO_CHECKS} {WITHOUT}"
    if best is None or (found.rivals and not best.confirmed):
        return "warn", f"several servers wrote Authentication-Results: {_counted(found.seen)}", _choose(found)
    text = f"no authserv-id is configured; {best.mails} {of} bear Authentication-Results of {', '.join(best.ids)}"
    if found.rivals:
        text += f" (others: {_counted(found.rivals)})"
    if not best.dmarc:
        return "warn", f"{text}, none with a DMARC result", f"{_NO_CHECKS} {WITHOUT}"
    return "warn", text, f"Write under the mailbox:  {line(best.ids)}\n{WITHOUT}"


def _checked(ids: Sequence[str], borne: Seen, found: Survey) -> Said:
    """An id is configured: whether the mails bear it."""
    names = ", ".join(ids)
    if not found.mails:
        return "ok", f"authserv-id {names}: no mail from outside is here to check it with", ""
    of = f"of the last {show.count(found.mails, 'mail')} from outside"
    best = found.best
    if not borne.mails:
        fix = f"Write under the mailbox:  {line(best.ids)}" if best and best.dmarc else _NO_CHECKS
        others = f"; they bear {_counted(found.seen)}" if found.seen else ""
        return "warn", f"authserv-id {names}: on none {of}{others}", f"{fix}\n{WITHOUT}"
    text = f"authserv-id {names}: on {borne.mails} {of}, {borne.dmarc} with a DMARC result"
    if not borne.dmarc:
        return "warn", text, f"{_NO_CHECKS} {WITHOUT}"
    if borne.mails < _MOSTLY * found.mails:
        return "warn", text, _REMOVE
    return "ok", text, ""


def _choose(found: Survey) -> str:
    first = found.seen[0]
    return f"Name the one that receives your mail, under the mailbox, like:  {line(first.ids)}\n{WITHOUT}"


def _counted(seen: Sequence[Seen]) -> str:
    return ", ".join(f"{' and '.join(one.ids)} on {one.mails}" for one in seen[:5])


def _fields(session: Session, folders: Sequence[str]) -> Iterator[Fields]:
    """The header fields of the newest mails of each folder, newest first."""
    from router.imap import fetch

    for folder in folders:
        try:
            newest = fetch.uids(session, folder)[-LOOKED_AT:]
            found = fetch.header_fields(session, folder, newest, _NAMES) if newest else {}
        except FolderMissing:
            continue
        yield from (found[uid] for uid in sorted(found, reverse=True))
