"""`doctor` on folders: which are special, which we may write, which clients show, whether tags are kept."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from router.cli import show
from router.cli.doctor.findings import Finding, fail, ok, warn
from router.errors import CommandRefused, FolderMissing

if TYPE_CHECKING:
    from router.imap.folders import FolderStatus
    from router.imap.session import Session

SKEW = timedelta(minutes=5)
PLACE, TAKE_OUT = frozenset("i"), frozenset("te")  # RFC 4314: insert; delete and expunge
_ASK = "Ask whoever runs the server to give this login all rights in the folder."


def special(where: str, found: Mapping[str, str]) -> Iterator[Finding]:
    """The folders that have a use."""
    for use in ("drafts", "sent", "trash"):
        name = found.get(use)
        if name:
            yield ok(where, f"{use}: {name}")
        elif use == "sent":
            fix = "Answers stop no clock: let your mail clients keep what they send in a folder of this mailbox."
            yield fail(where, "no folder for sent mail", fix)
        else:
            yield warn(where, f"no folder for {use}", "It is made at the first pass.")


def configured(
    session: Session, where: str, wanted: Sequence[str], found: Mapping[str, str], statuses: Mapping[str, FolderStatus]
) -> Iterator[Finding]:
    """The folders that the rules name, and whether mail clients show them and the special ones."""
    from router.imap import folders

    missing = [name for name in wanted if name not in statuses]
    subscribed = folders.subscribed(session)
    hidden = [name for name in wanted if name in statuses and name not in subscribed]
    unseen = [found[use] for use in ("drafts", "sent", "trash") if use in found and found[use] not in subscribed]
    if missing:
        fix = "The first pass in mode `file` makes them. Later: did somebody rename one? Rename it back."
        yield warn(where, f"missing folders: {', '.join(missing)}", fix)
    if hidden:
        yield warn(where, f"not subscribed: {', '.join(hidden)}", "Mail clients hide them: subscribe to them in one.")
    if not missing and not hidden:
        yield ok(where, f"all {len(wanted)} configured folders are there and subscribed")
    if unseen:
        fix = "Subscribe to them in one client: some hide what is not, and people must find their drafts."
        yield warn(where, f"special folders not subscribed: {', '.join(unseen)}", fix)


def writable(
    session: Session, where: str, wanted: Sequence[str], found: Mapping[str, str], statuses: Mapping[str, FolderStatus]
) -> Iterator[Finding]:
    """Whether drafts can be placed and withdrawn and mail can be filed, without placing anything: as far as can be
    seen by the rights that the server tells and by opening Drafts for writing."""
    from router.imap import fetch

    drafts = found.get("drafts")
    if drafts:
        try:
            fetch.select(session, drafts, readonly=False)
        except CommandRefused:
            yield fail(where, f"{drafts} is read-only: no draft can be placed", _ASK)
        else:
            yield _draft_rights(session, where, drafts)
    need = {"INBOX": TAKE_OUT} | {name: PLACE for name in (*wanted, found.get("trash", "")) if name in statuses}
    for name, rights in need.items():
        if _lacking(session, name, rights):
            what = "mail cannot be taken out of" if name == "INBOX" else "nothing can be filed into"
            yield fail(where, f"{what} {name}: this login lacks the right to", _ASK)


def _draft_rights(session: Session, where: str, drafts: str) -> Finding:
    from router.imap.rights import my_rights

    rights = my_rights(session, drafts)
    if rights is None:
        return ok(where, f"{drafts} opens for writing (doctor --clients places a draft and sees it sent)")
    if not rights >= PLACE:
        return fail(where, f"this login may not place drafts in {drafts}", _ASK)
    if not rights >= TAKE_OUT:
        text = f"drafts can be placed in {drafts} and not withdrawn when nobody needs them any more"
        return warn(where, text, _ASK)
    return ok(where, f"drafts can be placed in {drafts} and withdrawn")


def _lacking(session: Session, folder: str, needed: frozenset[str]) -> bool:
    from router.imap.rights import my_rights

    try:
        rights = my_rights(session, folder)
    except FolderMissing:
        return False
    return rights is not None and not rights >= needed


def tags(session: Session, where: str) -> Iterator[Finding]:
    """Whether keywords of ours are kept; EXAMINE does not tell."""
    from router.imap import fetch

    if "\\*" in fetch.select(session, "INBOX", readonly=False).permanent_flags:
        yield ok(where, "tags (IMAP keywords) are kept")
        return
    fix = "tag:, unsure marks and `drafts: {mark: $label1}` do nothing here; use mark: flagged"
    yield warn(where, "this server keeps no tags of ours", fix)


def clock(session: Session, where: str, now: datetime) -> Iterator[Finding]:
    """IMAP tells no time; the newest mail's arrival tells whether this machine's clock runs behind the server's."""
    from router.imap import fetch

    newest = fetch.uids(session, "INBOX")[-1:]
    arrived = [m.internaldate for m in fetch.new_messages(session, where, "INBOX", newest, bare=True)] if newest else []
    ahead = max(arrived, default=datetime.min.replace(tzinfo=UTC)) - now
    if ahead > SKEW:
        text = f"the newest mail arrived {show.span(ahead)} in the future"
        yield warn(where, text, "Set this machine's clock (NTP).")
    else:
        yield ok(where, "the clock does not run behind the server's")
