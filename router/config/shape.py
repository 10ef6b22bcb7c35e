"""Which model of the schema stands where, and what its keys hold when the admin leaves them out."""

from __future__ import annotations

import copy
import types
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from router.config.nodes import Path
from router.config.schema import WorkflowsFile


def model_at(path: Path) -> type[BaseModel] | None:
    """The model that validates the block at a path; None where no block is expected."""
    kind: Any = WorkflowsFile
    for part in path:
        kind = _inside(kind, part)
    return _model(kind)


def keys(model: type[BaseModel]) -> dict[str, FieldInfo]:
    """A model's fields by the key that YAML uses."""
    return {field.alias or name: field for name, field in model.model_fields.items()}


def with_defaults(value: Any, kind: Any = WorkflowsFile) -> Any:
    """A plain long form with every key spelled out whose default says something."""
    kind = _bare(kind)
    model = _model(kind)
    if model is not None and isinstance(value, dict):
        fields = keys(model)
        spelled = {key: _default(field) for key, field in fields.items() if key not in value}
        given = {key: with_defaults(v, fields[key].annotation if key in fields else None) for key, v in value.items()}
        return given | {key: default for key, default in spelled.items() if default}
    if get_origin(kind) is dict and isinstance(value, dict):
        return {key: with_defaults(v, get_args(kind)[1]) for key, v in value.items()}
    if get_origin(kind) is list and isinstance(value, list):
        return [with_defaults(v, get_args(kind)[0]) for v in value]
    return value


def _default(field: FieldInfo) -> Any:
    if field.is_required():
        return None
    if isinstance(field.default, BaseModel):
        return with_defaults({}, type(field.default))
    return copy.copy(field.default)  # a shared list would be written as an alias


def _inside(kind: Any, part: str | int) -> Any:
    model = _model(kind)
    if model is not None:
        field = keys(model).get(str(part))
        return _bare(field.annotation) if field else None
    if get_origin(kind) in {dict, list}:
        return _bare(get_args(kind)[-1])
    return None


def _model(kind: Any) -> type[BaseModel] | None:
    return kind if isinstance(kind, type) and issubclass(kind, BaseModel) else None


def _bare(kind: Any) -> Any:
    """An annotation without Annotated and None."""
    if get_origin(kind) is Annotated:
        return _bare(get_args(kind)[0])
    if get_origin(kind) in {Union, types.UnionType}:
        return _bare(next(part for part in get_args(kind) if part is not type(None)))
    return kind
