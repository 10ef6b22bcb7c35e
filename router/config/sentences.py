"""Pydantic's findings as plain sentences at the place the admin wrote."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from pydantic import BaseModel
from pydantic_core import ErrorDetails

from router.config import schema
from router.config.nodes import Array, Found, Node, Path, Place, Scalar, Table, is_null, nearest
from router.config.problems import Problem, did_you_mean, quote
from router.config.reader import Document
from router.config.shape import keys, model_at

# Keys of the format that this version does not act on: said so, never silently ignored.
_NOT_YET: Mapping[type[BaseModel], frozenset[str]] = {
    schema.WorkflowsFile: frozenset({"reports", "promises"}),
    schema.PersonPart: frozenset({"rota"}),
    schema.HolidaysPart: frozenset({"country", "kind"}),
    schema.ClassifyPart: frozenset({"wrong_at_most"}),
    schema.LearnPart: frozenset({"folders"}),
    schema.WorkflowPart: frozenset({"update_within", "resolve_within"}),
    schema.DoPart: frozenset({"note", "assign", "forward", "pause", "resume", "resolve", "reopen", "snooze"}),
    schema.ConditionPart: frozenset(
        {
            *("within", "outside", "answered", "resolved", "waiting_for", "quiet_for", "flagged"),
            *("rating", "promise_due", "field", "claimed_by"),
        }
    ),
}
_NOT_YET_VALUES = {("drafts", "format", "html")}

# A right key in a wrong block.
_BESIDE_DO = "it stands beside `do`, not in it"
_ELSEWHERE: Mapping[tuple[type[BaseModel], str], str] = {
    (schema.DoPart, "reply_within"): _BESIDE_DO,
    (schema.DoPart, "resolve_within"): _BESIDE_DO,
    (schema.DoPart, "update_within"): _BESIDE_DO,
    (schema.CategoryPart, "words"): "did you mean 'phrases'?",
    (schema.CategoryPart, "keywords"): "did you mean 'phrases'?",
    **{
        (schema.WorkflowPart, key): "it belongs into `do`"
        for key in ("stop", "draft", "tag", "flag", "folder", "leave")
    },
    **{
        (schema.WorkflowPart, key): "it belongs into `when`"
        for key in ("category", "sender", "subject", "from", "any", "all")
    },
    **{(schema.MailboxPart, key): "it belongs into `login`" for key in ("user", "password", "oauth")},
    **{(schema.MailboxPart, key): "it belongs into `imap` or `smtp`" for key in ("host", "port", "tls")},
    **{(schema.TargetPart, key): "it belongs into one of `steps`" for key in ("remind", "escalate", "tag", "flag")},
}

_HINTS: Mapping[tuple[type[BaseModel], str], str] = {
    (schema.WorkflowsFile, "version"): "write version: 1",
    (schema.WorkflowsFile, "mailboxes"): "name at least one support account",
    (schema.MailboxPart, "login"): "write login: {password: {env: SUPPORT_PASSWORD}}",
    (schema.MailboxPart, "address"): "write the address that customers write to",
    (schema.WorkflowPart, "when"): "write when: {} for every mail",
    (schema.WorkflowPart, "name"): "each workflow has a name of its own",
    (schema.StepPart, "at"): "write at: 75%",
    (schema.TargetPart, "target"): "write target: 6h",
    (schema.SendersPart, "from"): "write from: [name@customer.example]",
}


def problems_of(document: Document, root: Node, errors: list[ErrorDetails]) -> list[Problem]:
    """Each of Pydantic's errors as a problem."""
    return [_problem(document, root, error) for error in errors]


def _problem(document: Document, root: Node, error: ErrorDetails) -> Problem:
    path: Path = tuple(error["loc"])
    if path and path[-1] == "[key]":
        found, _ = nearest(root, path[:-1])
        return document.problem(found.owner, *_said(error, found))
    found, rest = nearest(root, path)
    model = model_at(path if not rest else path[: len(path) - len(rest)])
    if error["type"] == "missing":
        return document.problem(_owner_or_start(found), *_missing(model, str(rest[0]) if rest else ""))
    if error["type"] == "extra_forbidden":
        return _unknown_key(document, found, model_at(path[:-1]))
    if (*path, _shown(found.node)) in _NOT_YET_VALUES:
        return document.problem(found.place, f"`{_shown(found.node)}` is not supported by this version yet")
    secret = next((key for key in ("password", "client", "token") if key in path), "")
    if secret and not isinstance(found.node, Table):
        problem = document.problem(
            found.place,
            f"a {secret} does not stand in this file",
            "write {file: PATH}" if secret == "token" else "write {env: NAME} or {file: PATH}",  # noqa: S105
        )
        return replace(problem, source="")  # the line may be the secret itself
    return document.problem(found.place, *_said(error, found))


