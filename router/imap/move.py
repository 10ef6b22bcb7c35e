"""Moving mail, and knowing what moved. Nothing here ever sends a plain EXPUNGE: that deletes other people's mail."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from router.errors import CommandRefused
from router.imap import responses
from router.imap.fetch import checked, new_messages, select, uids
from router.imap.session import Session
from router.values import FetchedMessage


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """What the server said it did."""

    uidvalidity: int | None = None  # of the destination
    uids: Mapping[int, int] = field(default_factory=lambda: MappingProxyType({}))  # source → destination, by COPYUID
    missing: tuple[int, ...] = ()  # no COPYUID: gone before us, or the server does not say. Look.
    marked: tuple[int, ...] = ()  # copied, but still in the source flagged \Deleted: the server cannot expunge by UID


def move(session: Session, folder: str, uids: Sequence[int], destination: str, *, chunk: int = 50) -> Moved:
    """Move messages, `chunk` of them a command, by MOVE or by COPY, \\Deleted and UID EXPUNGE of exactly those copied.

    Raises FolderMissing when the destination does not exist (it is never created here), OverQuota, Unreachable.
    A raised error says nothing about what moved before it: look.
    """
    session.refuse_if_read_only()
    listed = checked(uids)
    select(session, folder, readonly=False)
    spelled = session.spell(destination)
    one = _by_move if "MOVE" in session.capabilities else _by_copy
    parts = [one(session, listed[start : start + chunk], spelled) for start in range(0, len(listed), chunk)]
    return Moved(
        uidvalidity=next((part.uidvalidity for part in parts if part.uidvalidity is not None), None),
        uids=MappingProxyType({source: target for part in parts for source, target in part.uids.items()}),
        missing=tuple(uid for part in parts for uid in part.missing),
        marked=tuple(uid for part in parts for uid in part.marked),
    )


def remove_copied(session: Session, folder: str, uids: Sequence[int]) -> bool:
    """Take out of a folder what was copied out of it and seen in the other place; False when it cannot be done.

    Only UID EXPUNGE of exactly these. Without UIDPLUS they stay, marked as \\Deleted like everything that `move` copies
    there, so that nobody else's \\Deleted mail goes with them.
    """
    session.refuse_if_read_only()
    listed = checked(uids)
    if not listed:
        return False
    select(session, folder, readonly=False)
    _mark(session, listed)
    if "UIDPLUS" not in session.capabilities:
        return False
    session.call("uid_expunge", responses.ranges(listed), writes=True)
    return True


def find(session: Session, mailbox_name: str, folder: str, since_uid: int) -> list[FetchedMessage]:
    """What lies in a folder from `since_uid` on: what recovery compares fingerprints with."""
    return new_messages(session, mailbox_name, folder, uids(session, folder, since_uid))


def _by_move(session: Session, chunk: Sequence[int], destination: str) -> Moved:
    session.call("move", responses.ranges(chunk), destination, writes=True)
    uidvalidity, pairs = responses.copied(session.take("COPYUID"))
    return _known(chunk, uidvalidity, pairs)


def _by_copy(session: Session, chunk: Sequence[int], destination: str) -> Moved:
    session.call("copy", responses.ranges(chunk), destination, writes=True)
    uidvalidity, pairs = responses.copied(session.take("COPYUID"))
    moved = _known(chunk, uidvalidity, pairs)
    if "UIDPLUS" not in session.capabilities:
        # COPY is all or nothing (RFC 3501 §6.4.7): those that exist were copied; a mark on one that is gone is nothing.
        _mark(session, chunk)
        return Moved(uidvalidity=moved.uidvalidity, uids=moved.uids, missing=moved.missing, marked=tuple(chunk))
    if moved.uids:  # a UID without COPYUID may not have been copied: it is not touched
        _mark(session, moved.uids)
        session.call("uid_expunge", responses.ranges(moved.uids), writes=True)
    return moved


def _mark(session: Session, chunk: Iterable[int]) -> None:
    session.call("add_flags", responses.ranges(chunk), ["\\Deleted"], True, writes=True)


def _known(chunk: Sequence[int], uidvalidity: int | None, pairs: Mapping[int, int]) -> Moved:
    asked = set(chunk)
    if not asked.issuperset(pairs):
        raise CommandRefused("the server reports moves of messages that nobody asked for")
    return Moved(uidvalidity=uidvalidity, uids=pairs, missing=tuple(uid for uid in chunk if uid not in pairs))
