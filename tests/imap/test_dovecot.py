"""Folders, fetching, moving and drafts on a real server."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone

import pytest

from router.errors import CommandRefused, FolderChanged, FolderMissing, OverQuota, Unreachable
from router.imap import drafts, fetch, folders, move
from router.imap.session import Session
from router.imap.watch import Idle
from router.values import Tls
from tests.conftest import without_server
from tests.servers import dovecot as dovecot_server
from tests.servers.dovecot import Dovecot

pytestmark = pytest.mark.dovecot

ODD_NAMES = (
    "Support/Refunds",
    "Kunden & Müller",
    'say "hello"',
    "back\\slash",
    "a*b%c",
    "*",
    "Підтримка/Повернення коштів",
    "Support/😀 happy",
    "&AOk-",
    "{5}",
    "(x) [y]",
    "NIL",
    "42",
)
NOW = datetime(2026, 11, 21, 10, 30, tzinfo=timezone(timedelta(hours=2)))


def a_mail(subject: str, body: bytes = b"Hello\r\n") -> bytes:
    return b"From: a@example.com\r\nSubject: " + subject.encode() + b"\r\n\r\n" + body


@pytest.fixture
def session(dovecot: Dovecot, user: str) -> Iterator[Session]:
    with Session.open(dovecot.server(), user, dovecot.password, timeout=10) as opened:
        yield opened


def special_server(**options: object) -> Dovecot:
    """A Dovecot of its own, for what the shared one does not do."""
    if lacking := dovecot_server.missing():
        without_server(f"not installed: {lacking}")
    return Dovecot(**options)  # type: ignore[arg-type]


# ------------------------------------------------------------------ folders


def test_odd_names_survive_the_round_trip(dovecot: Dovecot, user: str, session: Session) -> None:
    """A folder can be made, listed, opened and moved to, whatever its name."""
    assert folders.ensure(session, ODD_NAMES) == ODD_NAMES
    assert folders.ensure(session, ODD_NAMES) == ()
    dovecot.deliver(user, *(a_mail(str(number)) for number in range(len(ODD_NAMES))))
    for uid, name in zip(fetch.uids(session, "INBOX"), ODD_NAMES, strict=True):
        assert move.move(session, "INBOX", [uid], name).missing == ()
    surveyed = folders.survey(session)
    assert {name: surveyed[name].messages for name in ODD_NAMES} == dict.fromkeys(ODD_NAMES, 1)
    with Session.open(dovecot.server(), user, dovecot.password) as fresh:  # knows no spelling yet
        assert [fetch.select(fresh, name, readonly=True).exists for name in ODD_NAMES] == [1] * len(ODD_NAMES)


def test_made_folders_are_subscribed(session: Session) -> None:
    """Mail programs hide folders that are not."""
    folders.ensure(session, ["Support/Refunds", "INBOX"])
    subscribed = {name.decode() for _, _, name in session.call("list_sub_folders")}
    assert {"Support/Refunds", "INBOX"} <= subscribed


@pytest.mark.parametrize("name", ["a//b", "/a", "a/", ""])
def test_names_with_empty_parts_are_refused(session: Session, name: str) -> None:
    """They mean different things to different servers."""
    with pytest.raises(CommandRefused):
        folders.ensure(session, [name])


def test_a_survey_sees_what_changed(dovecot: Dovecot, user: str, session: Session) -> None:
    """UIDNEXT, counts and mod-sequences tell which folder to look into."""
    before = folders.survey(session)
    assert before["INBOX"].use == "inbox"
    assert folders.specials(before) == {
        "inbox": "INBOX", "drafts": "Drafts", "sent": "Sent", "junk": "Junk", "trash": "Trash",
    }  # fmt: skip
    drafts.append(session, "Sent", a_mail("sent"), flags=["\\Seen"], when=NOW)
    after = folders.survey(session)
    assert after["Sent"].uidnext == before["Sent"].uidnext + 1
    assert after["Sent"].messages == 1
    assert after["Sent"].uidvalidity == before["Sent"].uidvalidity > 0
    assert (after["Sent"].highestmodseq or 0) > (before["Sent"].highestmodseq or 0)
    assert after["Drafts"] == before["Drafts"]
    drafts.store(session, "Sent", [1], add=["\\Answered"])
    assert (folders.survey(session)["Sent"].highestmodseq or 0) > (after["Sent"].highestmodseq or 0)


def test_parents_that_hold_no_mail_are_not_selectable(session: Session) -> None:
    """A parent that exists only as part of a name is no place for mail."""
    folders.ensure(session, ["Team/Olha/Done"])
    surveyed = folders.survey(session)
    assert surveyed["Team/Olha/Done"].selectable
    assert not surveyed["Team"].selectable
    assert folders.ensure(session, ["Team"]) == ("Team",)
    assert folders.survey(session)["Team"].selectable


@pytest.mark.parametrize(
    ("layout", "separator", "prefix"),
    [("maildir", ".", "INBOX."), ("maildir", "/", "INBOX/"), ("sdbox", "/", ""), ("sdbox", ".", "INBOX.")],
)
def test_separator_prefix_and_layout_are_the_servers_business(layout: str, separator: str, prefix: str) -> None:
    """Our names look the same everywhere."""
    names = ("Support/Refunds", "Kunden & Müller", "Підтримка/Повернення", 'a"b\\c*')
    with special_server(layout=layout, separator=separator, prefix=prefix) as server:
        server.deliver("anna", a_mail("one"), a_mail("two"))
        with Session.open(server.server(), "anna", server.password) as session:
            assert (session.separator, session.prefix) == (separator, prefix)
            assert folders.ensure(session, names) == names
            assert folders.ensure(session, names) == ()
            moved = move.move(session, "INBOX", fetch.uids(session, "INBOX"), names[0])
            surveyed = folders.survey(session)
            assert surveyed[names[0]].messages == 2
            assert surveyed[names[0]].uidvalidity == moved.uidvalidity
            assert folders.specials(surveyed)["drafts"] == "Drafts"
            assert set(names) | {"INBOX", "Drafts", "Sent"} <= set(surveyed)
            subjects = fetch.headers(session, names[0], sorted(moved.uids.values()), ["Subject"])
            assert [found["subject"] for found in subjects.values()] == ["one", "two"]
            if separator == ".":
                with pytest.raises(CommandRefused, match="separates"):
                    folders.ensure(session, ["v1.2"])


def test_without_list_status_the_important_folders_are_asked() -> None:
    """INBOX, special folders (known by name) and what is wanted get numbers, the rest only names."""
    hidden = ["LIST-STATUS", "LIST-EXTENDED", "SPECIAL-USE", "CONDSTORE", "QRESYNC"]
    with special_server(hidden=hidden, special_use=False, rawlog=True) as server:
        server.prepare("anna")
        server.deliver("anna", a_mail("one"))
        with Session.open(server.server(), "anna", server.password) as session:
            folders.ensure(session, ["Refunds", "Billing", "Archive/Чернетки"])
            surveyed = folders.survey(session, ["Refunds", "Gone"])
        assert surveyed["INBOX"].messages == 1
        assert all(surveyed[name].uidvalidity for name in ("INBOX", "Sent", "Drafts", "Refunds"))
        assert surveyed["Billing"].uidvalidity == 0
        assert surveyed["INBOX"].highestmodseq is None
        assert "Gone" not in surveyed
        assert folders.specials(surveyed) == {
            "inbox": "INBOX", "drafts": "Drafts", "sent": "Sent", "junk": "Junk", "trash": "Trash",
        }  # fmt: skip
        sent = server.commands("anna")
        assert "RETURN" not in sent
        assert sent.count(" STATUS ") == 6


# ------------------------------------------------------------------ fetching


def test_messages_come_whole_and_unread(dovecot: Dovecot, user: str, session: Session) -> None:
    """Bytes, size, flags and an aware UTC arrival; fetching marks nothing as read."""
    raw = a_mail("one", b"\x00binary\xff) UID 99 (\r\n{7}\r\n* 1 FETCH\r\n".replace(b"\x00", b""))
    dovecot.deliver(user, raw, a_mail("two"))
    before = datetime.now(UTC)
    first, second = fetch.new_messages(session, "support", "INBOX", [1, 2])
    assert first.raw == raw
    assert first.size == len(raw)
    assert (first.ref.mailbox, first.ref.folder, first.ref.uid) == ("support", "INBOX", 1)
    assert first.ref.uidvalidity == fetch.select(session, "INBOX", readonly=True).uidvalidity
    assert first.internaldate.utcoffset() == timedelta(0)
    assert abs(first.internaldate - before) < timedelta(minutes=1)
    assert second.raw == a_mail("two")
    assert "\\Seen" not in fetch.flags(session, "INBOX", [1])[1]


def test_long_messages_are_cut_and_say_so(dovecot: Dovecot, user: str, session: Session) -> None:
    """At most 64 KB travel; the size is the real one."""
    raw = a_mail("long", b"x" * 70 + b"\r\n" + b"0123456789\r\n" * 10_000)
    dovecot.deliver(user, raw)
    (message,) = fetch.new_messages(session, "m", "INBOX", [1])
    assert message.raw == raw[: fetch.FIRST_BYTES]
    assert message.size == len(raw)
    assert message.truncated


def test_expunged_messages_are_left_out(dovecot: Dovecot, user: str, session: Session) -> None:
    """Somebody deleting mail while we read is normal."""
    dovecot.deliver(user, *(a_mail(str(number)) for number in range(1, 6)))
    assert fetch.uids(session, "INBOX") == [1, 2, 3, 4, 5]
    with Session.open(dovecot.server(), user, dovecot.password) as agent:
        move.move(agent, "INBOX", [2, 4], "Trash")
    session.call("noop")  # until then a server may still show what it showed before
    assert [m.ref.uid for m in fetch.new_messages(session, "m", "INBOX", [1, 2, 3, 4, 5, 99])] == [1, 3, 5]
    assert sorted(fetch.flags(session, "INBOX", [1, 2, 99])) == [1]
    assert fetch.new_messages(session, "m", "INBOX", []) == []


def test_uids_past_the_end_are_none(dovecot: Dovecot, user: str, session: Session) -> None:
    """`n:*` names the last message when n is beyond it; we do not."""
    dovecot.deliver(user, a_mail("one"))
    assert fetch.uids(session, "INBOX", 1) == [1]
    assert fetch.uids(session, "INBOX", 2) == []


def test_more_messages_than_one_command_takes(dovecot: Dovecot, user: str, session: Session) -> None:
    """Long lists are cut into commands that servers accept."""
    dovecot.deliver(user, *(a_mail(str(number)) for number in range(1, 1202)))
    odd = [uid for uid in fetch.uids(session, "INBOX") if uid % 2]
    found = fetch.new_messages(session, "m", "INBOX", odd)
    assert [message.ref.uid for message in found] == odd
    assert found[-1].raw == a_mail("1201")


def test_headers_are_unfolded_and_keyed_in_lower_case(dovecot: Dovecot, user: str, session: Session) -> None:
    """Comparing headers happens here, never in a SEARCH."""
    raw = b"Message-ID: <1@x>\r\nReferences: <a@x>\r\n\t<b@x>\r\nSubject: no\r\nReferences: <c@x>\r\n\r\nbody"
    dovecot.deliver(user, raw)
    assert fetch.headers(session, "INBOX", [1], ["References", "Message-ID", "X-None"]) == {
        1: {"references": "<a@x> <b@x>", "message-id": "<1@x>"}
    }


def test_a_message_that_the_server_cannot_read_does_not_stop_the_others(dovecot: Dovecot, user: str) -> None:
    """A batch that is refused is halved until the bad message stands alone."""
    dovecot.deliver(user, *(a_mail(str(number)) for number in range(1, 9)))
    with Session.open(dovecot.server(), user, dovecot.password) as session:
        real = session.run

        def refusing(name: str, *arguments: str, answer: str, writes: bool = False) -> object:
            if "BODY" in arguments[-1] and any(low <= 5 <= high for low, high in _spans(arguments[1])):
                raise CommandRefused("[SERVERBUG] Internal error occurred")
            return real(name, *arguments, answer=answer, writes=writes)

        session.run = refusing  # type: ignore[method-assign,assignment]
        found = fetch.new_messages(session, "m", "INBOX", list(range(1, 9)))
    assert [message.ref.uid for message in found] == list(range(1, 9))
    assert [message.ref.uid for message in found if not message.raw] == [5]
    assert found[4].size == len(a_mail("5"))


def _spans(uid_set: str) -> list[tuple[int, int]]:
    pairs = [part.partition(":") for part in uid_set.split(",")]
    return [(int(first), int(last or first)) for first, _, last in pairs]


# ------------------------------------------------------------------ selecting


def test_a_folder_is_opened_once(dovecot: Dovecot, user: str) -> None:
    """An open folder is used again, also for reading only."""
    with Session.open(dovecot.server(), user, dovecot.password) as session:
        opened = fetch.select(session, "INBOX", readonly=False)
        assert fetch.select(session, "INBOX", readonly=True) is opened
        looked = fetch.select(session, "Sent", readonly=True)
        assert looked.readonly
        assert not fetch.select(session, "Sent", readonly=False).readonly
        assert session.selected is not None
        assert session.selected.folder == "Sent"


def test_a_missing_folder_is_said_and_never_made(session: Session) -> None:
    """An agent renamed it; making it again would hide that."""
    with pytest.raises(FolderMissing):
        fetch.select(session, "Nowhere", readonly=True)
    assert session.selected is None
    with pytest.raises(FolderMissing):
        drafts.append(session, "Nowhere", a_mail("x"), flags=(), when=NOW)
    assert "Nowhere" not in folders.survey(session)
    assert session.alive


def test_a_changed_uidvalidity_is_noticed(session: Session) -> None:
    """Deleting and making a folder gives it a new identity."""
    folders.ensure(session, ["Refunds"])
    before = fetch.select(session, "Refunds", readonly=True).uidvalidity
    fetch.select(session, "INBOX", readonly=True)
    session.call("delete_folder", "Refunds", writes=True)
    time.sleep(1.1)  # UIDVALIDITY is the second in which the folder was made
    folders.ensure(session, ["Refunds"])
    with pytest.raises(FolderChanged):
        fetch.select(session, "Refunds", readonly=True, uidvalidity=before)


# ------------------------------------------------------------------ moving


def test_a_move_says_where_each_message_went(dovecot: Dovecot, user: str, session: Session) -> None:
    """COPYUID maps every UID; those that were gone are missing, and an old COPYUID is not read again."""
    folders.ensure(session, ["Refunds"])
    dovecot.deliver(user, *(a_mail(str(number)) for number in range(1, 121)))
    listed = fetch.uids(session, "INBOX")
    moved = move.move(session, "INBOX", [*listed[10:], 500], "Refunds")
    assert sorted(moved.uids) == listed[10:]
    assert moved.missing == (500,)
    assert moved.marked == ()
    assert moved.uidvalidity == fetch.select(session, "Refunds", readonly=True).uidvalidity
    subjects = fetch.headers(session, "Refunds", list(moved.uids.values()), ["Subject"])
    assert all(subjects[target]["subject"] == str(source) for source, target in moved.uids.items())
    again = move.move(session, "INBOX", listed[10:20], "Refunds")
    assert (dict(again.uids), again.missing) == ({}, tuple(listed[10:20]))
    assert fetch.uids(session, "INBOX") == listed[:10]


def test_moving_to_a_missing_folder_moves_nothing(dovecot: Dovecot, user: str, session: Session) -> None:
    """The mail stays where it is."""
    dovecot.deliver(user, a_mail("one"))
    with pytest.raises(FolderMissing):
        move.move(session, "INBOX", [1], "Renamed")
    assert fetch.uids(session, "INBOX") == [1]


def test_without_move_exactly_the_copied_messages_are_expunged() -> None:
    """COPY, a mark and UID EXPUNGE; another client's deleted mail stays."""
    with special_server(hidden=["MOVE"], rawlog=True) as server:
        server.prepare("anna")
        server.deliver("anna", *(a_mail(str(number)) for number in range(1, 5)))
        with Session.open(server.server(), "anna", server.password) as session:
            folders.ensure(session, ["Refunds"])
            drafts.store(session, "INBOX", [4], add=["\\Deleted"])  # somebody else's business
            moved = move.move(session, "INBOX", [1, 2, 99], "Refunds")
            assert (sorted(moved.uids), moved.missing, moved.marked) == ([1, 2], (99,), ())
            assert fetch.uids(session, "INBOX") == [3, 4]
            found = move.find(session, "m", "Refunds", 1)
            assert [message.raw for message in found] == [a_mail("1"), a_mail("2")]
            assert all("\\Deleted" not in message.flags for message in found)
        sent = server.commands("anna").upper()
        assert " MOVE " not in sent
        assert "UID EXPUNGE 1:2\r" in sent or "UID EXPUNGE 1:2\n" in sent
        assert sent.count("EXPUNGE") == 1


