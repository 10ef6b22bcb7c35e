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

CREDENTIALS = "$CREDENTIALS_DIRECTORY/"  # how a path below the directory of systemd's credentials begins
_LARGEST_SECRET = 16 * 1024  # bytes; a service account's key has 2.4 KB
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


def read_secret(secret: Secret, environment: Mapping[str, str] | None = None, *, user: str = "") -> str:
    """The password itself; `user` is whose it is in a keyring.

    Raises `ConfigError` that says which variable, file or service is at fault, never what it holds.
    """
    text, source = _found_secret(secret, environment, user)
    if text and not text.isprintable():
        raise ConfigError(f"{source} holds a line break or another control character")
    return text


def read_document(secret: Secret, environment: Mapping[str, str] | None = None) -> str:
    """A secret of several lines, such as a JSON file. Raises `ConfigError` as `read_secret` does."""
    return _found_secret(secret, environment, "")[0]


def _found_secret(secret: Secret, environment: Mapping[str, str] | None, user: str) -> tuple[str, str]:
    """The secret, which is not empty, and the words for where it was."""
    if secret.literal is not None:
        return secret.literal, "what was typed"
    env = os.environ if environment is None else environment
    if secret.env is not None:
        text, source = env.get(secret.env, ""), f"the environment variable {secret.env}"
    elif secret.keyring is not None:
        text, source = _in_keyring(secret.keyring, user), f"the keyring's entry {secret.keyring} of {user}"
    elif secret.file is not None:
        path = secret_path(secret.file, env)
        text, source = _secret_file(path, env), f"the secret file {path}"
    else:
        raise ConfigError("this login names no password")
    if not text:
        raise ConfigError(f"{source} is not set or empty")
    return text, source


def secret_path(path: Path, environment: Mapping[str, str] | None = None) -> Path:
    """Where a secret file lies: below the directory of systemd's credentials when it is written so."""
    if not str(path).startswith(CREDENTIALS):
        return path
    directory = (os.environ if environment is None else environment).get("CREDENTIALS_DIRECTORY")
    if not directory:
        raise ConfigError(f"{path}: CREDENTIALS_DIRECTORY is set only where systemd loads the credential")
    return Path(directory) / str(path).removeprefix(CREDENTIALS)


def _in_keyring(service: str, user: str) -> str:
    try:
        import keyring
        from keyring.errors import KeyringError
    except ImportError:
        raise ConfigError("a keyring needs the extra: pip install 'inbox-router[desktop]'") from None
    try:
        return keyring.get_password(service, user) or ""
    except KeyringError as error:
        raise ConfigError(f"this machine's keyring cannot be read: {error}") from None


def _secret_file(path: Path, environment: Mapping[str, str]) -> str:
    try:
        with path.open("rb") as file:
            mode = os.fstat(file.fileno()).st_mode
            content = file.read(_LARGEST_SECRET + 1)
    except OSError as error:
        raise ConfigError(f"cannot read the secret file {path}: {(error.strerror or '').lower()}") from None
    if mode & stat.S_IROTH and not guarded_elsewhere(path, environment):
        raise ConfigError(f"the secret file {path} can be read by everybody on this machine: chmod 600 {path}")
    if len(content) > _LARGEST_SECRET:
        raise ConfigError(f"the secret file {path} is larger than {_LARGEST_SECRET} bytes")
    try:
        return content.decode("utf-8-sig").removesuffix("\n").removesuffix("\r")
    except UnicodeDecodeError:
        raise ConfigError(f"the secret file {path} is not UTF-8") from None


def guarded_elsewhere(path: Path, environment: Mapping[str, str]) -> bool:
    """Whether something else than its mode guards this file: container runtimes mount secrets as 0444 under
    /run/secrets, where only the container sees them; systemd guards the directory of its credentials."""
    guarded = ["/run/secrets", *filter(None, [environment.get("CREDENTIALS_DIRECTORY")])]
    return any(path.resolve().is_relative_to(Path(directory).resolve()) for directory in guarded)


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
