"""What the schema cannot see: names that nobody declared, things declared twice, values that contradict each other.

Works on the long form's nodes, so that a mistake in one block does not hide those of the others.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from ipaddress import ip_address

from router.config.longform import ALWAYS_NAME
from router.config.nodes import ANY, Array, Found, Node, Scalar, Table, as_text, children, every
from router.config.problems import Level, Problem, did_you_mean, quote
from router.config.reader import Document
from router.config.words import DAYS, KNOWN_CATEGORIES, KNOWN_LANGUAGES, parse_days, parse_share, parse_span

UNSURE = "unsure"
TARGETS = (("reply_within",), *((block, ANY, "reply_within") for block in ("categories", "senders", "workflows")))

_SYSTEM_FOLDERS = frozenset(
    {"inbox", "sent", "drafts", "trash", "junk", "spam", "archive", "outbox", "sent items", "deleted items", "all mail"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What is checked: the document, its long form, and the ids of the saved replies when they are known."""

    document: Document
    root: Table
    reply_ids: Collection[str] | None = None

    def names(self, block: str) -> tuple[str, ...]:
        node = self.root.get(block)
        return node.keys if isinstance(node, Table) else ()

    def error(self, found: Found, message: str, suggestion: str = "") -> Problem:
        return self.document.problem(found.place, message, suggestion)

    def warning(self, found: Found, message: str, suggestion: str = "") -> Problem:
        return self.document.problem(found.place, message, suggestion, Level.WARNING)


def check(subject: Subject) -> list[Problem]:
    """Every finding of every check."""
    return [problem for one in CHECKS for problem in one(subject)]


def conditions(root: Table) -> Iterator[Found]:
    """Every condition of every workflow, nested ones included, outermost first."""
    waiting = list(every(root, "workflows", ANY, "when"))
    while waiting:
        found = waiting.pop(0)
        yield found
        for key in ("all", "any", "not"):
            waiting.extend(every(found, key, ANY))


# ------------------------------------------------------------------ names that must be declared


def _unknown(subject: Subject, found: Found, what: str, known: Collection[str]) -> Iterator[Problem]:
    name = found.node.value if isinstance(found.node, Scalar) else None
    if isinstance(name, str) and name not in known:
        yield subject.error(found, f"unknown {what} {quote(name)}", did_you_mean(name, known))


def unknown_hours(subject: Subject) -> Iterator[Problem]:
    known = {*subject.names("hours"), ALWAYS_NAME}
    for pattern in (("people", ANY), *TARGETS):
        for found in every(subject.root, *pattern, "hours"):
            yield from _unknown(subject, found, "hours", known)
    for pattern in TARGETS:
        for found in every(subject.root, *pattern):
            if isinstance(found.node, Table) and found.node.entry("hours") is None:
                names = ", ".join(subject.names("hours"))
                yield subject.error(
                    found, "which hours count this time?", f"write {{target: …, hours: …}} with one of {names}"
                )


def unknown_people(subject: Subject) -> Iterator[Problem]:
    """Without any people, reminders become warnings; with people, an unknown name is an error."""
    known = subject.names("people")
    for found in _named_people(subject.root):
        if known:
            yield from _unknown(subject, found, "person", known)
        elif isinstance(found.node, Scalar):
            yield subject.warning(found, "nobody is told: there are no people", "name them under people")


def _named_people(root: Table) -> Iterator[Found]:
    for action in ("remind", "escalate"):
        for pattern in TARGETS:
            yield from every(root, *pattern, "steps", ANY, action)
        yield from every(root, "workflows", ANY, "do", action, ANY)


def silent_target(subject: Subject) -> Iterator[Problem]:
    """The usual steps tell `team` and `lead`; without them they only tag."""
    top = next(every(subject.root, "reply_within"), None)
    if top is None or {"team", "lead"} & set(subject.names("people")):
        return
    steps = list(every(top, "steps", ANY))
    if not any(isinstance(s.node, Table) and {"remind", "escalate"} & set(s.node.keys) for s in steps):
        yield subject.warning(top, "nobody is told when this time runs out", "name team and lead under people")


