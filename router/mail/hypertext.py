"""HTML to plain text: paragraphs, lists and links kept, invisible things dropped, quoted replies marked for `quotes`.

A blockquote of a mail client becomes lines that start with `>`; where a client starts a quote without one, a line that
holds only `QUOTE_MARK` is put. Text that came by mail cannot hold that mark: control characters are removed before.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import TYPE_CHECKING

from .charsets import clean
from .tags import (
    BARE,
    BARE_TAGS,
    BREAK,
    CLOSE,
    INDENT,
    LINE,
    LINK,
    LINK_END,
    LINKED,
    NOTHING,
    OPEN,
    PARAGRAPH,
    QUOTE_MARK,
    QUOTE_SIGNS,
    TAG,
    mark_of,
    replacement,
)

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser

__all__ = ["QUOTE_MARK", "to_text"]

_LONGEST = 400_000  # characters of source; 64 KB of text fits with room for tags
_DEEPEST = 4000  # open elements
_NO_TAG = "<"
_INVISIBLE_TAGS = (
    "head, script, style, title, template, noscript, object, iframe, noembed, noframes, xmp, plaintext, textarea,"
    " select, svg"
)
_HIDING_STYLES = ("display:none", "display: none", "display :none", "display : none", "mso-hide:all", "mso-hide: all")
_INVISIBLE = f"{_INVISIBLE_TAGS}, [hidden], " + ", ".join(f'[style*="{style}" i]' for style in _HIDING_STYLES)
_MOST_HIDDEN = 1000  # elements that are removed, outer ones first; removing more of them in each other takes too long
_HIDES = frozenset(_INVISIBLE_TAGS.split(", "))
# What `clean` removes or replaces: ASCII, then what else may be by its first octets in UTF-8.
_CONTROLS = bytes((*range(9), *range(11, 32), 127))
_RARE = (
    (b"\xc2", re.compile(rb"\xc2[\x80-\x9f]")),
    (b"\xe2\x80", re.compile(rb"\xe2\x80[\xa8\xa9]")),
    (b"\xed", re.compile(rb"\xed[\xa0-\xbf]")),
)
# For source that no parser has put in order: an unclosed quote must not make every later tag a search to the end.
_RAW_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9:-]*)([^<>]*)>|<[!?][^<>]*>")
_UNFINISHED_TAG = re.compile(r"<[^<>]{0,300}$")
_NESTING = re.compile(
    r"<(/?)(?!(?:br|img|hr|meta|link|input|p|li|td|th|tr|col|area|wbr)\b)([a-z][a-z0-9:-]{0,20})", re.IGNORECASE
)
# What a browser opens again in each paragraph where it was left open: the parser builds all of them each time.
_FORMATTING = re.compile(r"<(/?)(b|big|code|em|font|i|nobr|s|small|strike|strong|tt|u)\b", re.IGNORECASE)
_MOST_REOPENED = 200_000  # elements, half a kilobyte each
_COMMENT = re.compile("<!--.*?-->", re.DOTALL)
_PRE = re.compile(r"<pre[ >].*?</pre>", re.DOTALL)
_BETWEEN = re.compile(rf"[{BREAK}{LINE}{PARAGRAPH}][{BREAK}{LINE}{PARAGRAPH} ]*")
_LINK_PARTS = re.compile(f"{LINK}([^{LINK}{LINKED}]*){LINKED}([^{LINK}{LINK_END}]*){LINK_END}")
_LINK_MARKS = re.compile(f"{LINK}[^{LINKED}]*{LINKED}|[{LINK}{LINKED}{LINK_END}]")
_LONGEST_LINK = 500  # characters; longer ones carry tracking, and say nothing to a reader
_NO_DIGITS = re.compile(r"\D")


def to_text(source: str) -> str:
    """The visible text of an HTML document or fragment, with quote marks; '' when there is none.

    A link is its text and, where that does not show it, its address: `your order <https://shop.example/o/1>`.
    """
    source = source[:_LONGEST]
    if not _is_clean(source):
        source = clean(source)
    text = _without_tags(_without_scripts(source), _RAW_TAG) if _too_deep(source) else _shown(source)
    return _quoted(_with_addresses(text) if LINK in text or LINK_END in text else text)


def _is_clean(source: str) -> bool:
    """Whether `clean` would change nothing, asked of octets in half of its time."""
    octets = source.encode("utf-8", "surrogatepass")
    if len(octets.translate(None, _CONTROLS)) < len(octets):
        return False
    return source.isascii() or not any(start in octets and pattern.search(octets) for start, pattern in _RARE)


def _too_deep(source: str) -> bool:
    """Whether the parser would need too long, or too much: its time grows with the square of the open elements."""
    tags = source.count("<")
    if tags * tags < _MOST_REOPENED:
        return False
    formatting = _FORMATTING.findall(source)
    if len(formatting) * tags > _MOST_REOPENED and _most_open(formatting) * tags > _MOST_REOPENED:
        return True
    return tags >= _DEEPEST and _most_open(_NESTING.findall(source)) > _DEEPEST


def _most_open(tags: Iterable[tuple[str, str]]) -> int:
    """How many of these elements are open at once; a closing tag closes only what was opened by its name."""
    opened: dict[str, int] = {}
    depth = deepest = 0
    for closing, name in tags:
        name = name.lower()
        if not closing:
            opened[name] = opened.get(name, 0) + 1
            depth += 1
            deepest = max(deepest, depth)
        elif opened.get(name):
            opened[name] -= 1
            depth -= 1
    return deepest


def _without_scripts(source: str) -> str:
    """The source without comments, script, style and title elements, in one walk."""
    lower = source.lower() if source.isascii() else source
    pieces = []
    at = 0
    for found in re.finditer(r"<(?:(script|style|title)\b|!--)", lower):
        if found.start() < at:
            continue
        pieces.append(source[at : found.start()])
        end = lower.find("</" + found[1] if found[1] else "-->", found.end())
        at = end if end >= 0 else len(source)
    pieces.append(source[at:])
    return _UNFINISHED_TAG.sub("", "".join(pieces))


def _shown(source: str) -> str:
    """The text that a browser shows; what nobody sees is looked for once a tag says that there may be some."""
    from selectolax.lexbor import LexborHTMLParser

    tree = LexborHTMLParser(source)
    markup = ""
    for removed in (False, True):
        if removed:
            _remove_invisible(tree)
        body = tree.body
        markup = (body.html if body is not None else tree.html) or ""
        if "<!--" in markup:
            markup = _COMMENT.sub("", markup)  # may hold whatever a program, or a stranger, does not want to be seen
        if "&#" in source:
            markup = clean(markup)  # again: `&#2;` has become the character
        if "<pre" not in markup and (text := _without_known_tags(markup, removed=removed)) is not None:
            return text
    if "<pre" in markup:
        markup = _PRE.sub(lambda found: found[0].replace("\n", BREAK), markup)
    return _without_tags(markup, TAG)


def _remove_invisible(tree: LexborHTMLParser) -> None:
    root = tree.root.mem_id if tree.root is not None else 0  # nodes are compared by all of their markup
    for node in tree.css(_INVISIBLE)[:_MOST_HIDDEN]:
        if node.tag != "body" and node.mem_id != root:  # hidden or not, what is in those is all there is
            node.decompose()


def _without_tags(markup: str, tag: re.Pattern[str]) -> str:
    """The text of any markup, tag by tag."""
    text = " ".join(tag.sub(replacement, markup).split())
    return html.unescape(_BETWEEN.sub(_line_end, text)).replace("\xa0", " ")


def _without_known_tags(markup: str, *, removed: bool) -> str | None:
    """The same for markup in which every `<` and `>` is a tag's: equal tags are read once, breaks joined on the way.

    None when there may be more to it, or when an element may be hidden and those are not `removed` yet.
    """
    comments = "<!" in markup  # the one place where the parser leaves what is written as it is
    tags = _commented_tags(markup) if comments else _tags(markup)
    out, between, known = [markup.partition("<")[0]], NOTHING, dict(BARE_TAGS)
    for head, text in tags:
        mark = known.get(head)
        if mark is None:
            if not removed and _may_hide(head):
                return None
            mark = mark_of(head)
            if mark is None:
                return None
            known[head] = mark
        if mark:
            if isinstance(mark, str):
                between = between[mark]
            else:
                before, inner, behind = mark
                out += between[before].shown, inner
                between = NOTHING[behind]
        if text:
            if between is not NOTHING:
                if text.isspace():
                    continue
                out.append(between.shown)
                between = NOTHING
            out.append(text)
    text = " ".join("".join(out).split())
    text = text.replace(BREAK, "\n").replace(LINE, "\n").replace(PARAGRAPH, "\n\n")
    if comments:
        return html.unescape(text).replace("\xa0", " ")
    return _unescaped(text) if "&" in text else text


def _tags(markup: str) -> Iterable[tuple[str, str]]:
    """What stands in each tag and behind it; nothing that is a tag when some `<` is a name's (`<a<b>`)."""
    pieces = markup.replace(">", "<").split("<")
    if len(pieces) - 1 != 2 * markup.count("<"):
        return ((_NO_TAG, ""),)
    each = iter(pieces)
    next(each)
    return zip(each, each, strict=True)


