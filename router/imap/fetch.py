"""Opening a folder and reading from it. Nothing here marks a message as read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from router.errors import CommandRefused, FolderChanged, FolderMissing, UnsafeArgument
from router.imap import responses
from router.imap.session import Selected, Session
from router.values import FetchedMessage, MessageRef

FIRST_BYTES = 65536
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
PER_COMMAND = 500  # UIDs; servers cut lines of a few thousand octets
_WHOLE = f"(UID RFC822.SIZE INTERNALDATE FLAGS BODY.PEEK[]<0.{FIRST_BYTES}>)"
_BARE = "(UID RFC822.SIZE INTERNALDATE FLAGS)"
_HEADER_NAME_CHARACTERS = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")


def select(session: Session, folder: str, *, readonly: bool, uidvalidity: int | None = None) -> Selected:
    """Open a folder, or go on with it when it is open in a state that suffices; the numbers are those of its opening.

    Raises FolderMissing, and FolderChanged when `uidvalidity` is given and differs.
    """
    readonly = readonly or session.read_only
    now = session.selected
    if now is None or now.folder != folder or (now.readonly and not readonly):
        now = _open(session, folder, readonly)
    if uidvalidity is not None and now.uidvalidity != uidvalidity:
        raise FolderChanged(f"{folder}: UIDVALIDITY is {now.uidvalidity}, not {uidvalidity}")
    return now


def uids(session: Session, folder: str, since_uid: int = 1, *, since: date | None = None) -> list[int]:
    """The UIDs ≥ `since_uid` in the folder, rising; with `since`, only those that arrived on that day or later."""
    select(session, folder, readonly=True)
    session.heard()  # what was announced before this search, the search will find
    arrived = ["SINCE", imap_date(since)] if since else []
    found = session.call("search", ["UID", f"{int(since_uid)}:*", *arrived])
    return sorted(uid for uid in found if uid >= since_uid)  # `n:*` past the end names the last message


def imap_date(day: date) -> str:
    """A day as RFC 3501 spells it: 21-Nov-2026, in English whatever the locale."""
    return f"{day.day}-{_MONTHS[day.month - 1]}-{day.year}"


def new_messages(
    session: Session, mailbox_name: str, folder: str, uids: Sequence[int], *, bare: bool = False
) -> list[FetchedMessage]:
    """These messages with at most their first 64 KB each, by rising UID; those expunged meanwhile are left out.

    Holds up to 64 KB a message in memory: give it batches. A message that the server cannot deliver comes with no
    bytes and its real size; with `bare` all come so.
    """
    uidvalidity = select(session, folder, readonly=True).uidvalidity
    fetched: list[FetchedMessage] = []
    for chunk in _chunks(uids):
        rows = _fetch(session, chunk, _BARE, {b"RFC822.SIZE"}) if bare else _deliverable(session, chunk)
        for uid, found in sorted(rows, key=lambda pair: pair[0]):
            raw = _body(found)
            size = _size(raw, responses.number(found.get(b"RFC822.SIZE")))
            fetched.append(
                FetchedMessage(
                    ref=MessageRef(mailbox=mailbox_name, folder=folder, uidvalidity=uidvalidity, uid=uid),
                    size=size,
                    internaldate=responses.internaldate(found.get(b"INTERNALDATE")),
                    flags=responses.words(found.get(b"FLAGS")),
                    raw=raw,
                )
            )
    return fetched


def flags(session: Session, folder: str, uids: Sequence[int]) -> dict[int, tuple[str, ...]]:
    """UID → flags, for those still there."""
    select(session, folder, readonly=True)
    answers = (_fetch(session, chunk, "(UID FLAGS)", {b"FLAGS"}) for chunk in _chunks(uids))
    return {uid: responses.words(found.get(b"FLAGS")) for answer in answers for uid, found in answer}


def gmail_ids(session: Session, folder: str, uids: Sequence[int]) -> dict[int, int]:
    """UID → the number that Gmail gives a message, the same under every label (X-GM-MSGID); {} on other servers.

    It tells one message under two labels from two messages that are alike, which no comparing of bytes can. (EMAILID of
    RFC 8474 cannot either: a server may give equal messages the same one.)
    """
    if "X-GM-EXT-1" not in session.capabilities:
        return {}
    select(session, folder, readonly=True)
    answers = (_fetch(session, chunk, "(UID X-GM-MSGID)", {b"X-GM-MSGID"}) for chunk in _chunks(uids))
    return {uid: responses.number(found[b"X-GM-MSGID"]) for answer in answers for uid, found in answer}


def headers(session: Session, folder: str, uids: Sequence[int], names: Sequence[str]) -> dict[int, dict[str, str]]:
    """UID → the named headers as they were written (unfolded, not decoded, keys lower case, first of each name)."""
    found = header_fields(session, folder, uids, names)
    return {uid: dict(reversed(fields)) for uid, fields in found.items()}


def header_fields(
    session: Session, folder: str, uids: Sequence[int], names: Sequence[str]
) -> dict[int, tuple[tuple[str, str], ...]]:
    """UID → all named headers, top to bottom: (name in lower case, value unfolded and not decoded)."""
    for name in names:
        if not name or not _HEADER_NAME_CHARACTERS.issuperset(name):
            raise UnsafeArgument(f"{name[:80]!r} is no header name")
    select(session, folder, readonly=True)
    items = f"(UID BODY.PEEK[HEADER.FIELDS ({' '.join(names)})])"
    answers = (_fetch(session, chunk, items, {b"BODY["}) for chunk in _chunks(uids))
    return {uid: tuple(_header_fields(_body(found))) for answer in answers for uid, found in answer}


def checked(uids: Iterable[int]) -> list[int]:
    """The UIDs, rising, each once; raises UnsafeArgument for anything but positive integers."""
    listed = list(uids)
    if any(type(uid) is not int or uid < 1 for uid in listed):
        raise UnsafeArgument("a UID is a positive integer")
    return sorted(set(listed))


def _chunks(uids: Iterable[int]) -> Iterator[list[int]]:
    listed = checked(uids)
    for start in range(0, len(listed), PER_COMMAND):
        yield listed[start : start + PER_COMMAND]


def _fetch(
    session: Session, uids: Sequence[int], items: str, needed: set[bytes]
) -> list[tuple[int, dict[bytes, responses.Item]]]:
    """One UID FETCH. Unasked-for flag changes and other messages' rows are dropped; one row per UID."""
    data = session.run("UID", "FETCH", responses.ranges(uids), items, answer="FETCH")
    asked = set(uids)
    rows: dict[int, dict[bytes, responses.Item]] = {}
    for uid, found in responses.attributes(data):
        if uid in asked:
            rows.setdefault(uid, {}).update(found)
    return [(uid, row) for uid, row in rows.items() if all(any(key.startswith(n) for key in row) for n in needed)]