def unknown_replies(subject: Subject) -> Iterator[Problem]:
    if subject.reply_ids is not None:
        for found in every(subject.root, "workflows", ANY, "do", "draft"):
            yield from _unknown(subject, found, "reply", {*subject.reply_ids, "best"})


def unknown_names_in_conditions(subject: Subject) -> Iterator[Problem]:
    blocks = {"category": "categories", "sender": "senders", "mailbox": "mailboxes"}
    for found in conditions(subject.root):
        for key, block in blocks.items():
            known = {*subject.names(block), *({UNSURE} if key == "category" else ())}
            for name in every(found, key, ANY):
                if key == "category" and as_text(name.node) in set(KNOWN_CATEGORIES) - known:
                    message = (
                        f"no mail is ever {quote(as_text(name.node) or '')}: it is not one of this file's categories"
                    )
                    yield subject.warning(name, message, "name it under categories")
                else:
                    yield from _unknown(subject, name, key, known)


def unknown_languages(subject: Subject) -> Iterator[Problem]:
    places = [("mailboxes", ANY, "languages", ANY), ("people", ANY, "language")]
    found = [f for pattern in places for f in every(subject.root, *pattern)]
    found += [f for c in conditions(subject.root) for f in every(c, "language", ANY)]
    for one in found:
        code = as_text(one.node) or "und"
        if code not in {*KNOWN_LANGUAGES, "und"}:
            yield subject.warning(
                one, f"{quote(code)} is not detected by this version", f"known: {', '.join(KNOWN_LANGUAGES)}"
            )
    for kind in ("phrases", "not_phrases"):
        for one in every(subject.root, "categories", ANY, kind, ANY):
            if str(one.path[-1]) not in {*KNOWN_LANGUAGES, "und"} and one.key:
                message = f"phrases in {quote(str(one.path[-1]))} match only as they are written"
                yield subject.document.problem(one.key.place, message, "", Level.WARNING)


# ------------------------------------------------------------------ declared twice


def names_twice(subject: Subject) -> Iterator[Problem]:
    yield from _twice(
        subject, every(subject.root, "workflows", ANY, "name"), "a workflow called {0} is already on line {1}"
    )
    addresses = every(subject.root, "mailboxes", ANY, "address")
    yield from _twice(subject, addresses, "the mailbox {0} is already on line {1}")


def _twice(subject: Subject, found: Iterator[Found], message: str) -> Iterator[Problem]:
    first: dict[str, int] = {}
    for one in found:
        name = (as_text(one.node) or "").lower()
        if name in first:
            yield subject.error(one, message.format(quote(name), first[name]))
        first.setdefault(name, one.place.line)


def reserved_names(subject: Subject) -> Iterator[Problem]:
    categories = subject.root.get("categories")
    entry = categories.entry(UNSURE) if isinstance(categories, Table) else None
    if entry:
        yield subject.document.problem(
            entry.key.place, "a category cannot be called 'unsure': that is mail without one"
        )


def folders_twice(subject: Subject) -> Iterator[Problem]:
    """One folder with two meanings: an error for folders of ours, a warning where only learning suffers."""
    ours = list(every(subject.root, "folders", ANY))
    theirs = [f for block in ("categories", "senders") for f in every(subject.root, block, ANY, "folder")]
    first: dict[str, Found] = {}
    for found in (*ours, *theirs):
        name = (as_text(found.node) or "").casefold()
        if name in first:
            before = f"(line {first[name].place.line})"
            shown = quote(as_text(found.node) or "")
            if found.path[0] == "folders" or first[name].path[0] == "folders":
                yield subject.error(found, f"{shown} is already {first[name].path[-1]} {before}")
            else:
                message = f"{shown} is also the folder of {first[name].path[1]} {before}"
                yield subject.warning(found, message, "what people move there cannot teach which one it is")
        first.setdefault(name, found)
    yield from _folders_of_others(subject, theirs)