def test_without_uidplus_nothing_is_expunged() -> None:
    """The mail is copied, its source stays marked, and we say so."""
    with special_server(hidden=["MOVE", "UIDPLUS"], rawlog=True) as server:
        server.prepare("anna")
        server.deliver("anna", a_mail("1"), a_mail("2"))
        with Session.open(server.server(), "anna", server.password) as session:
            folders.ensure(session, ["Refunds"])
            moved = move.move(session, "INBOX", [1], "Refunds")
            assert moved.marked == (1,)
            assert "\\Deleted" in fetch.flags(session, "INBOX", [1])[1]
            assert "\\Deleted" not in fetch.flags(session, "INBOX", [2])[2]
            assert len(fetch.uids(session, "Refunds")) == 1
        assert "EXPUNGE" not in server.commands("anna").upper()


def test_removing_what_was_copied_touches_nothing_else(dovecot: Dovecot, user: str, session: Session) -> None:
    """A doubled message goes from its source by its UID; another client's deleted mail stays."""
    dovecot.deliver(user, *(a_mail(str(number)) for number in range(1, 4)))
    drafts.store(session, "INBOX", [3], add=["\\Deleted"])
    assert move.remove_copied(session, "INBOX", [1])
    assert fetch.uids(session, "INBOX") == [2, 3]
    assert not move.remove_copied(session, "INBOX", [])
    session.capabilities -= {"UIDPLUS"}
    assert not move.remove_copied(session, "INBOX", [2])
    assert "\\Deleted" not in fetch.flags(session, "INBOX", [2])[2]