def _commented_tags(markup: str) -> Iterator[tuple[str, str]]:
    """The same where comments, which hold whatever they like, are tags too."""
    for piece in markup.split("<")[1:]:
        head, closed, text = piece.partition(">")
        yield (head, text) if closed else (_NO_TAG, "")


def _unescaped(text: str) -> str:
    """`html.unescape` and plain spaces for what the parser itself has escaped."""
    text = text.replace("&nbsp;", " ").replace("&lt;", "<").replace("&gt;", ">")
    return text.replace("&quot;", '"').replace("&amp;", "&")


def _may_hide(head: str) -> bool:
    if "hidden=" in head or head.partition(" ")[0] in _HIDES:
        return True
    if "style=" not in head:
        return False
    style = head.lower().replace(" ", "")
    return "display:none" in style or "mso-hide:all" in style


def _line_end(found: re.Match[str]) -> str:
    return _newlines(found[0][:1000])


@lru_cache(maxsize=512)
def _newlines(between: str) -> str:
    """One newline between lines, two between paragraphs: where a browser shows an empty line."""
    between = between.replace(" ", "")
    breaks = between.count(BREAK)
    empty = PARAGRAPH in between or breaks > 1 or (breaks == 1 and not between.startswith(BREAK))
    return "\n\n" if empty else "\n"