def _folders_of_others(subject: Subject, found: list[Found]) -> Iterator[Problem]:
    claims = as_text(next((f.node for f in every(subject.root, "folders", "claims")), None)) or "Support/@*"
    for one in [*found, *every(subject.root, "workflows", ANY, "do", "folder")]:
        name = as_text(one.node) or ""
        if name.casefold() in _SYSTEM_FOLDERS:
            hint = "use leave: true" if one.path[0] == "workflows" else "leave folder out to classify in place"
            yield subject.error(one, f"{quote(name)} is the mail server's own folder", hint)
        elif name.startswith(claims[:-1]):
            yield subject.error(one, f"{quote(name)} is a folder of claims ({claims})", "choose another name")


# ------------------------------------------------------------------ values that contradict each other


def steps_out_of_order(subject: Subject) -> Iterator[Problem]:
    for pattern in TARGETS:
        for steps in every(subject.root, *pattern, "steps"):
            before = -1.0
            for found in every(steps, ANY, "at"):
                share = _value(parse_share, found.node)
                if share is None:
                    continue
                if share == before:
                    yield subject.error(found, f"there is already a step at {share:.0%}", "put both into one")
                elif share < before:
                    yield subject.error(
                        found, f"the step at {share:.0%} comes after the one at {before:.0%}", "sort the steps"
                    )
                before = max(before, share)


def _value(parse: Callable[[str], float], node: Node) -> float | None:
    """What the text means; None when the schema reports it anyway."""
    try:
        return parse(as_text(node) or "")
    except ValueError:
        return None


def spans_overlap(subject: Subject) -> Iterator[Problem]:
    for calendar in every(subject.root, "hours", ANY, "open"):
        taken: dict[int, list[tuple[int, int]]] = {}
        for days in children(calendar):
            for found in every(days, ANY):
                yield from _overlap(subject, days, found, taken)


def _overlap(subject: Subject, days: Found, found: Found, taken: dict[int, list[tuple[int, int]]]) -> Iterator[Problem]:
    try:
        span, weekdays = parse_span(as_text(found.node) or ""), parse_days(str(days.path[-1]))
    except ValueError:
        return  # the schema reports it
    twice = [d for d in weekdays for start, end in taken.get(d, ()) if span[0] < end and start < span[1]]
    for day in weekdays:
        taken.setdefault(day, []).append(span)
    if twice:
        names = ", ".join(DAYS[d] for d in dict.fromkeys(twice))
        yield subject.error(found, f"{quote(as_text(found.node) or '')} overlaps another span on {names}")


def unencrypted(subject: Subject) -> Iterator[Problem]:
    for protocol in ("imap", "smtp"):
        for found in every(subject.root, "mailboxes", ANY, protocol):
            server = found.node
            tls = next(every(found, "tls"), None)
            if not isinstance(server, Table) or tls is None or as_text(tls.node) != "none":
                continue
            if not _is_loopback(as_text(server.get("host")) or ""):
                yield subject.error(
                    tls, "tls: none is accepted for this machine only (localhost)", "use implicit or starttls"
                )


def _is_loopback(host: str) -> bool:
    try:
        return host.lower() == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def drafts_without_limit(subject: Subject) -> Iterator[Problem]:
    limit = next(every(subject.root, "drafts", "at_most_open"), None)
    if limit is None or not isinstance(limit.node, Scalar) or limit.node.value != 0:
        return
    for found in every(subject.root, "workflows", ANY, "do", "draft"):
        yield subject.warning(found, "no draft is placed: drafts.at_most_open is 0")


def unused_blocks(subject: Subject) -> Iterator[Problem]:
    """A list that is there but empty of what makes it do anything."""
    for found in every(subject.root, "workflows"):
        if isinstance(found.node, Array) and not found.node.items:
            yield subject.warning(found, "there are no workflows in this list")


CHECKS: tuple[Callable[[Subject], Iterator[Problem]], ...] = (
    unknown_hours,
    unknown_people,
    silent_target,
    unknown_replies,
    unknown_names_in_conditions,
    unknown_languages,
    names_twice,
    reserved_names,
    folders_twice,
    steps_out_of_order,
    spans_overlap,
    unencrypted,
    drafts_without_limit,
    unused_blocks,
)
