"""Waiting for news, against a server that misbehaves on purpose."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

import pytest

from router.errors import CommandRefused, Throttled, Unreachable
from router.imap import fetch
from router.imap.session import Session
from router.imap.watch import Idle
from tests.imap.scripted import Peer, Scripted


def idling(server: Scripted, *, timeout: float = 5) -> tuple[Session, Idle]:
    """A session with INBOX open, and its Idle, not started."""
    session = Session.open(server.server(), "u", "p", timeout=timeout)
    fetch.select(session, "INBOX", readonly=False)
    return session, Idle(session)


def script(during: Callable[[Peer, bytes], None]) -> Scripted:
    """A server that lets the client log in, open INBOX and send IDLE, and then does `during`."""

    def run(peer: Peer) -> None:
        peer.log_in()
        peer.select()
        during(peer, peer.idle())

    return Scripted(run)


def test_exists_before_the_plus_is_news() -> None:
    """A server may report a new mail before it confirms IDLE."""
    with script(lambda peer, _: peer.send(b"* 2 EXISTS\r\n+ idling\r\n")) as server:
        session, idle = idling(server)
        idle.start()
        assert idle.pending()
        assert idle.read(0) == ("* 2 EXISTS",)
        session._die()


def test_exists_in_the_packet_of_the_plus_is_news() -> None:
    """The bytes behind `+` are not lost in a buffer that the poll cannot see."""
    with script(lambda peer, _: peer.send(b"+ idling\r\n* 2 EXISTS\r\n* 1 RECENT\r\n")) as server:
        session, idle = idling(server)
        idle.start()
        assert idle.read(0) == ("* 2 EXISTS", "* 1 RECENT")
        assert not idle.pending()
        session._die()


def test_half_a_line_waits_for_its_other_half() -> None:
    """A line split over two packets is one line, and nothing is returned before it is whole."""
    gate = threading.Event()

    def during(peer: Peer, _: bytes) -> None:
        peer.send(b"+ idling\r\n* 2 EXI")
        gate.wait(5)
        peer.send(b"STS\r\n")

    with script(during) as server:
        session, idle = idling(server)
        idle.start()
        assert idle.read(0.05) == ()
        gate.set()
        assert idle.read(5) == ("* 2 EXISTS",)
        session._die()


def test_the_end_of_file_is_noticed_at_once() -> None:
    """A server that hangs up during IDLE is Unreachable, not an endless () that burns the processor."""

    def during(peer: Peer, _: bytes) -> None:
        peer.send(b"+ idling\r\n")
        peer.hang_up()

    with script(during) as server:
        session, idle = idling(server)
        idle.start()
        with pytest.raises(Unreachable):
            idle.read(60)
        assert not session.alive
        with pytest.raises(Unreachable):
            fetch.uids(session, "INBOX")


def test_lines_before_the_end_of_file_come_first() -> None:
    """What the server said before it went is still read."""

    def during(peer: Peer, _: bytes) -> None:
        peer.send(b"+ idling\r\n* 2 EXISTS\r\n")
        peer.hang_up()

    with script(during) as server:
        _session, idle = idling(server)
        idle.start()
        assert idle.read(5) == ("* 2 EXISTS",)
        with pytest.raises(Unreachable):
            idle.read(5)


def test_silence_after_done_is_death() -> None:
    """A server that answers DONE with nothing is gone, whatever TCP says."""
    with script(lambda peer, _: peer.send(b"+ idling\r\n")) as server:
        session, idle = idling(server, timeout=0.3)
        idle.start()
        with pytest.raises(Unreachable, match="silent"):
            idle.done()
        assert not session.alive


def test_silence_instead_of_the_plus_is_death() -> None:
    """So is one that never confirms IDLE."""
    with script(lambda _peer, _tag: None) as server:
        _session, idle = idling(server, timeout=0.3)
        with pytest.raises(Unreachable, match="silent"):
            idle.start()


def test_nothing_new_costs_nothing() -> None:
    """Waiting returns () after its time and uses no processor time meanwhile."""
    with script(lambda peer, _: peer.send(b"+ idling\r\n")) as server:
        session, idle = idling(server)
        idle.start()
        before = time.process_time()
        assert idle.read(0.5) == ()
        assert time.process_time() - before < 0.1
        session._die()


def test_done_returns_what_came_meanwhile_and_the_session_goes_on() -> None:
    """IDLE, commands and IDLE again share one buffer."""

    def during(peer: Peer, tag: bytes) -> None:
        peer.send(b"+ idling\r\n")
        assert peer.line() == b"DONE"
        peer.send(b"* 2 EXISTS\r\n* 1 EXPUNGE\r\n" + tag + b" OK done\r\n* 3 EXISTS\r\n")
        command = peer.answer(b"* SEARCH 4 5")
        assert command == b"UID SEARCH UID 4:*"
        peer.send(b"+ again\r\n" if peer.idle() else b"")

    with script(during) as server:
        session, idle = idling(server)
        idle.start()
        assert idle.done() == ("* 2 EXISTS", "* 1 EXPUNGE")
        assert fetch.uids(session, "INBOX", 4) == [4, 5]
        again = Idle(session)
        again.start()
        assert again.read(0) == ("* 3 EXISTS",)  # it came with the search, which may not have counted it
        session._die()


def test_what_was_announced_between_search_and_idle_is_not_lost() -> None:
    """IDLE repeats nothing: an EXISTS that came with another answer is read as news."""

    def run(peer: Peer) -> None:
        peer.log_in()
        peer.select()
        peer.answer(b"* SEARCH 1")
        peer.answer(b"* 1 FETCH (UID 1 FLAGS (\\Seen))", b"* 2 EXISTS")
        peer.idle()
        peer.send(b"+ idling\r\n")

    with Scripted(run) as server:
        session, idle = idling(server)
        assert fetch.uids(session, "INBOX") == [1]
        assert fetch.flags(session, "INBOX", [1]) == {1: ("\\Seen",)}
        idle.start()
        assert idle.read(0) == ("* 2 EXISTS",)
        session._die()


def test_opening_a_folder_is_no_news() -> None:
    """The EXISTS of a SELECT says how much there is, not that something came."""
    with script(lambda peer, _: peer.send(b"+ idling\r\n")) as server:
        session, idle = idling(server)
        idle.start()
        assert idle.read(0) == ()
        session._die()


def test_a_refused_idle_leaves_the_session_usable() -> None:
    """NO to IDLE is a refusal, not the end."""

    def during(peer: Peer, tag: bytes) -> None:
        peer.send(tag + b" NO not now\r\n")
        peer.answer(b"* SEARCH")

    with script(during) as server:
        session, idle = idling(server)
        with pytest.raises(CommandRefused):
            idle.start()
        assert fetch.uids(session, "INBOX") == []
        session._die()


def test_an_idle_that_the_server_ended_is_over() -> None:
    """It is said once; ending it again sends nothing, and the session goes on."""

    def during(peer: Peer, tag: bytes) -> None:
        peer.send(b"+ idling\r\n" + tag + b" OK enough\r\n")
        assert peer.answer(b"* SEARCH 1") == b"UID SEARCH UID 1:*"

    with script(during) as server:
        session, idle = idling(server)
        idle.start()
        with pytest.raises(CommandRefused, match="enough"):
            idle.read(5)
        assert idle.done() == ()
        assert fetch.uids(session, "INBOX") == [1]
        session._die()


def test_bye_says_why() -> None:
    """A server that says goodbye with a reason is heard."""
    with script(lambda peer, _: peer.send(b"+ idling\r\n* BYE [UNAVAILABLE] maintenance\r\n")) as server:
        session, idle = idling(server)
        idle.start()
        with pytest.raises(Throttled, match="maintenance"):
            idle.read(5)
        assert not session.alive


def test_idle_is_only_for_servers_that_offer_it() -> None:
    """Without the capability nothing is sent."""

    def run(peer: Peer) -> None:
        peer.log_in()
        peer.select()
        assert peer.line() == b""

    with Scripted(run) as server:
        session, idle = idling(server)
        session.capabilities = frozenset({"IMAP4REV1"})
        with pytest.raises(CommandRefused):
            idle.start()
        session._die()
