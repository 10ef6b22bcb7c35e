"""The documentation speaks of what there is: commands, options, keys, settings, tests, pages."""

from __future__ import annotations

import re
from pathlib import Path

import click
import pytest
import typer.main

from router.act import fault
from router.cli.app import app
from router.config import schema
from router.store.tables import SQLModel

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
PAGES = sorted([ROOT / "README.md", *DOCS.rglob("*.md")])
COMMANDS = typer.main.get_command(app).commands  # type: ignore[attr-defined]
_LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")
_TEST = re.compile(r"`(tests/[\w/]+\.py)(?:::(\w+))?`")


def page(name: str) -> str:
    return (DOCS / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("path", PAGES, ids=lambda p: str(p.relative_to(ROOT)))
def test_links_lead_somewhere(path: Path) -> None:
    """Every relative link is a file of the checkout."""
    targets = [t for t in _LINK.findall(path.read_text(encoding="utf-8")) if "://" not in t and ":" not in t]
    assert [t for t in targets if not (path.parent / t).exists()] == []


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_and_option_is_described(name: str) -> None:
    """In commands.md, under a heading of its own."""
    text = page("reference/commands.md")
    assert f"## `{name}" in text
    section = text.split(f"## `{name}", 1)[1].split("\n## ", 1)[0]
    options = [option for option in COMMANDS[name].params if isinstance(option, click.Option)]
    longest = {max(option.opts, key=len) for option in options} - {"--config", "--json", "--help"}
    assert [name for name in sorted(longest) if name not in section] == []


def test_no_command_is_described_that_does_not_exist() -> None:
    """Neither in commands.md nor in any example."""
    described = set(re.findall(r"^## `(\w+)", page("reference/commands.md"), re.MULTILINE))
    assert described == set(COMMANDS)
    for path in PAGES:
        used = set(re.findall(r"(?:^|[\s`/])inbox-router ([a-z]+)\b", path.read_text(encoding="utf-8"), re.MULTILINE))
        assert used - set(COMMANDS) <= {"uses", "is", "does", "itself", "state"}, path


def parts() -> list[type[schema.Part]]:
    return [kind for kind in vars(schema).values() if isinstance(kind, type) and issubclass(kind, schema.Part)]


def test_every_key_of_the_file_is_described() -> None:
    """In workflows.md, as code."""
    text = page("reference/workflows.md")
    keys = {field.alias or name for part in parts() for name, field in part.model_fields.items()}
    assert [key for key in sorted(keys) if not re.search(rf"`[^`\n]*\b{re.escape(key)}\b[^`\n]*`", text)] == []


def test_every_table_is_described() -> None:
    """What is kept has no secret corner."""
    text = page("reference/state.md")
    assert [name for name in SQLModel.metadata.tables if f"`{name}`" not in text] == []


def test_every_setting_is_described() -> None:
    """Each variable that the code reads."""
    source = "\n".join(p.read_text(encoding="utf-8") for p in (ROOT / "router").rglob("*.py"))
    used = set(re.findall(r"INBOX_ROUTER_[A-Z_]+", source)) - {"INBOX_ROUTER_NO_PASSWORD"}  # a name that is never read
    text = page("reference/settings.md")
    assert used
    assert [name for name in sorted(used) if name not in text] == []
    assert [name for name in fault.POINTS if name not in text] == []


def test_tests_that_pages_name_exist() -> None:
    """A promise names the test that tries to break it."""
    named = [found for path in PAGES for found in _TEST.findall(path.read_text(encoding="utf-8"))]
    assert named
    for file, function in named:
        assert (ROOT / file).is_file(), file
        assert f"def {function}(" in (ROOT / file).read_text(encoding="utf-8") or not function, (file, function)
