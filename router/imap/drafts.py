"""Placing a message in a folder, and setting flags."""

from __future__ import annotations

import base64
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from router.errors import CommandRefused, UnsafeArgument
from router.imap import responses
from router.imap.fetch import PER_COMMAND, checked, select
from router.imap.session import Octets, Session

_FLAG = re.compile(r"\\?[^\s()\{%*\"\\\]\x00-\x1f\x7f-\U0010ffff]+")  # an atom (RFC 3501 §9), unquoted in the command


@dataclass(frozen=True, slots=True, kw_only=True)
class Appended:
    """Where the message lies now; None where the server does not say (no UIDPLUS): look."""

    uidvalidity: int | None
    uid: int | None


def append(session: Session, folder: str, raw: bytes, *, flags: Sequence[str], when: datetime) -> Appended:
    """Place a message with its flags and INTERNALDATE `when` (aware), all in one command.

    Raises FolderMissing, OverQuota, UnsafeArgument (a NUL in the message), CommandRefused (over the server's limit).
    """
    if when.tzinfo is None:
        raise ValueError("`when` must know its zone")
    _check_size(session, raw)
    _let_go_of(session, folder)
    answer = session.call("append", session.spell(folder), Octets(raw), _atoms(flags), when, writes=True)
    uidvalidity, uid = responses.appended(answer)
    return Appended(uidvalidity=uidvalidity, uid=uid)


def _let_go_of(session: Session, folder: str) -> None:
    """Courier refuses to append to the very folder that is open for reading only."""
    if session.selected and session.selected.folder == folder and session.selected.readonly:
        session.refuse_if_read_only()
        select(session, folder, readonly=False)


def draft_info(session: Session, folder: str, uid: int) -> bytes:
    """The header line by which Roundcube marks a message `\\Answered` when the draft that answers it is sent."""
    spelled = base64.b64encode(session.spell(folder).encode("ascii")).decode("ascii")
    return f"X-Draft-Info: type=reply; uid={int(uid)}; folder=B::{spelled}\r\n".encode("ascii")


def store(
    session: Session, folder: str, uids: Sequence[int], *, add: Sequence[str] = (), remove: Sequence[str] = ()
) -> tuple[str, ...]:
    """Add and remove flags; returns those that this server would not keep, which were not sent."""
    session.refuse_if_read_only()
    listed, adding, removing = checked(uids), _atoms(add), _atoms(remove)
    kept = {flag.lower() for flag in select(session, folder, readonly=False).permanent_flags}
    skipped = [] if "\\*" in kept else [flag for flag in (*adding, *removing) if flag.lower() not in kept]
    for method, wanted in (("add_flags", adding), ("remove_flags", removing)):
        sent = [flag for flag in wanted if flag not in skipped]
        for start in range(0, len(listed) if sent else 0, PER_COMMAND):
            chunk = responses.ranges(listed[start : start + PER_COMMAND])
            session.call(method, chunk, sent, True, writes=True)
    return tuple(skipped)


def _atoms(flags: Sequence[str]) -> list[str]:
    for flag in flags:
        if not _FLAG.fullmatch(flag):
            raise UnsafeArgument(f"{flag[:80]!r} is no flag")
    return list(flags)


def _check_size(session: Session, raw: bytes) -> None:
    for capability in session.capabilities:
        name, _, limit = capability.partition("=")
        if name == "APPENDLIMIT" and limit.isdigit() and len(raw) > int(limit):  # RFC 7889
            raise CommandRefused(f"the message has {len(raw)} bytes, the server takes {limit}")
