"""What the environment says: where state lives, which database, and the secrets that workflows.yaml names.

| Variable | Meaning |
|---|---|
| `INBOX_ROUTER_STATE` | state directory; default `$XDG_STATE_HOME/inbox-router`, else `~/.local/state/inbox-router` |
| `INBOX_ROUTER_DATABASE_URL` | database; default SQLite in the state directory |
| `INBOX_ROUTER_FAULT_POINT` | where to die on purpose (tests only) |

The default state directory does not depend on the configuration's path: two daemons on one machine need two
`INBOX_ROUTER_STATE`s, and the second one says so at its start.
"""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from router.errors import ConfigError
from router.values import Secret

_LARGEST_SECRET = 4096  # bytes
_IGNORE_ALL = "# Written by Inbox Router: nothing here belongs into git.\n*\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The deployment's settings."""

    state: Path
    database_url: str
    fault_point: str = ""


def settings(environment: Mapping[str, str] | None = None) -> Settings:
    """The settings of this environment (by default the process's); an empty variable counts as unset."""
    env = os.environ if environment is None else environment
    state = Path(env.get("INBOX_ROUTER_STATE") or _default_state(env)).expanduser().absolute()
    return Settings(
        state=state,
        database_url=env.get("INBOX_ROUTER_DATABASE_URL") or f"sqlite:///{state / 'router.db'}",
        fault_point=env.get("INBOX_ROUTER_FAULT_POINT", ""),
    )


def _default_state(env: Mapping[str, str]) -> Path:
    """XDG Base Directory: a relative XDG_STATE_HOME is ignored."""
    base = Path(env.get("XDG_STATE_HOME", ""))
    if not base.is_absolute():
        base = Path(env.get("HOME") or "~") / ".local" / "state"
    return base / "inbox-router"


# ------------------------------------------------------------------ secrets


def read_secret(secret: Secret, environment: Mapping[str, str] | None = None) -> str:
    """The password itself. Raises `ConfigError` that says which variable or file is at fault, never what it holds."""
    if secret.literal is not None:
        return secret.literal
    if secret.env is not None:
        env = os.environ if environment is None else environment
        return _usable(env.get(secret.env, ""), f"the environment variable {secret.env}")
    if secret.file is None:
        raise ConfigError("this login names no password")
    return _usable(_secret_file(secret.file, environment), f"the password file {secret.file}")


def _secret_file(path: Path, environment: Mapping[str, str] | None) -> str:
    try:
        with path.open("rb") as file:
            mode = os.fstat(file.fileno()).st_mode
            content = file.read(_LARGEST_SECRET + 1)
    except OSError as error:
        raise ConfigError(f"cannot read the password file {path}: {(error.strerror or '').lower()}") from None
    if mode & stat.S_IROTH and not _guarded_elsewhere(path, environment):
        raise ConfigError(f"the password file {path} can be read by everybody on this machine: chmod 600 {path}")
    if len(content) > _LARGEST_SECRET:
        raise ConfigError(f"the password file {path} is larger than {_LARGEST_SECRET} bytes")
    try:
        return content.decode("utf-8-sig").removesuffix("\n").removesuffix("\r")
    except UnicodeDecodeError:
        raise ConfigError(f"the password file {path} is not UTF-8") from None


def _guarded_elsewhere(path: Path, environment: Mapping[str, str] | None) -> bool:
    """Container runtimes mount secrets as 0444 under /run/secrets, where only the container sees them; systemd
    guards the directory of its credentials."""
    env = os.environ if environment is None else environment
    guarded = ["/run/secrets", *filter(None, [env.get("CREDENTIALS_DIRECTORY")])]
    return any(path.resolve().is_relative_to(Path(directory).resolve()) for directory in guarded)


def _usable(password: str, source: str) -> str:
    if not password:
        raise ConfigError(f"{source} is not set or empty")
    if not password.isprintable():
        raise ConfigError(f"{source} holds a line break or another control character")
    return password


# ------------------------------------------------------------------ the state directory


def ignore_state_directory(path: Path) -> None:
    """Creates the state directory (mode 0700) with a rule that keeps it out of git."""
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    rule = path / ".gitignore"
    if not rule.exists():
        rule.write_text(_IGNORE_ALL, encoding="utf-8")


def state_directory_problem(path: Path) -> str | None:
    """Why this state directory must not be used: it lies in a git work tree that would take it in. None when it may."""
    tree = _work_tree(path.absolute())
    if tree is None or _ignores_itself(path) or _is_ignored(tree, path.absolute()):
        return None
    return (
        f"the state directory {path} lies in the git work tree {tree} and is not ignored: it holds customers' mail; "
        "run `inbox-router init`, add it to .gitignore, or set INBOX_ROUTER_STATE"
    )


def _work_tree(path: Path) -> Path | None:
    return next((parent for parent in (path, *path.parents) if (parent / ".git").exists()), None)


def _ignores_itself(path: Path) -> bool:
    try:
        lines = (path / ".gitignore").read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        return False
    return "*" in lines and not any(line.startswith("!") for line in lines)


def _is_ignored(tree: Path, path: Path) -> bool:
    """What git itself says; without git nobody can tell, so no."""
    git = shutil.which("git")
    if git is None:
        return False
    # A file inside it, because a rule like `/state/` names directories and this one may not exist yet.
    command = [git, "-c", "core.fsmonitor=false", "-C", str(tree), "check-ignore", "-q", "--", str(path / "router.db")]
    try:
        done = subprocess.run(command, capture_output=True, timeout=10, check=False)  # noqa: S603 — our own words and paths
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0
