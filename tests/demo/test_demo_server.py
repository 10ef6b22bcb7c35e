"""The embedded server answers real clients the way a production server would."""

import smtplib
import socket
from collections.abc import Iterator
from datetime import UTC, datetime
from email.message import EmailMessage

import imapclient
import pytest

from router.demo.server import DemoServer

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
EVERYTHING = ["RFC822.SIZE", "INTERNALDATE", "FLAGS", "BODY.PEEK[]<0.65536>"]


@pytest.fixture
def server() -> Iterator[DemoServer]:
    with DemoServer({"anna": "demo", "boris": "other"}) as running:
        yield running


def a_client(server: DemoServer, user: str = "anna", password: str = "demo") -> imapclient.IMAPClient:
    client = imapclient.IMAPClient(server.host, server.imap_port, ssl=False, timeout=10)
    client.normalise_times = False
    client.socket().setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    client.login(user, password)
    return client


def a_mail(subject: str = "Hello") -> bytes:
    return f"From: c@customer.example\r\nSubject: {subject}\r\nMessage-ID: <{subject}@x>\r\n\r\nHi\r\n".encode()


def uid_of(answer: bytes) -> int:
    return int(answer.partition(b"]")[0].split()[2])


def read_until(client: imapclient.IMAPClient, wanted: bytes) -> bytes:
    """What the server says until `wanted` came; raises TimeoutError after the client's timeout."""
    got = b""
    while wanted not in got:
        more = client.socket().recv(4096)
        assert more, got
        got += more
    return got


def test_a_wrong_password_is_refused(server: DemoServer) -> None:
    """Accounts have passwords, and only theirs."""
    with pytest.raises(imapclient.exceptions.LoginError):
        a_client(server, password="wrong")


def test_a_delivered_mail_is_fetched_byte_for_byte(server: DemoServer) -> None:
    """`deliver` keeps the bytes and the time of arrival, and gives the UID."""
    raw = a_mail("odd bytes") + b"\xff\xfe \x80\r\n"
    uid = server.deliver("anna", raw, NOON)
    client = a_client(server)
    client.select_folder("INBOX")
    fetched = client.fetch([uid], EVERYTHING)[uid]
    assert fetched[b"BODY[]<0>"] == raw
    assert fetched[b"RFC822.SIZE"] == len(raw)
    assert fetched[b"INTERNALDATE"].astimezone(UTC) == NOON
    assert b"\\Seen" not in client.get_flags([uid])[uid]


def test_accounts_are_separate(server: DemoServer) -> None:
    """Mail for one user is not seen by another."""
    server.deliver("anna", a_mail(), NOON)
    other = a_client(server, "boris", "other")
    assert other.select_folder("INBOX")[b"EXISTS"] == 0


def test_special_folders_are_listed_with_their_use_and_subscribed(server: DemoServer) -> None:
    """Drafts, Sent, Junk and Trash are found by RFC 6154 attribute and shown by clients."""
    client = a_client(server)
    attributes = {name: flags for flags, _, name in client.list_folders()}
    for name in ("Drafts", "Sent", "Junk", "Trash"):
        assert f"\\{name}".encode() in attributes[name]
    assert {"Drafts", "Sent"} <= {name for _, _, name in client.list_sub_folders()}


def test_folders_in_any_script_are_made_subscribed_and_counted(server: DemoServer) -> None:
    """CREATE, SUBSCRIBE and STATUS work for nested, non-ASCII names; a parent that nobody made is not selectable."""
    client = a_client(server)
    client.create_folder("Support/Рахунки")
    client.subscribe_folder("Support/Рахунки")
    listed = {name: flags for flags, _, name in client.list_folders()}
    assert b"\\Noselect" in listed["Support"]
    assert "Support/Рахунки" in {name for _, _, name in client.list_sub_folders()}
    status = client.folder_status("Support/Рахунки", ["UIDNEXT", "UIDVALIDITY", "MESSAGES"])
    assert status[b"MESSAGES"] == 0
    client.append("Support/Рахунки", a_mail())
    after = client.folder_status("Support/Рахунки", ["UIDNEXT", "UIDVALIDITY", "MESSAGES"])
    assert after == {**status, b"MESSAGES": 1, b"UIDNEXT": status[b"UIDNEXT"] + 1}


def test_a_client_may_invent_keywords(server: DemoServer) -> None:
    r"""`\*` is permitted, and a stored keyword survives a move and a new login."""
    uid = server.deliver("anna", a_mail(), NOON)
    client = a_client(server)
    client.create_folder("Refunds")
    assert b"\\*" in client.select_folder("INBOX")[b"PERMANENTFLAGS"]
    client.add_flags([uid], [b"$label1", b"router-unsure"])
    client.move([uid], "Refunds")
    again = a_client(server)
    again.select_folder("Refunds")
    (flags,) = again.get_flags(again.search()).values()
    assert {b"$label1", b"router-unsure"} <= set(flags)


