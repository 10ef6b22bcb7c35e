"""Short forms → the long form, node by node, so that every piece keeps the place of what the admin wrote.

A shape that is no known short form passes through unchanged; the schema then says what is wrong with it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

from router.config.nodes import (
    Array,
    Entry,
    Node,
    Place,
    Rewrite,
    Scalar,
    Table,
    array_at,
    as_text,
    each,
    is_null,
    rewritten,
    table_at,
    text_at,
    value_at,
)
from router.config.words import ALWAYS

ALWAYS_NAME = "always"  # a calendar that every file knows
SUGGEST = "suggest-replies"

_PORTS = {
    "imap": {"implicit": 993, "starttls": 143, "none": 143},
    "smtp": {"implicit": 465, "starttls": 587, "none": 25},
}
_TLS_OF_PORT = {587: "starttls", 143: "starttls", 25: "starttls"}
BLOCKS = (  # may stand there with nothing in them
    "people",
    "hours",
    "categories",
    "senders",
    "folders",
    "workflows",
    "classify",
    "drafts",
    "reply_within",
)


def long_form(root: Node) -> Node:
    """The whole file in its long form."""
    if not isinstance(root, Table):
        return root
    present = replace(root, entries=tuple(e for e in root.entries if e.key.text not in BLOCKS or not is_null(e.node)))
    named = rewritten(
        present,
        {"mailboxes": each(_mailbox), "people": each(_person), "hours": _hours},
    )
    return _with_suggestions(_with_targets(named)) if isinstance(named, Table) else named


# ------------------------------------------------------------------ shapes that come again


def listed(node: Node) -> Node:
    """`x` → `[x]`; text that YAML read as a number or boolean stays as it was written."""
    if isinstance(node, Scalar) and not is_null(node):
        return array_at(node.place, node)
    return node


def _texts(node: Node) -> Node:
    """`x` → `[x]`, and `404` or `true` as the text the admin wrote."""
    return each(_text)(listed(node))


def _text(node: Node) -> Node:
    return replace(node, value=node.text) if isinstance(node, Scalar) and not is_null(node) else node


def keyed(key: str) -> Rewrite:
    """`x` → `{key: x}`."""

    def apply(node: Node) -> Node:
        if isinstance(node, Scalar) and not is_null(node):
            return table_at(node.place, **{key: node})
        return node

    return apply


def _under(key: str, node: Node) -> Node:
    """`x` or `[x, y]` → `{key: …}`."""
    if isinstance(node, Table) or is_null(node):
        return node
    return Table(entries=(Entry(key=text_at(node.place, key), node=node),), place=node.place)


# ------------------------------------------------------------------ mailboxes, people, hours


def _mailbox(node: Node) -> Node:
    if not isinstance(node, Table):
        return node
    address = node.get("address")
    return rewritten(
        node,
        {
            "login": lambda login: _login(login, address),
            "imap": partial(_server, "imap"),
            "smtp": partial(_server, "smtp"),
            "languages": listed,
            "trust": lambda trust: rewritten(_under("authserv-id", trust), {"authserv-id": listed}),
        },
    )


def _login(node: Node, address: Node | None) -> Node:
    if not isinstance(node, Table):
        return node
    return node.with_default("user", address if isinstance(address, Scalar) else None)


def _server(protocol: str, node: Node) -> Node:
    node = keyed("host")(node)
    if not isinstance(node, Table):
        return node
    port = node.get("port")
    by_port = _TLS_OF_PORT.get(port.value) if isinstance(port, Scalar) and isinstance(port.value, int) else None
    node = node.with_default("tls", text_at(node.place, by_port or "implicit"))
    usual = _PORTS[protocol].get(as_text(node.get("tls")) or "")
    return node.with_default("port", value_at(node.place, usual) if usual else None)


def _person(node: Node) -> Node:
    return rewritten(_under("email", node), {"email": listed})


def _hours(node: Node) -> Node:
    """One calendar or several → several."""
    if as_text(node) == ALWAYS:
        node = table_at(node.place, **{ALWAYS_NAME: node})
    elif isinstance(node, Table) and {"time_zone", "open", "holidays"} & set(node.keys):
        node = table_at(node.place, office=node)
    return each(_calendar)(node)


def _calendar(node: Node) -> Node:
    if as_text(node) == ALWAYS:
        return table_at(node.place, always=value_at(node.place, True))
    return rewritten(
        node,
        {"open": each(listed), "holidays": lambda days: rewritten(_under("also", days), {"also": listed})},
    )


# ------------------------------------------------------------------ targets


@dataclass(frozen=True, slots=True, kw_only=True)
class _Defaults:
    """What a target gets when it does not say: the top level's words, else the short form's."""

    hours: Node | None  # None: several calendars, so the admin must say which
    steps: Callable[[Place], Node]


def _with_targets(root: Table) -> Table:
    people = root.get("people")
    names = people.keys if isinstance(people, Table) else ()
    defaults = _Defaults(hours=_usual_hours(root), steps=partial(usual_steps, names))
    top = root.get("reply_within")
    if top is not None:
        top = _target(defaults, top)
        defaults = _inherited(top, defaults)
    target = partial(_target, defaults)
    rewrites: dict[str, Rewrite] = {
        "reply_within": lambda _: top if top is not None else _,
        "categories": each(partial(_category, target)),
        "senders": each(partial(_senders, target)),
        "workflows": each(partial(_workflow, target)),
    }
    done = rewritten(root, rewrites)
    return done if isinstance(done, Table) else root


def _usual_hours(root: Table) -> Node | None:
    """The only calendar; `always` without one."""
    hours = root.get("hours")
    if not isinstance(hours, Table) or not hours.entries:
        return text_at(root.place, ALWAYS_NAME)
    return text_at(hours.place, hours.keys[0]) if len(hours.keys) == 1 else None


def _inherited(top: Node, defaults: _Defaults) -> _Defaults:
    if not isinstance(top, Table):
        return defaults
    steps = top.get("steps")
    return _Defaults(
        hours=top.get("hours") or defaults.hours, steps=defaults.steps if steps is None else lambda _: steps
    )


def _target(defaults: _Defaults, node: Node) -> Node:
    node = keyed("target")(node)
    if not isinstance(node, Table):
        return node
    hours = defaults.hours
    if isinstance(hours, Scalar) and isinstance(hours.value, str) and hours.text == ALWAYS:
        hours = replace(hours, text=ALWAYS_NAME, value=ALWAYS_NAME)
    node = node.with_default("hours", hours).with_default("steps", defaults.steps(node.place))
    return rewritten(node, {"hours": _calendar_name})


def _calendar_name(node: Node) -> Node:
    """`24/7` as the name of a calendar is `always`."""
    return text_at(node.place, ALWAYS_NAME) if as_text(node) == ALWAYS else node


def usual_steps(people: tuple[str, ...], place: Place) -> Node:
    """The steps of a target that names none: tagged at half time, team reminded, lead told when it is over."""
    lead = "lead" if "lead" in people else "team" if "team" in people else None
    soon = table_at(place, at=text_at(place, "50%"), tag=text_at(place, "due-soon"))
    late = table_at(place, at=text_at(place, "75%"), remind=text_at(place, "team"))
    over = table_at(place, at=text_at(place, "100%"), tag=text_at(place, "overdue"), flag=value_at(place, True))
    if lead is not None:
        over = over.with_default("escalate", text_at(place, lead))
        over = over.with_default("repeat", text_at(place, "2h")).with_default("at_most", value_at(place, 3))
    return array_at(place, *((soon, late, over) if "team" in people else (soon, over)))


# ------------------------------------------------------------------ categories, senders


def _category(target: Rewrite, node: Node) -> Node:
    if is_null(node):
        return table_at(node.place)
    return rewritten(keyed("folder")(node), {"phrases": _phrases, "not_phrases": _phrases, "reply_within": target})


def _phrases(node: Node) -> Node:
    """A plain list holds phrases of no particular language (`und`, RFC 5646)."""
    return each(_texts)(_under("und", _texts(node) if isinstance(node, Array) else node))


def _senders(target: Rewrite, node: Node) -> Node:
    from_ = {"from": lambda node: rewritten(_under("also", node), {"also": listed})}
    return rewritten(_under("from", node), {**from_, "reply_within": target})


# ------------------------------------------------------------------ workflows


def _workflow(target: Rewrite, node: Node) -> Node:
    lists = dict.fromkeys(("tag", "untag", "remind", "escalate"), listed)
    do: Rewrite = lambda node: rewritten(node, lists)  # noqa: E731 — one of a table's rewrites
    return rewritten(node, {"when": condition, "do": do, "reply_within": target})


def condition(node: Node) -> Node:
    """A condition with every list-able key as a list."""
    node = rewritten(node, _CONDITIONS)
    if not isinstance(node, Table):
        return node
    attachment = node.get("attachment")
    if isinstance(attachment, Scalar) and attachment.value is False:
        return _without_attachment(node, attachment.place)
    return rewritten(node, {"attachment": lambda a: each(_attachment)(_one_or_more(a))})


def _without_attachment(node: Table, place: Place) -> Table:
    """`attachment: false` → not one of any name."""
    anything = table_at(place, attachment=array_at(place, table_at(place, name=text_at(place, "*"))))
    before = node.get("not")
    parts = before.items if isinstance(before, Array) else ()
    return node.without("attachment").without("not").with_default("not", array_at(place, *parts, anything))


def _one_or_more(node: Node) -> Node:
    return node if isinstance(node, Array) or is_null(node) else array_at(node.place, node)


def _attachment(node: Node) -> Node:
    if isinstance(node, Scalar) and node.value is True:
        return table_at(node.place, name=text_at(node.place, "*"))
    return keyed("name")(node)


def _text_tests(node: Node) -> Node:
    return each(lambda item: keyed("contains")(_text(item)))(_one_or_more(node))


def _header_tests(node: Node) -> Node:
    def one(item: Node) -> Node:
        if isinstance(item, Scalar) and item.value is True:
            return table_at(item.place, present=item)
        return keyed("contains")(_text(item))

    return each(one)(_one_or_more(node))


def _conditions(node: Node) -> Node:
    return each(condition)(_one_or_more(node))


_CONDITIONS: dict[str, Rewrite] = {
    **dict.fromkeys(("all", "any", "not"), _conditions),
    **dict.fromkeys(("category", "language", "script", "sender", "mailbox"), listed),
    **dict.fromkeys(("from", "to", "cc", "delivered_to"), listed),
    **dict.fromkeys(("subject", "text"), _text_tests),
    "header": each(_header_tests),
}


# ------------------------------------------------------------------ what is on by default


def _with_suggestions(root: Table) -> Table:
    """Adds the workflow that drafts replies when the file has categories and no workflow drafts by itself."""
    categories, workflows = root.get("categories"), root.get("workflows")
    if not isinstance(categories, Table) or not categories.entries or not _may_draft(root):
        return root
    if workflows is None:
        workflows = array_at(categories.place)
    if not isinstance(workflows, Array) or any(map(_drafts_itself, workflows.items)):
        return root
    place = categories.place
    names = array_at(place, *(text_at(place, name) for name in categories.keys))
    suggest = table_at(
        place,
        name=text_at(place, SUGGEST),
        when=table_at(place, category=names),
        do=table_at(place, draft=text_at(place, "best")),
    )
    whole = replace(workflows, items=(*workflows.items, suggest))
    return rewritten_or_added(root, "workflows", whole)


def rewritten_or_added(root: Table, key: str, node: Node) -> Table:
    if root.entry(key) is None:
        return root.with_default(key, node)
    return replace(root, entries=tuple(replace(e, node=node) if e.key.text == key else e for e in root.entries))


def _may_draft(root: Table) -> bool:
    drafts = root.get("drafts")
    limit = drafts.get("at_most_open") if isinstance(drafts, Table) else None
    return not (isinstance(limit, Scalar) and limit.value == 0)


def _drafts_itself(workflow: Node) -> bool:
    if not isinstance(workflow, Table):
        return False
    do = workflow.get("do")
    return as_text(workflow.get("name")) == SUGGEST or (isinstance(do, Table) and do.entry("draft") is not None)
