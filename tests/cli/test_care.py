"""`status` and `doctor`: how things are, and how to mend them."""

from __future__ import annotations

import os
import sqlite3
import time
from pathlib import Path

import pytest

from router.cli import show
from router.lock import StateLock
from tests.acceptance.stage import mail
from tests.cli.builders import Shop, unreadable


@pytest.mark.dovecot
def test_status_counts_what_waits(shop: Shop) -> None:
    """Waiting customers, drafts, quarantine and reminders, from the store alone."""
    shop.append("INBOX", [mail(), unreadable()])
    shop.once()
    data = shop.with_config("status", "--json").data
    mailbox = data["mailboxes"]["support"]
    assert "jane@client.example" in [t["customer"] for t in mailbox["waiting"]]
    assert (mailbox["drafts"], mailbox["quarantined"], mailbox["held"], mailbox["stale"]) == (1, 1, 0, False)
    assert data["running"] is False
    assert data["outbox"] == {"queued": 0, "unknown": 0, "failed": 0}


@pytest.mark.dovecot
def test_status_is_a_health_check(shop: Shop) -> None:
    """While the state directory is held, a mailbox without a pass for five minutes is exit code 1."""
    shop.once()
    lock = StateLock(shop.state)
    try:
        assert shop.with_config("status").code == 0
        with sqlite3.connect(shop.state / "router.db") as database:
            database.execute("UPDATE mailbox SET last_pass_at = '2020-01-01 00:00:00.000000'")
        assert shop.with_config("status").code == 0  # it has only just started
        os.utime(shop.state / "lock", (time.time() - 600,) * 2)
        said = shop.with_config("status", "--json")
    finally:
        lock.release()
    assert said.code == 1
    assert said.data["running"] is True
    assert said.data["mailboxes"]["support"]["stale"] is True
    assert shop.with_config("status").code == 0  # nobody runs: nothing hangs


def test_status_before_the_first_run_is_fine(tmp_path: Path) -> None:
    """Nothing has happened yet: exit code 0, and nothing is created."""
    from tests.cli.builders import call

    said = call("status", "--json", "--config", str(tmp_path / "w.yaml"), INBOX_ROUTER_STATE=str(tmp_path / "state"))
    assert (said.code, said.data["mailboxes"]) == (0, {})
    assert list(tmp_path.iterdir()) == []


@pytest.mark.dovecot
def test_doctor_finds_a_healthy_mailbox_healthy(shop: Shop) -> None:
    """After a pass nothing is broken; every finding has a place, a level and a text."""
    shop.once()
    said = shop.with_config("doctor", "--json")
    assert said.code == 0, said.out
    texts = [f["text"] for f in said.data["findings"] if f["level"] == "ok"]
    for wanted in ("IDLE", "MOVE", "UIDPLUS", "SPECIAL-USE", "LIST-STATUS", "drafts: Drafts", "database: ok"):
        assert wanted in texts
    assert any("there and subscribed" in text for text in texts)


@pytest.mark.dovecot
def test_doctor_names_hidden_and_missing_folders(shop: Shop) -> None:
    """A folder that nobody subscribed to, and one that was renamed, are said with what to do."""
    shop.once()
    with shop.client() as client:
        client.unsubscribe("Support/Money")
        client.rename("Support/Parcels", "Elsewhere")
    findings = shop.with_config("doctor", "--json").data["findings"]
    warned = {f["text"]: f["fix"] for f in findings if f["level"] == "warn"}
    assert "subscribe" in warned["not subscribed: Support/Money"]
    assert "rename" in warned["missing folders: Support/Parcels"]


@pytest.mark.dovecot
def test_a_broken_mailbox_does_not_stop_the_others(shop: Shop) -> None:
    """Doctor goes on after a mailbox that cannot be reached, and exits 1."""
    shop.write(
        "  broken:\n    address: broken@acme.example\n    imap: {host: 127.0.0.1, port: 1, tls: none}\n"
        "    login: {password: {env: STAGE_PASSWORD}}\n" + shop.rules
    )
    said = shop.with_config("doctor", "--json")
    assert said.code == 1
    by_mailbox = {name: [f for f in said.data["findings"] if f["where"] == name] for name in ("support", "broken")}
    assert any(f["text"] == "MOVE" for f in by_mailbox["support"])
    assert any(f["level"] == "fail" and f["fix"] for f in by_mailbox["broken"])


@pytest.mark.dovecot
def test_doctor_finds_a_wrong_password_and_a_readable_file(shop: Shop) -> None:
    """A refused login fails with a fix; a password file that a group can read is a warning."""
    said = shop.with_config("doctor", "--json", STAGE_PASSWORD="wrong")
    assert said.code == 1
    assert any("app password" in f["fix"] for f in said.data["findings"] if f["level"] == "fail")
    secret = shop.root / "password"
    secret.write_text(shop.server.password)
    secret.chmod(0o640)
    shop.config.write_text(shop.config.read_text().replace("{env: STAGE_PASSWORD}", f"{{file: {secret}}}"))
    findings = shop.with_config("doctor", "--json").data["findings"]
    assert any("by its group" in f["text"] and "chmod 600" in f["fix"] for f in findings)


def test_doctor_reports_a_broken_configuration(tmp_path: Path) -> None:
    """Every error of the file is a failed finding."""
    from tests.cli.builders import call, write

    path = write(tmp_path / "w.yaml", "version: 1\nmailboxes: {}\n")
    said = call("doctor", "--json", "--config", str(path), INBOX_ROUTER_STATE=str(tmp_path / "state"))
    assert said.code == 1
    assert said.data["fail"] >= 1


# ------------------------------------------------------------------ how text is shown


def test_text_of_strangers_is_one_harmless_line() -> None:
    """Control, format and line characters go; long text is cut."""
    assert show.one_line("a\x1b[31m\r\nb\u202ec\x9b\u2028d\x00") == "a[31m bc d"
    assert show.one_line("x" * 500, 10) == "x" * 9 + "…"
    assert show.block("a\x1b\n\tb\x07") == "a\n    b"


def test_json_means_the_same_and_steers_no_terminal() -> None:
    """C1 controls and overrides are escaped."""
    import json

    text = show.json_text(json.dumps("a\x9b\u202e\x7fb", ensure_ascii=False))
    assert text.isascii()
    assert json.loads(text) == "a\x9b\u202e\x7fb"
