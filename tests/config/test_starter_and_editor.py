"""What ships, the long form as text, and the schema for editors."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from router.config import starter
from router.config.editor import json_schema
from router.config.loading import load
from router.config.nodes import plain
from router.config.reader import read
from router.config.starter import expand, is_untouched_starter, shipped_phrases, starter_root
from tests.config.builders import findings
from tests.config.test_meaning import LONG, TWELVE_LINES


def test_the_shipped_file_has_nothing_to_complain_about() -> None:
    """The first file that anybody sees is free of errors and warnings."""
    result = load(starter_root() / "workflows.yaml")
    assert findings(result) == []
    assert result.configuration is not None


def test_an_untouched_starter_is_recognised(tmp_path: Path) -> None:
    """A copy is untouched until one byte changes; an absent file is none."""
    shipped = (starter_root() / "workflows.yaml").read_bytes()
    path = tmp_path / "workflows.yaml"
    assert not is_untouched_starter(path)
    path.write_bytes(shipped)
    assert is_untouched_starter(path)
    path.write_bytes(shipped + b"\n")
    assert not is_untouched_starter(path)


def test_starter_files_are_found_in_a_wheel_and_in_a_checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The packed copy wins; without one they lie beside the package."""
    module = tmp_path / "router" / "config" / "starter.py"
    monkeypatch.setattr(starter, "__file__", str(module))
    assert starter_root() == tmp_path
    packed = tmp_path / "router" / "_starter"
    packed.mkdir(parents=True)
    assert starter_root() == packed


def test_phrases_are_optional(tmp_path: Path) -> None:
    """Without shipped phrases, or with a broken file of them, categories have only their own."""
    assert shipped_phrases(tmp_path) == {}
    (tmp_path / "models" / "starter").mkdir(parents=True)
    path = tmp_path / "models" / "starter" / "phrases.yaml"
    path.write_text("refund: {phrases: {en: [refund, 404]}}\nother: {phrases: {en: [x]}}\n", encoding="utf-8")
    assert shipped_phrases(tmp_path) == {"refund": ({"en": ("refund", "404")}, {})}
    path.write_text("refund: [", encoding="utf-8")
    assert shipped_phrases(tmp_path) == {}


@pytest.mark.parametrize("text", [TWELVE_LINES, LONG], ids=["short", "long"])
def test_the_expanded_file_means_the_same(text: str, tmp_path: Path) -> None:
    """Rules built from the long form equal those of the short one, and expanding twice changes nothing."""
    (tmp_path / "lists").mkdir()
    (tmp_path / "lists" / "vip.txt").write_text("*@partner.example\n", encoding="utf-8")
    path = tmp_path / "workflows.yaml"
    path.write_text(text, encoding="utf-8")
    before = load(path).configuration
    path.write_text(expand(text), encoding="utf-8")
    after = load(path).configuration
    assert before is not None
    assert after is not None
    assert after == replace(before, digest=after.digest)
    assert expand(expand(text)) == expand(text)


def test_the_expanded_file_shows_defaults() -> None:
    """What the admin did not say is spelled out."""
    text = expand(TWELVE_LINES)
    assert "mode: file" in text
    assert "unsure_tag: router-unsure" in text
    assert "escalate: lead, repeat: 2h, at_most: 3" in text
    assert "name: suggest-replies" in text


def test_what_is_no_yaml_cannot_be_expanded() -> None:
    """The reason comes with its place."""
    with pytest.raises(ValueError, match=r"workflows\.yaml:1:4"):
        expand("a: @b")


# ------------------------------------------------------------------ the JSON Schema


def fits(value: Any, schema: dict[str, Any], root: dict[str, Any]) -> bool:
    """A validator for the keywords that our schema uses."""
    if "$ref" in schema:
        return fits(value, root["definitions"][schema["$ref"].rpartition("/")[2]], root)
    if "anyOf" in schema and not any(fits(value, part, root) for part in schema["anyOf"]):
        return False
    if not all(fits(value, part, root) for part in schema.get("allOf", ())):
        return False
    if ("const" in schema and value != schema["const"]) or ("enum" in schema and value not in schema["enum"]):
        return False
    if not is_of(value, schema.get("type")):
        return False
    if isinstance(value, dict):
        return fits_object(value, schema, root)
    if isinstance(value, list) and "items" in schema:
        return all(fits(item, schema["items"], root) for item in value)
    return True


def is_of(value: Any, kind: str | list[str] | None) -> bool:
    if isinstance(kind, list):
        return any(is_of(value, one) for one in kind)
    kinds: dict[str, Any] = {"object": dict, "array": list, "string": str, "boolean": bool, "null": type(None)}
    kinds |= {"integer": int, "number": (int, float)}
    return kind is None or isinstance(value, kinds[kind])


def fits_object(value: dict[str, Any], schema: dict[str, Any], root: dict[str, Any]) -> bool:
    properties = schema.get("properties", {})
    others = schema.get("additionalProperties", True)
    for key, item in value.items():
        if key in properties:
            if not fits(item, properties[key], root):
                return False
        elif others is False or (isinstance(others, dict) and not fits(item, others, root)):
            return False
    return all(key in value for key in schema.get("required", ()))


def as_yaml(text: str) -> Any:
    document = read(text.encode(), "w.yaml")
    assert document.root is not None
    return plain(document.root)


@pytest.mark.parametrize("text", [TWELVE_LINES, LONG, expand(TWELVE_LINES), expand(LONG)])
def test_editors_accept_short_and_long_files(text: str) -> None:
    """No red line under anything that `check` accepts."""
    schema = json_schema()
    value = as_yaml(text)
    assert fits(value, schema, schema)


@pytest.mark.parametrize(
    "change",
    [{"huors": "24/7"}, {"version": 2}, {"mailboxes": {"a": {}}}, {"workflows": [{"name": "x", "when": {"nope": 1}}]}],
)
def test_editors_see_mistakes(change: dict[str, Any]) -> None:
    """Unknown keys, wrong values and missing keys are underlined."""
    schema = json_schema()
    assert not fits(as_yaml(TWELVE_LINES) | change, schema, schema)


def test_the_schema_keeps_to_draft_7() -> None:
    """Editors know draft 7 best: no newer keyword, nothing beside `$ref`, and a description for every block."""
    schema = json_schema()
    text = json.dumps(schema)
    assert schema["$schema"] == "http://json-schema.org/draft-07/schema#"
    assert not any(word in text for word in ('"$defs"', "prefixItems", "unevaluatedProperties", "dependentRequired"))
    assert all("description" in json.dumps(part) for part in schema["properties"].values())

    def lonely(node: Any) -> bool:
        if isinstance(node, dict):
            return ("$ref" not in node or len(node) == 1) and all(map(lonely, node.values()))
        return not isinstance(node, list) or all(map(lonely, node))

    assert lonely(schema)
