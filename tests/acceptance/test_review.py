"""Odd servers and odd moments: one refusal must not stop a mailbox, double a mail or end a clock."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.acceptance.stage import RULES, Stage, digests, mail
from tests.servers import dovecot as dovecot_server
from tests.servers.dovecot import Dovecot

pytestmark = pytest.mark.dovecot


def alerts(stage: Stage) -> list[str]:
    with sqlite3.connect(stage.state / "router.db") as database:
        return [key for (key,) in database.execute("SELECT key FROM alert WHERE cleared_at IS NULL")]


def test_a_tag_that_the_server_refuses_stops_nothing(stage: Stage) -> None:
    """Dovecot takes no keyword of more than 50 characters: the mail is filed without it."""
    stage.write(RULES + f"workflows:\n  - {{name: all, when: {{}}, do: {{tag: {'x' * 60}}}}}\n")
    stage.append("INBOX", [mail()])
    assert stage.once()["moved"] == {"Support/Refunds": 1}
    assert stage.once()["moved"] == {}


def test_a_folder_that_cannot_be_made_stops_nothing(stage: Stage) -> None:
    """The server takes no such name: its mail is held under an alert, all other mail is filed."""
    stage.write(RULES.replace("Support/FAQ", "Support/v1.0"))
    stage.append("INBOX", [mail(), mail("How do I export my data?", "How do I export all my data to a file?")])
    for _ in range(2):
        stage.run("once", "--config", str(stage.config))
    assert len(stage.messages("INBOX")) == len(stage.messages("Support/Refunds")) == 1
    assert [key for key in alerts(stage) if "Support/v1.0" in key]


def test_a_folder_that_cannot_be_read_stops_nothing(stage: Stage) -> None:
    """A folder is damaged on the server: mail goes on being filed."""
    with stage.client() as client:
        client.create("Odd")
    stage.once()
    stage.append("Odd", [mail("Odd one")])
    broken = stage.server.maildir(stage.user, "Odd")
    for name in ("dovecot-uidlist", "dovecot.index.log", "dovecot.index", "dovecot.index.cache"):
        (broken / name).unlink(missing_ok=True)
        (broken / name).mkdir()
    stage.append("INBOX", [mail()])
    assert stage.once()["moved"] == {"Support/Refunds": 1}


@pytest.fixture(scope="module")
def plain(learned: Path) -> Iterator[Dovecot]:
    """A server without MOVE, UIDPLUS, SPECIAL-USE, CONDSTORE and LIST-STATUS."""
    if lacking := dovecot_server.missing():
        pytest.skip(lacking)
    hidden = ["MOVE", "UIDPLUS", "SPECIAL-USE", "CONDSTORE", "QRESYNC", "LIST-STATUS", "LIST-EXTENDED"]
    with Dovecot(hidden=hidden, special_use=False) as server:
        yield server


def test_a_server_without_extensions_doubles_nothing(plain: Dovecot, learned: Path, tmp_path: Path) -> None:
    """It cannot expunge by UID: the original stays marked as deleted, and its disappearance later is no gesture."""
    stage = Stage(server=plain, user="plain", root=tmp_path, learned=learned)
    raw = mail(message_id="<q1@client.example>")
    stage.append("INBOX", [raw])
    assert stage.once()["moved"] == {"Support/Refunds": 1}
    assert stage.once()["moved"] == {}
    with stage.client() as client:
        client.select("INBOX")
        client.expunge()
    for _ in range(3):
        stage.once()
    assert stage.everything() == digests([raw])
    assert len(stage.messages("Support/Refunds")) == 1
    with sqlite3.connect(stage.state / "router.db") as database:
        assert database.execute("SELECT state, folder FROM message").fetchall() == [("filed", "Support/Refunds")]
        (waiting,) = database.execute("SELECT waiting_since FROM thread").fetchone()
    assert waiting is not None


def test_a_mail_that_the_server_cannot_deliver_goes_to_quarantine(stage: Stage) -> None:
    """Fetching it breaks the connection each time: after three tries it is put aside, and its neighbours are filed."""
    stage.append("INBOX", [mail(f"Refund {n}", sender=f"u{n}@client.example") for n in range(3)])
    stage.messages("INBOX")
    inbox = stage.server.maildir(stage.user)
    damaged = sorted([*(inbox / "cur").iterdir(), *(inbox / "new").iterdir()])[1]
    damaged.write_bytes(damaged.read_bytes()[:50])
    for _ in range(3):
        assert stage.run("once", "--config", str(stage.config)).returncode != 0
    result = stage.once()
    assert (result["moved"], result["quarantined"]) == ({"Support/Refunds": 2}, 1)
    assert not [key for key in alerts(stage) if key.startswith("fetch:")]
