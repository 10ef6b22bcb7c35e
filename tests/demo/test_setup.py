"""A fresh machine is set up by `make demo` and `make test`, and by nothing that only works on ours."""

import os
import re
import subprocess
import tempfile
import tomllib
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).parents[2]
TARGETS = ("demo", "test", "lint", "types", "contracts", "check", "clean", "help")


def run(*command: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """The command in the checkout, without input, with only the standard directories on PATH and what is given."""
    return subprocess.run(
        command,
        cwd=CHECKOUT,
        env={"PATH": "/usr/bin:/bin", "HOME": "/nonexistent", **environment},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
    )


@pytest.mark.parametrize("target", TARGETS)
def test_make_knows_its_targets(target: str) -> None:
    """Every target of the documentation can be planned without running it."""
    assert run("make", "-n", target).returncode == 0


def test_make_alone_explains_itself() -> None:
    """`make` without a target lists the targets and does nothing."""
    shown = run("make").stdout
    assert all(f"make {target}" in shown for target in TARGETS)


@pytest.mark.parametrize(("target", "extra"), [("demo", "demo"), ("test", "dev"), ("lint", "dev")])
def test_targets_set_themselves_up_with_the_chosen_python(target: str, extra: str) -> None:
    """The demo installs less than the tests, and PYTHON chooses the interpreter."""
    planned = run("make", "-n", target, "PYTHON=/opt/python").stdout
    assert f'PYTHON="/opt/python" sh deploy/setup-venv.sh {extra}' in planned


@pytest.mark.parametrize("script", ["deploy/setup-venv.sh", "deploy/setup-servers.sh"])
def test_setup_scripts_are_posix_shell(script: str) -> None:
    """The scripts parse as plain sh, which is all that a minimal Debian has."""
    assert run("sh", "-n", script).returncode == 0
    assert (CHECKOUT / script).read_text().startswith("#!/bin/sh\n")


def a_checkout(path: Path) -> Path:
    """A copy of what the setup needs, with no virtual environment yet."""
    (path / "deploy").mkdir()
    for name in ("deploy/setup-venv.sh", "pyproject.toml", "constraints.txt"):
        (path / name).write_bytes((CHECKOUT / name).read_bytes())
    return path


def a_python(path: Path, script: str) -> str:
    """A command that passes for an interpreter."""
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return str(path)


def test_a_python_that_is_too_old_is_named(tmp_path: Path) -> None:
    """An old interpreter is refused before anything is written, with its version and what to do."""
    python = a_python(tmp_path / "python3", 'case $1 in -V) echo "Python 3.9.2" ;; *) exit 1 ;; esac')
    outcome = run("sh", str(a_checkout(tmp_path) / "deploy/setup-venv.sh"), "dev", PYTHON=python)
    assert outcome.returncode == 1
    assert "Python 3.9.2 is too old" in outcome.stderr
    assert not (tmp_path / ".venv").exists()


@pytest.mark.skipif(os.geteuid() != 0, reason="becomes an ordinary user, which only root can")
def test_without_venv_an_ordinary_user_is_told_the_line_to_run() -> None:
    """Debian's python3 without python3-venv: exit 1 and one line to copy, nothing half made."""
    script = 'case $2 in *ensurepip*) exit 1 ;; *) exec /usr/bin/python3 "$@" ;; esac'
    with tempfile.TemporaryDirectory() as folder:  # pytest's own is closed to other users
        checkout = a_checkout(Path(folder))
        python = a_python(checkout / "python3", script)
        checkout.chmod(0o755)
        nobody = ("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups")
        outcome = run(*nobody, "sh", str(checkout / "deploy/setup-venv.sh"), "demo", PYTHON=python)
        assert outcome.returncode == 1
        assert "sudo apt-get update && sudo apt-get install -y python3-venv" in outcome.stderr
        assert not (checkout / ".venv").exists()


def test_an_unchanged_installation_is_left_alone(tmp_path: Path) -> None:
    """With a stamp that fits, nothing runs; a changed constraints.txt makes it run again."""
    checkout = a_checkout(tmp_path)
    script = str(checkout / "deploy/setup-venv.sh")
    (checkout / ".venv/bin").mkdir(parents=True)
    calls = checkout / "calls"
    a_python(checkout / ".venv/bin/python", f'echo "$@" >>"{calls}"')
    assert run("sh", script, "dev").returncode == 0
    assert "install -q -c constraints.txt -e .[dev]" in calls.read_text()
    calls.unlink()
    assert run("sh", script, "dev").returncode == 0
    assert run("sh", script, "demo").returncode == 0, "dev holds all that the demo needs"
    assert not calls.exists()
    with (checkout / "constraints.txt").open("a") as constraints:
        constraints.write("# changed\n")
    assert run("sh", script, "dev").returncode == 0
    assert calls.exists()


def test_constraints_pin_versions_and_name_no_place() -> None:
    """constraints.txt holds `name==version` lines with markers at most: no registry, no path, no option."""
    lines = (CHECKOUT / "constraints.txt").read_text().splitlines()
    assert lines
    for line in lines:
        assert re.fullmatch(r"[a-z0-9.-]+==[0-9A-Za-z.]+( ; [^:/]+)?", line), line


def test_every_dependency_is_pinned_and_has_its_reason() -> None:
    """Each line of pyproject.toml's dependencies is in constraints.txt and in the record of dependencies."""
    pinned = {line.partition("==")[0] for line in (CHECKOUT / "constraints.txt").read_text().splitlines()}
    reasons = (CHECKOUT / "docs/adr/0002-dependencies.md").read_text()
    for name in dependencies():
        assert re.sub(r"[._]", "-", name) in pinned, name
        assert re.search(rf"^\| {re.escape(name)} \|", reasons, re.MULTILINE), f"{name} has no line in ADR 2"


def dependencies() -> list[str]:
    """The names in pyproject.toml's dependencies and extras."""
    project = tomllib.loads((CHECKOUT / "pyproject.toml").read_text())["project"]
    lines = [*project["dependencies"], *(line for extra in project["optional-dependencies"].values() for line in extra)]
    names = [re.match(r"[A-Za-z0-9._-]+", line)[0] for line in lines]  # type: ignore[index]
    return [name for name in names if name != "inbox-router"]
