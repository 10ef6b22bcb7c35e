"""What the documentation shows can be used as it stands.

The rule for a fenced `yaml` block, by its first line:

- `# part …`: some blocks of a workflows.yaml. They replace those of a whole file that has everything.
- `# company.yaml …`: facts for replies.
- anything else: a whole workflows.yaml.

A fenced `markdown` block that begins with `---` is a saved reply.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from router.config.loading import load
from router.replies.facts import read_facts
from router.replies.library import load_library

ROOT = Path(__file__).parents[2]
PAGES = sorted([ROOT / "README.md", *(ROOT / "docs").rglob("*.md")])
WHOLE = {
    "version": "version: 1",
    "mailboxes": "mailboxes:\n  support: {address: support@acme.example, login: {password: {env: SUPPORT_PASSWORD}}}",
    "people": "people: {team: [olha@acme.example, bat@acme.example], lead: lead@acme.example}",
    "hours": "hours: {time_zone: Europe/Kyiv, open: {mon-fri: 09:00-18:00}}",
    "reply_within": "reply_within: 6h",
    "categories": "categories: {refund: Support/Refunds, cancel: Support/Cancellations, faq: Support/FAQ}",
    "senders": 'senders:\n  vip: {from: ["*@partner.example"], folder: Support/VIP}',
}
_FENCE = re.compile(r"^( *)```(\w+)[^\n]*\n(.*?)^\1```", re.MULTILINE | re.DOTALL)
_TOP_LEVEL = re.compile(r"^(\w+):", re.MULTILINE)


def blocks(language: str) -> Iterator[object]:
    """Every block of a language, with page and line as its name."""
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        for found in _FENCE.finditer(text):
            if found[2] == language:
                line = text.count("\n", 0, found.start()) + 1
                body = re.sub(rf"^{found[1]}", "", found[3], flags=re.MULTILINE)
                yield pytest.param(body, id=f"{page.relative_to(ROOT)}:{line}")


def completed(part: str) -> str:
    """A part within a whole file."""
    written = set(_TOP_LEVEL.findall(part))
    assert written, "a part names at least one block of workflows.yaml"
    return "\n".join([*(text for key, text in WHOLE.items() if key not in written), part])


@pytest.mark.parametrize("block", list(blocks("yaml")))
def test_yaml_in_the_documentation_is_accepted(block: str, tmp_path: Path) -> None:
    """No error and no warning."""
    if block.startswith("# company.yaml"):
        (tmp_path / "company.yaml").write_text(block, encoding="utf-8")
        facts, problems = read_facts(tmp_path / "company.yaml", file="company.yaml")
        assert facts
        assert problems == []
        return
    (tmp_path / "lists").mkdir()
    (tmp_path / "lists" / "vip.txt").write_text("ceo@big.example\n", encoding="utf-8")
    path = tmp_path / "workflows.yaml"
    path.write_text(completed(block) if block.startswith("# part") else block, encoding="utf-8")
    loaded = load(path)
    assert [p.render() for p in loaded.problems] == []
    assert loaded.configuration is not None


@pytest.mark.parametrize("block", list(blocks("markdown")))
def test_a_saved_reply_in_the_documentation_is_accepted(block: str, tmp_path: Path) -> None:
    """With the shipped facts and beside the shipped replies."""
    if not block.startswith("---"):
        pytest.skip("not a saved reply")
    (tmp_path / "warranty").mkdir()
    (tmp_path / "warranty" / "first.md").write_text(block, encoding="utf-8")
    library = load_library(tmp_path, known=load_library(ROOT / "replies").names())
    assert library.problems == ()
    assert library.reply_ids() == ("warranty/first",)


def test_the_rule_finds_blocks_and_refuses_wrong_ones(tmp_path: Path) -> None:
    """A check that finds nothing, or accepts anything, would prove nothing."""
    assert len(list(blocks("yaml"))) > 10
    path = tmp_path / "workflows.yaml"
    path.write_text(completed("reply_withn: 6h"), encoding="utf-8")
    assert load(path).errors