def test_a_full_mailbox_is_said() -> None:
    """Over quota, drafts wait while moves go on."""
    extra = """
mail_plugins = quota
plugin {
  quota = count:User quota
  quota_vsizes = yes
  quota_rule = *:storage=20K
  quota_grace = 0
}
"""
    with special_server(extra=extra) as server:
        server.deliver("anna", a_mail("1", b"x" * 15_000))
        with Session.open(server.server(), "anna", server.password) as session:
            folders.ensure(session, ["Refunds"])
            with pytest.raises(OverQuota):
                drafts.append(session, "Drafts", a_mail("d", b"y" * 15_000), flags=(), when=NOW)
            assert sorted(move.move(session, "INBOX", [1], "Refunds").uids) == [1]


# ------------------------------------------------------------------ drafts and flags


def test_a_draft_lies_where_the_server_says(session: Session) -> None:
    """Bytes, flags and date arrive in one command, and we know its UID."""
    raw = a_mail("Re: відповідь", "Добрий день\r\n.\r\n)\r\n".encode())
    placed = drafts.append(session, "Drafts", raw, flags=["\\Draft", "\\Seen"], when=NOW)
    (message,) = move.find(session, "m", "Drafts", 1)
    assert (placed.uid, placed.uidvalidity) == (message.ref.uid, message.ref.uidvalidity)
    assert message.raw == raw
    assert {"\\Draft", "\\Seen"} <= set(message.flags)
    assert message.internaldate == NOW