def _with_addresses(text: str) -> str:
    """Each link's address behind its text, unless the text shows it."""
    text = _LINK_PARTS.sub(_shown_link, text).replace("  ", " ")
    return _LINK_MARKS.sub("", text) if LINK in text or LINKED in text or LINK_END in text else text


def _shown_link(found: re.Match[str]) -> str:
    address, text = found[1].strip(), found[2]
    words = text.strip()
    if not address or not words or len(address) > _LONGEST_LINK or " " in address:
        return text
    kind = address.partition(":")[0].lower()
    bare, shown = _without_scheme(address), _without_scheme(words)
    if kind == "mailto":
        bare = bare.partition("?")[0]
        address = bare
    elif kind == "tel":
        bare, shown = _NO_DIGITS.sub("", bare), _NO_DIGITS.sub("", shown)
    if not bare or bare in shown or (len(shown) > 3 and "." in shown and bare.startswith(shown.rstrip(".…"))):
        return text
    address = address.replace("<", "%3C").replace(">", "%3E")
    return f"{text.rstrip()} <{address}>{text[len(text.rstrip()) :]}"


def _without_scheme(address: str) -> str:
    return address.lower().removeprefix("mailto:").rpartition("://")[2].removeprefix("www.").rstrip("/")


def _quoted(text: str) -> str:
    """Lines with `> ` for each blockquote around them (at most ten), blank lines never more than one."""
    if not any(sign in text for sign in QUOTE_SIGNS):
        text = "\n".join([line.strip(" ") for line in text.split("\n")]).strip("\n")
        while "\n\n\n" in text:
            text = text.replace("\n\n\n", "\n\n")
        return text
    out: list[str] = []
    around: list[int] = []  # of each open blockquote, whether it is a quote
    depth = 0
    before = ""
    # Programs append what they quote: the last bare one is a quote too, when none is marked and nothing follows.
    ends = not text[text.rfind(CLOSE) + 1 :].strip()
    bare = -1 if OPEN in text or QUOTE_MARK in text or not ends else text.count(BARE)
    introduced = False
    for line in text.split("\n"):
        line = line.strip(" ")
        if not line:
            if out and out[-1]:
                out.append("")
            continue
        if line[0] in QUOTE_SIGNS:
            for sign in filter(QUOTE_SIGNS.__contains__, line):
                if sign == CLOSE:
                    depth -= around.pop() if around else 0
                    continue
                bare -= sign == BARE
                introduced = introduced or _introduces(out)
                quote = sign == OPEN or (sign != INDENT and (introduced or depth > 0))
                quote = quote or (sign == BARE and bare == 0 and bool(out))
                around.append(int(quote))
                depth += quote
            before = "> " * min(depth, 10)
            line = line.translate(_NO_SIGNS).strip(" ")
        if line == QUOTE_MARK:
            introduced = True
            out.append(line)
        elif line:
            out.append(before + line)
        elif out and out[-1]:
            out.append("")
    return "\n".join(out).strip("\n")


def _introduces(lines: list[str]) -> bool:
    """Whether the last line that is not blank ends with a colon, as attributions do."""
    last = next((line for line in reversed(lines[-2:]) if line), "")
    return last.endswith((":", "："))


_NO_SIGNS = dict.fromkeys(map(ord, QUOTE_SIGNS))