def test_a_move_reports_where_the_mail_went(server: DemoServer) -> None:
    """UID MOVE answers with COPYUID (RFC 6851, RFC 4315), and the mail is in one folder only."""
    uid = server.deliver("anna", a_mail(), NOON)
    client = a_client(server)
    client.create_folder("Refunds")
    client.select_folder("INBOX")
    client.move([uid], "Refunds")
    ((_, source, target),) = (entry.split() for entry in client._imap.untagged_responses["COPYUID"])
    assert int(source) == uid
    assert client.search() == []
    client.select_folder("Refunds")
    assert client.search() == [int(target)]


def test_a_draft_keeps_flags_and_date(server: DemoServer) -> None:
    """APPEND with flags and date in the command is kept, and APPENDUID names the draft."""
    client = a_client(server)
    uid = uid_of(client.append("Drafts", a_mail(), flags=[b"\\Draft", b"\\Seen"], msg_time=NOON))
    client.select_folder("Drafts")
    fetched = client.fetch([uid], EVERYTHING)[uid]
    assert {b"\\Draft", b"\\Seen"} <= set(fetched[b"FLAGS"])
    assert fetched[b"INTERNALDATE"].astimezone(UTC) == NOON


def test_examine_changes_nothing_and_may_be_closed(server: DemoServer) -> None:
    """A folder opened read-only refuses STORE, and closing it is no error."""
    uid = server.deliver("anna", a_mail(), NOON)
    client = a_client(server)
    client.select_folder("INBOX", readonly=True)
    with pytest.raises(imapclient.exceptions.IMAPClientError):
        client.add_flags([uid], [b"\\Flagged"])
    client.close_folder()
    assert client.select_folder("INBOX")[b"EXISTS"] == 1


def test_delivery_wakes_idle(server: DemoServer) -> None:
    """An idling client hears of a delivered mail at once, in whole lines."""
    client = a_client(server)
    client.select_folder("INBOX")
    client.idle()
    server.deliver("anna", a_mail(), NOON)
    assert read_until(client, b"EXISTS").endswith(b"\r\n")
    client.idle_done()
    assert len(client.search()) == 1


def test_no_wake_up_is_lost_between_two(server: DemoServer) -> None:
    """Of many deliveries in a row, each is announced, also one that comes while the last is being told."""
    client = a_client(server)
    client.select_folder("INBOX")
    client.idle()
    for number in range(1, 41):
        server.deliver("anna", a_mail(f"number {number}"), NOON)
        if number % 2 == 0:
            read_until(client, b"* %d EXISTS\r\n" % number)
    client.idle_done()
    assert len(client.search()) == 40


def test_another_clients_move_wakes_idle(server: DemoServer) -> None:
    """An agent who moves a mail is noticed by whoever idles."""
    uid = server.deliver("anna", a_mail(), NOON)
    watching, agent = a_client(server), a_client(server)
    watching.select_folder("INBOX")
    watching.idle()
    agent.select_folder("INBOX")
    agent.move([uid], "Archive")
    assert b"1 EXPUNGE\r\n" in read_until(watching, b"EXPUNGE")
    watching.idle_done()


def test_smtp_records_what_is_sent(server: DemoServer) -> None:
    """The sink takes mail with and without a login and delivers it nowhere."""
    mail = EmailMessage()
    mail["To"], mail["Subject"] = "lead@acme.example", "Waiting: 3"
    mail.set_content("Привіт")
    with smtplib.SMTP(server.host, server.smtp_port) as anonymous:
        anonymous.send_message(mail, "router@acme.example")
    with smtplib.SMTP(server.host, server.smtp_port) as known:
        known.login("anna", "demo")
        known.send_message(mail, "router@acme.example")
    assert len(server.sent) == 2
    assert b"Subject: Waiting: 3" in server.sent[0]
    assert a_client(server).select_folder("INBOX")[b"EXISTS"] == 0


def test_leaving_ends_every_connection() -> None:
    """The ports are closed after the `with` block, whoever was still connected."""
    with DemoServer({"anna": "demo"}) as server:
        client = a_client(server)
    with pytest.raises((OSError, imapclient.exceptions.IMAPClientError)):
        client.noop()
    with pytest.raises(OSError, match="refused"), socket.create_connection((server.host, server.imap_port)):
        pass


def test_an_unknown_account_gets_no_mail(server: DemoServer) -> None:
    """Delivering to somebody who is not there is an error of the caller, said so."""
    with pytest.raises(Exception, match="nobody"):
        server.deliver("nobody", a_mail(), NOON)