def test_a_date_without_zone_is_a_mistake(session: Session) -> None:
    """Naive times mean something else on every machine."""
    with pytest.raises(ValueError, match="zone"):
        drafts.append(session, "Drafts", b"x", flags=(), when=datetime(2026, 1, 1))  # noqa: DTZ001


def test_flags_are_added_and_taken_away(dovecot: Dovecot, user: str, session: Session) -> None:
    """Keywords and system flags alike."""
    dovecot.deliver(user, a_mail("1"), a_mail("2"))
    assert drafts.store(session, "INBOX", [1, 2], add=["$label1", "\\Flagged", "Overdue"]) == ()
    assert drafts.store(session, "INBOX", [2], add=["\\Seen"], remove=["$label1", "\\Flagged"]) == ()
    flags = fetch.flags(session, "INBOX", [1, 2])
    assert {"$label1", "\\Flagged", "Overdue"} <= set(flags[1])
    assert {"\\Seen", "Overdue"} <= set(flags[2])
    assert not {"$label1", "\\Flagged"} & set(flags[2])


def test_flags_that_are_not_kept_are_said(dovecot: Dovecot, user: str, session: Session) -> None:
    """Where the server takes no new keywords, only those are skipped."""
    dovecot.deliver(user, a_mail("1"))
    selected = fetch.select(session, "INBOX", readonly=False)
    limited = {field: getattr(selected, field) for field in type(selected).__dataclass_fields__}
    session.selected = type(selected)(**limited | {"permanent_flags": ("\\Flagged", "\\Seen")})
    assert drafts.store(session, "INBOX", [1], add=["Overdue", "\\flagged"]) == ("Overdue",)
    assert "\\Flagged" in fetch.flags(session, "INBOX", [1])[1]