def _owner_or_start(found: Found) -> Place:
    return found.owner if found.path else Place(1, 1)


def _missing(model: type[BaseModel] | None, key: str) -> tuple[str, str]:
    hint = _HINTS.get((model, key), "") if model else ""
    return f"the key {quote(key)} is missing", hint


def _unknown_key(document: Document, found: Found, model: type[BaseModel] | None) -> Problem:
    key = str(found.path[-1])
    if model is None:
        return document.problem(found.owner, f"unknown key {quote(key)}")
    if key in _NOT_YET.get(model, ()):
        return document.problem(found.owner, f"`{key}` is not supported by this version yet")
    elsewhere = _ELSEWHERE.get((model, key))
    return document.problem(found.owner, f"unknown key {quote(key)}", elsewhere or did_you_mean(key, keys(model)))


# ------------------------------------------------------------------ the sentences

Sentence = Callable[[Mapping[str, Any], Found], tuple[str, str]]


def _said(error: ErrorDetails, found: Found) -> tuple[str, str]:
    sentence = _SENTENCES.get(error["type"])
    context = error.get("ctx", {})
    if sentence is None:
        return error["msg"][:1].lower() + error["msg"][1:], ""
    return sentence(context, found)


def _expected(what: str, hint: str = "") -> Sentence:
    def sentence(_: Mapping[str, Any], found: Found) -> tuple[str, str]:
        return f"expected {what}, found {_kind(found.node)}", hint

    return sentence


def _kind(node: Node) -> str:
    if isinstance(node, Table):
        return "a block of keys"
    if isinstance(node, Array):
        return "a list"
    if is_null(node):
        return "nothing"
    if isinstance(node.value, bool):
        return f"the boolean {node.text}"
    if isinstance(node.value, int | float):
        return f"the number {node.text}"
    return f"the text {quote(node.text)}"


def _shown(node: Node) -> str:
    return node.text if isinstance(node, Scalar) else ""


def _text_expected(_: Mapping[str, Any], found: Found) -> tuple[str, str]:
    hint = "write it in quotes" if isinstance(found.node, Scalar) and not is_null(found.node) else ""
    return f"expected text, found {_kind(found.node)}", hint


def _one_of(context: Mapping[str, Any], found: Found) -> tuple[str, str]:
    choices = str(context["expected"]).replace("'", "")
    if choices == "True":
        return f"expected true, found {_kind(found.node)}", "leave the key out to say no"
    known = choices.replace(" or ", ", ").split(", ")
    return f"expected {choices}, found {_kind(found.node)}", _near(found, known)


def _near(found: Found, known: list[str]) -> str:
    hint = did_you_mean(_shown(found.node), known) if isinstance(found.node, Scalar) else ""
    return hint if hint.startswith("did") else ""


_PATTERNS = {
    r"^[a-z]{2,3}$": "a language code like en or uk",
    r"^[A-Z][a-z]{3}$": "a script like Latn or Cyrl",
    r"^[A-Za-z0-9.:_-]+$": "a host name",
}


def _pattern(context: Mapping[str, Any], found: Found) -> tuple[str, str]:
    if found.path[-1:] == ("mark",):
        return f"expected $label1 to $label5, flagged, keyword or none, found {_kind(found.node)}", ""
    return f"expected {_PATTERNS.get(str(context['pattern']), 'another form')}, found {_kind(found.node)}", ""


def _too_short(_: Mapping[str, Any], found: Found) -> tuple[str, str]:
    return f"{quote(str(found.path[-1])) if found.path else 'this'} must not be empty", ""


_SENTENCES: Mapping[str, Sentence] = {
    "string_type": _text_expected,
    "bool_type": _expected("true or false"),
    "int_type": _expected("a whole number"),
    "float_type": _expected("a number"),
    "list_type": _expected("a list"),
    "dict_type": _expected("a block of keys"),
    "model_type": _expected("a block of keys"),
    "model_attributes_type": _expected("a block of keys"),
    "literal_error": _one_of,
    "string_pattern_mismatch": _pattern,
    "string_too_short": _too_short,
    "too_short": _too_short,
    "greater_than_equal": lambda context, _: (f"must be at least {context['ge']}", ""),
    "less_than_equal": lambda context, _: (f"must be at most {context['le']}", ""),
    "value_error": lambda context, _: (str(context["error"]), ""),
}
