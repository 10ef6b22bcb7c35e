"""Our own IMAP client on the embedded server: what the demo relies on."""

from datetime import UTC, datetime

from router.demo.letters import SUPPORT
from router.demo.mails import demo_mails
from router.demo.server import DemoServer
from router.imap import drafts, fetch, folders, move
from router.imap.session import Session
from router.imap.watch import Idle
from router.values import Server, Tls

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


def a_session(server: DemoServer) -> Session:
    return Session.open(Server(host=server.host, port=server.imap_port, tls=Tls.NONE), SUPPORT, "demo", timeout=10)


def a_demo_inbox(server: DemoServer) -> dict[int, bytes]:
    """Delivers all mails of the demo; their bytes by UID."""
    return {server.deliver(SUPPORT, mail.raw, mail.when): mail.raw for mail in demo_mails(NOW)}


def test_the_whole_demo_inbox_is_fetched_intact() -> None:
    """Every mail, the poison included, comes back byte for byte with size and time of arrival."""
    with DemoServer({SUPPORT: "demo"}) as server:
        delivered = a_demo_inbox(server)
        session = a_session(server)
        found = fetch.new_messages(session, "support", "INBOX", fetch.uids(session, "INBOX"))
        assert {message.ref.uid: message.raw for message in found} == delivered
        assert {message.internaldate for message in found} == {mail.when for mail in demo_mails(NOW)}
        assert not any(message.truncated for message in found)


def test_the_whole_demo_inbox_is_moved_and_lands_intact() -> None:
    """A new, subscribed folder takes all mails by UID MOVE; COPYUID says where each of them lies."""
    with DemoServer({SUPPORT: "demo"}) as server:
        delivered = a_demo_inbox(server)
        session = a_session(server)
        assert folders.ensure(session, ["Support/Повернення"])
        moved = move.move(session, "INBOX", list(delivered), "Support/Повернення")
        assert set(moved.uids) == set(delivered)
        assert not moved.missing
        landed = fetch.new_messages(session, "support", "Support/Повернення", list(moved.uids.values()))
        assert sorted(message.raw for message in landed) == sorted(delivered.values())
        assert fetch.uids(session, "INBOX") == []


def test_a_survey_names_special_folders_and_counts() -> None:
    """Without LIST-STATUS the client still learns uses and numbers."""
    with DemoServer({SUPPORT: "demo"}) as server:
        a_demo_inbox(server)
        seen = folders.survey(a_session(server))
        assert folders.specials(seen)["drafts"] == "Drafts"
        assert seen["INBOX"].messages == len(demo_mails(NOW))
        assert seen["Sent"].uidnext > 0


def test_a_draft_and_keywords_are_kept() -> None:
    """A draft lies under the UID that APPENDUID named; keywords of ours are stored and taken away."""
    with DemoServer({SUPPORT: "demo"}) as server:
        session = a_session(server)
        raw = b"Subject: Re: Hello\r\n\r\nDear Anna\r\n"
        placed = drafts.append(session, "Drafts", raw, flags=["\\Draft", "\\Seen"], when=NOW)
        assert placed.uid is not None
        assert drafts.store(session, "Drafts", [placed.uid], add=["$label1", "router-unsure"]) == ()
        drafts.store(session, "Drafts", [placed.uid], remove=["router-unsure"])
        flags = set(fetch.flags(session, "Drafts", [placed.uid])[placed.uid])
        assert {"\\Draft", "\\Seen", "$label1"} <= flags
        assert "router-unsure" not in flags


def test_a_delivery_wakes_our_idle() -> None:
    """The daemon's own IDLE loop hears of new mail and goes on with the same connection."""
    with DemoServer({SUPPORT: "demo"}) as server:
        session = a_session(server)
        fetch.select(session, "INBOX", readonly=False)
        idle = Idle(session)
        idle.start()
        uid = server.deliver(SUPPORT, demo_mails(NOW)[0].raw, NOW)
        assert any("EXISTS" in line for line in idle.read(10))
        idle.done()
        assert fetch.uids(session, "INBOX") == [uid]
