"""`check`, `schema` and `init`: configuration from the command line."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from router.config.loading import load
from tests.cli.builders import RULES, Shop, call, write

HEAD = (
    "version: 1\nmailboxes:\n  support: {address: support@acme.example, login: {password: {env: SUPPORT_PASSWORD}}}\n"
)
GOOD = HEAD + RULES


def test_a_good_file_has_no_problems(tmp_path: Path) -> None:
    """Exit code 0 and an empty list."""
    said = call("check", str(write(tmp_path / "workflows.yaml", GOOD)), "--json")
    assert said.code == 0
    assert (said.data["errors"], said.data["problems"]) == (0, [])


def test_every_error_has_a_place_and_a_caret(tmp_path: Path) -> None:
    """All problems at once, each with file:line:col and a caret below the source line; exit code 78."""
    text = GOOD.replace("reply_within: 6h", "reply_within: 6x").replace("version: 1", "version: one")
    path = write(tmp_path / "workflows.yaml", text)
    said = call("check", str(path))
    assert said.code == 78
    headlines = [line for line in said.out.splitlines() if line.startswith(str(path))]
    assert len(headlines) == 2
    assert all(re.match(re.escape(str(path)) + r":\d+:\d+: ", line) for line in headlines)
    assert said.out.count("^") == 2
    data = call("check", str(path), "--json").data
    assert data["errors"] == 2
    assert {(p["line"], p["column"]) for p in data["problems"]} == {(1, 10), (5, 15)}


def test_problems_of_replies_are_found_too(tmp_path: Path) -> None:
    """A broken saved reply, and a reply that a workflow names and nobody wrote, are problems of the configuration."""
    write(tmp_path / "replies" / "money" / "first.md", "---\ntitle: Broken\n---\nDear {{ customer.shoe_size }},\n")
    rule = "workflows:\n  - {name: a, when: {category: money}, do: {draft: money/frist}}\n"
    data = call("check", str(write(tmp_path / "workflows.yaml", GOOD + rule)), "--json").data
    files = {Path(p["file"]).name for p in data["problems"]}
    assert files == {"workflows.yaml", "first.md"}


def test_warnings_are_findings_only_when_asked(tmp_path: Path) -> None:
    """A file with warnings can be used: exit code 0, and 3 with --detailed-exitcode."""
    path = str(write(tmp_path / "workflows.yaml", re.sub("people:.*\n", "", GOOD)))
    assert call("check", path).code == 0
    said = call("check", path, "--detailed-exitcode", "--json")
    assert said.code == 3
    assert (said.data["errors"], said.data["warnings"]) == (0, 1)


def test_expand_prints_a_file_that_means_the_same(tmp_path: Path) -> None:
    """What --expand prints is itself a valid configuration with the same rules."""
    path = write(tmp_path / "workflows.yaml", GOOD)
    long = write(tmp_path / "long.yaml", call("check", str(path), "--expand").out)
    short, spelled_out = load(path).configuration, load(long).configuration
    assert short is not None
    assert spelled_out is not None
    assert spelled_out.rules.categories == short.rules.categories


def test_a_missing_file_is_a_bad_configuration(tmp_path: Path) -> None:
    """Exit code 78, and the file is named."""
    said = call("check", str(tmp_path / "nothing.yaml"))
    assert said.code == 78
    assert "nothing.yaml:1:1" in said.out


def test_schema_is_a_json_schema() -> None:
    """Standard output is the schema and nothing else."""
    said = call("schema")
    assert said.code == 0
    assert "mailboxes" in said.data["properties"]


@pytest.mark.dovecot
def test_check_online_logs_in(shop: Shop) -> None:
    """--online says whether each mailbox can be reached; 75 when one cannot."""
    assert shop.call("check", str(shop.config), "--online").code == 0
    said = shop.call("check", str(shop.config), "--online", "--json", STAGE_PASSWORD="wrong")
    assert said.code == 75
    assert list(said.data["unreachable"]) == ["support"]


# ------------------------------------------------------------------ init


def options(shop: Shop) -> list[str]:
    password = write(shop.root / "password", shop.server.password)
    password.chmod(0o600)
    server = f"127.0.0.1:{shop.server.imap_port}"
    people = ["--team", "olha@acme.example, bat@acme.example", "--lead", "lead@acme.example"]
    login = ["--user", shop.user, "--password-file", str(password), "--imap", server]
    return ["--address", "support@acme.example", *login, *people, "--time-zone", "Europe/Kyiv", "--yes"]


@pytest.mark.dovecot
def test_init_tests_the_mailbox_and_writes_a_file_that_only_watches(shop: Shop) -> None:
    """The file is valid, in mode watch, names everybody, and the mailbox is as it was."""
    before = shop.snapshot()
    path = shop.root / "new" / "workflows.yaml"
    path.parent.mkdir()
    said = shop.call("init", *options(shop), "--config", str(path), "--json")
    assert said.code == 0, said.err
    assert said.data["tested"] == {"login": True, "drafts": True, "move": True}
    configuration = load(path).configuration
    assert configuration is not None
    (mailbox,) = configuration.mailboxes
    assert (mailbox.mode, mailbox.login.user) == ("watch", shop.user)
    assert [p.emails for p in configuration.rules.people] == [
        ("olha@acme.example", "bat@acme.example"),
        ("lead@acme.example",),
    ]
    assert shop.snapshot() == before
    assert shop.with_config("check").code == 0
    assert "*" in (shop.state / ".gitignore").read_text()


@pytest.mark.dovecot
def test_init_leaves_a_file_of_yours_alone(shop: Shop) -> None:
    """An existing file is refused; --force keeps a copy beside the new one."""
    old = shop.config.read_text()
    said = shop.call("init", *options(shop), "--config", str(shop.config))
    assert said.code == 1
    assert shop.config.read_text() == old
    said = shop.call("init", *options(shop), "--config", str(shop.config), "--force", "--json")
    assert Path(said.data["kept"]).read_text() == old
    assert "mode: watch" in shop.config.read_text()


@pytest.mark.dovecot
def test_init_writes_nothing_when_the_login_fails(shop: Shop) -> None:
    """Exit code 75 and no file."""
    path = shop.root / "new.yaml"
    wrong = ["--password-env", "WRONG_PASSWORD"]
    words = [w for w in options(shop) if w != "--password-file" and not w.endswith("/password")]
    said = shop.call("init", *words, *wrong, "--config", str(path), WRONG_PASSWORD="wrong")
    assert said.code == 75
    assert not path.exists()


def test_init_asks_nobody_without_a_terminal(tmp_path: Path) -> None:
    """A missing address is a usage error that names the option."""
    said = call("init", "--config", str(tmp_path / "w.yaml"), INBOX_ROUTER_STATE=str(tmp_path / "state"))
    assert said.code == 2
    assert "--address" in said.err


@pytest.mark.parametrize("address", ["a b@x.example", 'a"b@x.example', "a@x.example\nmode: file", "{env: X}@x.example"])
def test_init_writes_no_answer_as_yaml(tmp_path: Path, address: str) -> None:
    """What was typed is a value, whatever it looks like: the file holds that address or is not written."""
    path = tmp_path / "w.yaml"
    words = ["init", "--address", address, "--skip-test", "--yes", "--config", str(path)]
    said = call(*words, INBOX_ROUTER_STATE=str(tmp_path / "state"))
    assert said.code in (0, 2)
    loaded = load(path).configuration if path.exists() else None
    assert loaded is None or (loaded.mailboxes[0].address == address and loaded.mailboxes[0].mode == "watch")
