"""The environment, secrets, and a state directory that git must not take in."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from router.config.settings import ignore_state_directory, read_secret, settings, state_directory_problem
from router.errors import ConfigError
from router.values import Secret


def a_secret_file(directory: Path, content: bytes = b"s3cret\n", mode: int = 0o600) -> Path:
    path = directory / "password"
    path.write_bytes(content)
    path.chmod(mode)
    return path


def test_state_lives_where_xdg_says() -> None:
    """Without a setting of ours, below XDG_STATE_HOME or ~/.local/state; the database lies in it."""
    assert settings({"HOME": "/home/olha"}).state == Path("/home/olha/.local/state/inbox-router")
    assert settings({"HOME": "/home/olha", "XDG_STATE_HOME": "/var/x"}).state == Path("/var/x/inbox-router")
    assert settings({"HOME": "/home/olha", "XDG_STATE_HOME": "relative"}).state.parts[1:3] == ("home", "olha")
    assert settings({"HOME": "/home/olha"}).database_url == ("sqlite:////home/olha/.local/state/inbox-router/router.db")


def test_our_own_variables_win() -> None:
    """State directory, database and fault point can be set; an empty variable is unset."""
    environment = {
        "HOME": "/h",
        "INBOX_ROUTER_STATE": "/srv/router",
        "INBOX_ROUTER_DATABASE_URL": "postgresql://db/router",
        "INBOX_ROUTER_FAULT_POINT": "after-move",
    }
    found = settings(environment)
    assert (found.state, found.database_url, found.fault_point) == (
        Path("/srv/router"),
        "postgresql://db/router",
        "after-move",
    )
    assert settings({"HOME": "/h", "INBOX_ROUTER_STATE": ""}).state == Path("/h/.local/state/inbox-router")


def test_a_password_comes_from_a_variable_or_a_file(tmp_path: Path) -> None:
    """A final line break is the editor's, blanks are the password's."""
    assert read_secret(Secret(env="PASSWORD"), {"PASSWORD": "a b "}) == "a b "
    assert read_secret(Secret(file=a_secret_file(tmp_path, b" s3cret \r\n"))) == " s3cret "
    assert read_secret(Secret(literal="typed")) == "typed"


def test_a_password_file_that_everybody_can_read_is_refused(tmp_path: Path) -> None:
    """The error names the file and the cure, never the password."""
    path = a_secret_file(tmp_path, mode=0o644)
    with pytest.raises(ConfigError, match=f"chmod 600 {path}") as caught:
        read_secret(Secret(file=path))
    assert "s3cret" not in str(caught.value)


def test_the_service_managers_directory_guards_its_files(tmp_path: Path) -> None:
    """systemd protects the directory of credentials, whatever the mode of a file in it."""
    path = a_secret_file(tmp_path, mode=0o644)
    assert read_secret(Secret(file=path), {"CREDENTIALS_DIRECTORY": str(tmp_path)}) == "s3cret"


def test_a_path_may_begin_where_systemd_puts_credentials(tmp_path: Path) -> None:
    """The unit's directory has another name at each start; without systemd the reason is said."""
    a_secret_file(tmp_path, mode=0o400)
    secret = Secret(file=Path("$CREDENTIALS_DIRECTORY/password"))
    assert read_secret(secret, {"CREDENTIALS_DIRECTORY": str(tmp_path)}) == "s3cret"
    with pytest.raises(ConfigError, match="systemd"):
        read_secret(secret, {})


def test_a_desktops_keyring_holds_the_password(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is asked by service and user; an entry that is missing is said."""
    entries = {("inbox-router", "anna@acme.example"): "from the ring"}
    monkeypatch.setattr("keyring.get_password", lambda service, user: entries.get((service, user)))
    assert read_secret(Secret(keyring="inbox-router"), user="anna@acme.example") == "from the ring"
    with pytest.raises(ConfigError, match=r"keyring's entry inbox-router of bat@acme\.example is not set"):
        read_secret(Secret(keyring="inbox-router"), user="bat@acme.example")


BAD_SECRETS = [(b"", "not set or empty"), (b"a\nb\n", "line break"), (b"x" * 20_000, "larger"), (b"\xff\n", "UTF-8")]


@pytest.mark.parametrize(("content", "reason"), BAD_SECRETS)
def test_what_cannot_be_a_password_is_refused(content: bytes, reason: str, tmp_path: Path) -> None:
    """Empty, of several lines, too long or no text."""
    with pytest.raises(ConfigError, match=reason):
        read_secret(Secret(file=a_secret_file(tmp_path, content)))


def test_a_missing_password_says_where_it_was_looked_for(tmp_path: Path) -> None:
    """The variable or the file is named."""
    with pytest.raises(ConfigError, match="environment variable NOPE"):
        read_secret(Secret(env="NOPE"), {})
    with pytest.raises(ConfigError, match="no such file"):
        read_secret(Secret(file=tmp_path / "absent"))


@pytest.fixture
def work_tree(tmp_path: Path) -> Path:
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    return tmp_path


def test_state_outside_a_work_tree_is_fine(tmp_path: Path) -> None:
    """No repository, no danger."""
    assert state_directory_problem(tmp_path / "state") is None


def test_unignored_state_in_a_work_tree_is_refused(work_tree: Path) -> None:
    """Customers' mail must not be one `git add .` away from being published."""
    problem = state_directory_problem(work_tree / "state")
    assert problem is not None
    assert "not ignored" in problem


def test_state_that_git_ignores_is_fine(work_tree: Path) -> None:
    """The work tree's own rule counts, even before the directory exists."""
    (work_tree / ".gitignore").write_text("/state/\n", encoding="utf-8")
    assert state_directory_problem(work_tree / "state") is None
    assert state_directory_problem(work_tree / "elsewhere") is not None


def test_a_prepared_state_directory_ignores_itself(work_tree: Path) -> None:
    """The directory is private and carries the rule with it; git agrees."""
    state = work_tree / "state"
    ignore_state_directory(state)
    (state / "router.db").write_bytes(b"mail")
    assert state.stat().st_mode & 0o777 == 0o700
    assert state_directory_problem(state) is None
    status = subprocess.run(["git", "-C", str(work_tree), "status", "--short"], capture_output=True, check=True)
    assert status.stdout == b""
