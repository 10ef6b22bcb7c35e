"""The JSON Schema of workflows.yaml, for editors that complete and check while the admin writes."""

from __future__ import annotations

from typing import Any

from router.config.longform import BLOCKS
from router.config.schema import WorkflowsFile

# Keys of the long form that the admin may leave out, because the long form fills them.
_FILLED = {"LoginPart": {"user"}, "ServerPart": {"port", "tls"}}


def json_schema() -> dict[str, Any]:
    """The JSON Schema (draft 7) of everything workflows.yaml may hold, short forms included."""
    schema = WorkflowsFile.model_json_schema(by_alias=True, ref_template="#/definitions/{model}")
    definitions: dict[str, Any] = schema.pop("$defs")
    for name, filled in _FILLED.items():
        part = definitions[name]
        part["required"] = [key for key in part["required"] if key not in filled]
    # `hours:` may be one calendar instead of named ones.
    schema["properties"]["hours"]["anyOf"].append({"$ref": "#/definitions/HoursPart"})
    for block in BLOCKS:
        schema["properties"][block].pop("default", None)
        schema["properties"][block] = {"anyOf": [schema["properties"][block], {"type": "null"}]}
    head = {"$schema": "http://json-schema.org/draft-07/schema#"}
    return head | {key: _draft_7(value) for key, value in (schema | {"definitions": definitions}).items()}


def _draft_7(node: Any) -> Any:
    """Draft 7 ignores what stands beside `$ref`, so a `$ref` with a description moves into `allOf`."""
    if isinstance(node, list):
        return [_draft_7(item) for item in node]
    if not isinstance(node, dict):
        return node
    # Generated titles only repeat the keys.
    kept = {k: _draft_7(v) for k, v in node.items() if k != "title" or not isinstance(v, str)}
    if "$ref" in kept and len(kept) > 1:
        kept["allOf"] = [{"$ref": kept.pop("$ref")}]
    return kept