# ------------------------------------------------------------------ life and death


@pytest.mark.parametrize("kind", list(Tls))
def test_idle_hears_a_delivery_and_the_session_goes_on(dovecot: Dovecot, user: str, kind: Tls) -> None:
    """Wait, wake, work, wait again, on one connection of any kind."""
    session = Session.open(dovecot.server(kind), user, dovecot.password)
    for number in (1, 2):
        assert fetch.uids(session, "INBOX", number) == []
        idle = Idle(session)
        idle.start()
        dovecot.deliver(user, a_mail(str(number)))
        lines = idle.read(10)
        assert f"* {number} EXISTS" in lines
        idle.done()
        (message,) = fetch.new_messages(session, "m", "INBOX", fetch.uids(session, "INBOX", number))
        assert message.raw == a_mail(str(number))
    session.close()


def test_a_killed_server_is_noticed() -> None:
    """In a command and in IDLE; afterwards the session is dead, and a new one works."""
    with special_server() as server:
        working = Session.open(server.server(), "anna", server.password)
        waiting = Session.open(server.server(), "olha", server.password)
        fetch.select(waiting, "INBOX", readonly=False)
        idle = Idle(waiting)
        idle.start()
        server.signal_sessions(signal.SIGKILL)
        with pytest.raises(Unreachable):
            fetch.uids(working, "INBOX")
        with pytest.raises(Unreachable):
            idle.read(10)
        for dead in (working, waiting):
            assert not dead.alive
            with pytest.raises(Unreachable):
                folders.survey(dead)
            dead.close()
            dead.close()
        with Session.open(server.server(), "anna", server.password) as again:
            assert fetch.uids(again, "INBOX") == []
        server.stop()
        with pytest.raises(Unreachable):
            Session.open(server.server(), "anna", server.password)
        server.start()
        with Session.open(server.server(), "anna", server.password) as again:
            assert fetch.uids(again, "INBOX") == []


def test_a_frozen_server_is_given_up() -> None:
    """Neither a command nor DONE waits longer than the time-out."""
    with special_server() as server:
        working = Session.open(server.server(), "anna", server.password, timeout=0.5)
        waiting = Session.open(server.server(), "olha", server.password, timeout=0.5)
        fetch.select(waiting, "INBOX", readonly=False)
        idle = Idle(waiting)
        idle.start()
        assert server.signal_sessions(signal.SIGSTOP) >= 2
        with pytest.raises(Unreachable):
            fetch.uids(working, "INBOX")
        with pytest.raises(Unreachable):
            idle.done()


def test_another_thread_can_cut_a_waiting_session(session: Session) -> None:
    """A daemon that must stop does not wait for a time-out."""
    fetch.select(session, "INBOX", readonly=False)
    idle = Idle(session)
    idle.start()
    threading.Timer(0.2, session.interrupt).start()
    with pytest.raises(Unreachable):
        idle.read(30)
