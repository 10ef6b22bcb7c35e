"""A reply and a message become text, or the reason why not. A placeholder without a value never becomes a guess."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from router.mail.compose import one_line
from router.replies.facts import FACTS_FILE, Fact, wording
from router.replies.greeting import customer_name, first_name, greeting_line, writes_latin
from router.replies.library import Library
from router.replies.reply_file import Reply
from router.replies.script import serbian_latin
from router.replies.templates import filled
from router.values import Message, NoDraft, ThreadState

LONGEST_NUMBER = 40  # characters
LONGEST_SUBJECT = 120

_NUMBERS = {"order.number": "order", "invoice.number": "invoice", "ticket.number": "ticket"}  # by kind of Entity


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendered:
    """A reply with its blanks filled. `because` tells which replies were tried before it, '' when none."""

    reply_id: str
    language: str
    body: str
    attach: tuple[Path, ...] = ()
    because: str = ""


def render(
    reply: Reply,
    message: Message,
    facts: Mapping[str, Fact | str],
    *,
    thread: ThreadState | None = None,
    language: str = "",
) -> Rendered | NoDraft:
    """The reply's text for this customer, or which placeholder nobody can fill.

    `language` (default: the reply's) chooses the wording of facts and the greeting.
    """
    language = language or reply.language
    latin = writes_latin(message, language)
    values = values_for(message, facts, thread=thread, language=language)
    missing = next((name for name in reply.needs if not values.get(name)), None)
    if missing is None:
        if latin:
            values = {name: serbian_latin(value) if _is_ours(name) else value for name, value in values.items()}
        # Liquid tags are ASCII, so the template itself can be written in the other script.
        text = filled(serbian_latin(reply.template) if latin else reply.template, _nested(values, reply.placeholders))
        if isinstance(text, str):
            return Rendered(reply_id=reply.id, language=language, body=_tidy(text), attach=reply.attach)
        missing = text.placeholder
    return NoDraft(because=f"{reply.path}: {_why_unfilled(missing, facts, language)}")


def render_or_otherwise(
    library: Library, reply: Reply, message: Message, *, thread: ThreadState | None = None
) -> Rendered | NoDraft:
    """The reply, or the one its `otherwise:` names, and so on, each at most once."""
    tried: dict[str, str] = {}
    current: Reply | None = reply
    while current is not None and current.id not in tried:
        result = render(current, message, library.facts, thread=thread)
        if isinstance(result, Rendered):
            return replace(result, because="; ".join(tried.values()))
        tried[current.id] = result.because
        current = _variant(library, current.otherwise, current.language)
    return NoDraft(because="; ".join(tried.values()))


def values_for(
    message: Message, facts: Mapping[str, Fact | str], *, thread: ThreadState | None = None, language: str
) -> dict[str, str]:
    """Every placeholder that can be filled, by dotted name; what strangers wrote is one clean line."""
    name = customer_name(message)
    values = {
        "greeting": greeting_line(message, language),
        "customer.name": name,
        "customer.first_name": first_name(name, language),
        "subject": one_line(message.subject or (thread.subject if thread else ""), LONGEST_SUBJECT),
    }
    for placeholder, kind in _NUMBERS.items():
        found = next((entity.value for entity in message.entities if entity.kind == kind), "")
        values[placeholder] = one_line(found, LONGEST_NUMBER)
    for fact, decided in facts.items():
        values[f"company.{fact}"] = wording(decided, language)
    return {placeholder: value for placeholder, value in values.items() if value}


def _is_ours(placeholder: str) -> bool:
    return placeholder.startswith("company.")


def _nested(values: Mapping[str, str], known: Iterable[str]) -> dict[str, object]:
    """Dotted names as the nested mappings that Liquid looks into; what is known but empty has only its parents."""
    root: dict[str, object] = {}
    for name in (*known, *values):
        *parents, last = name.split(".")
        place = root
        for parent in parents:
            below = place.setdefault(parent, {})
            if not isinstance(below, dict):
                break
            place = below
        else:
            if name in values:
                place[last] = values[name]
    return root


def _variant(library: Library, reply_id: str, language: str) -> Reply | None:
    """That reply in the same language; a mail never mixes two."""
    return library.variants(reply_id).get(language)


def _why_unfilled(placeholder: str, facts: Mapping[str, Fact | str], language: str) -> str:
    head, _, fact = placeholder.partition(".")
    if head != "company":
        return f"{placeholder} is not known for this mail"
    if fact not in facts:
        return f"{placeholder} is not in {FACTS_FILE}"
    decided = facts[fact]
    empty = not decided if isinstance(decided, str) else not any(decided.values())
    return f"{placeholder} is empty in {FACTS_FILE}" if empty else f"{placeholder} has no '{language}' in {FACTS_FILE}"


def _tidy(text: str) -> str:
    """No blanks at line ends, no empty lines around; what is between stays as it was written."""
    return "\n".join(line.rstrip() for line in text.split("\n")).strip("\n") + "\n"