def _deliverable(session: Session, uids: Sequence[int]) -> list[tuple[int, dict[bytes, responses.Item]]]:
    """Whole messages; when the server refuses a batch, halve it until the message it cannot read stands alone."""
    try:
        return _fetch(session, uids, _WHOLE, {b"BODY[", b"RFC822.SIZE"})
    except FolderMissing:
        raise
    except CommandRefused:
        if len(uids) == 1:
            return _fetch(session, uids, _BARE, {b"RFC822.SIZE"})
    middle = len(uids) // 2
    return _deliverable(session, uids[:middle]) + _deliverable(session, uids[middle:])


def _body(found: dict[bytes, responses.Item]) -> bytes:
    body = next((value for key, value in found.items() if key.startswith(b"BODY[")), None)
    return body if isinstance(body, bytes) else b""


def _size(raw: bytes, announced: int) -> int:
    """The message's size: a message that ended before our limit is as long as what came.

    Exchange announces what it occupies in the store until somebody has read it ([MS-STANDOIMAP] §2.2.25): a number that
    changes would make it another message.
    """
    return len(raw) if 0 < len(raw) < FIRST_BYTES else announced


def _header_fields(block: bytes) -> Iterator[tuple[str, str]]:
    unfolded = block.replace(b"\r\n", b"\n").replace(b"\n ", b" ").replace(b"\n\t", b" ")
    for line in unfolded.split(b"\n"):
        name, colon, value = line.partition(b":")
        if colon:
            yield name.decode("latin-1").strip().lower(), value.decode("utf-8", "replace").strip()


def _open(session: Session, folder: str, readonly: bool) -> Selected:
    spelled = session.spell(folder)
    session.selected = None  # a refused SELECT leaves nothing selected (RFC 3501 §6.3.1)
    answer = session.call("select_folder", spelled, readonly, refused=FolderMissing)
    session.client.wire.untagged_responses.clear()
    session.arrived = []
    session.selected = Selected(
        folder=folder,
        uidvalidity=int(answer.get(b"UIDVALIDITY", 0)),
        uidnext=int(answer.get(b"UIDNEXT", 0)),
        exists=int(answer.get(b"EXISTS", 0)),
        # No PERMANENTFLAGS at all means that every flag is permanent (RFC 3501 §6.3.1).
        permanent_flags=tuple(
            flag.decode("latin-1") for flag in answer.get(b"PERMANENTFLAGS", (*answer.get(b"FLAGS", ()), rb"\*"))
        ),
        highestmodseq=int(answer[b"HIGHESTMODSEQ"]) if answer.get(b"HIGHESTMODSEQ") else None,
        readonly=readonly,
    )
    return session.selected
