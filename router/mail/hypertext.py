"""HTML to plain text: paragraphs kept, invisible things dropped, quoted replies marked for `quotes`.

A blockquote becomes lines that start with `>`; where a mail client starts a quote without one, a line that holds only
`QUOTE_MARK` is put. Text that came by mail cannot hold that mark: control characters are removed before.
"""

from __future__ import annotations

import html
import re

from .charsets import clean

QUOTE_MARK = "\x02"
_OPEN, _CLOSE, _BREAK, _LINE, _PARAGRAPH = "\x03", "\x04", "\x05", "\x06", "\x07"
_LONGEST = 400_000  # characters of source; 64 KB of text fits with room for tags
_DEEPEST = 4000  # open elements
_INVISIBLE = (
    "head, script, style, title, template, noscript, object, iframe, noembed, noframes, xmp, plaintext, textarea,"
    " select, svg, [hidden],"
    ' [style*="display:none"], [style*="display: none"], [style*="mso-hide:all"]'
)
_TAG = re.compile(r'<(/?)([a-z][a-z0-9:-]*)([^>"]*(?:"[^"]*"[^>"]*)*)>|<[!?][^>]*>')
# For source that no parser has put in order: an unclosed quote must not make every later tag a search to the end.
_RAW_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9:-]*)([^<>]*)>|<[!?][^<>]*>")
_UNFINISHED_TAG = re.compile(r"<[^<>]{0,300}$")
_NESTING = re.compile(r"<(/?)(?!(?:br|img|hr|meta|link|input|p|li|td|th|tr|col|area|wbr)\b)[a-z]", re.IGNORECASE)
_PRE = re.compile(r"<pre[ >].*?</pre>", re.DOTALL)
_SPACE = re.compile(r"[ \t\n\r\f\xa0]+")
_BETWEEN = re.compile(rf"[{_BREAK}{_LINE}{_PARAGRAPH} ]*[{_BREAK}{_LINE}{_PARAGRAPH}][{_BREAK}{_LINE}{_PARAGRAPH} ]*")
# Where a mail client starts what it quotes: class or id → client.
_QUOTE_PLACES = re.compile(
    r"""\b(?:class|id)="[^"]*\b(?:x_)?(?:
        gmail_quote | gmail_extra | yahoo_quoted | divRplyFwdMsg | appendonsend | OLK_SRC_BODY_SECTION |
        ms-outlook-mobile-reference-message | mail-editor-reference-message-container | OutlookMessageHeader |
        protonmail_quote | tutanota_quote | zmail_extra | moz-cite-prefix | moz-forward-container | isReplyContent |
        isForwardContent | quoted-text | replyforwardmessage | origbody | WM_quote | cf_quote
    )\b""",
    re.VERBOSE,
)
# Outlook for Windows draws a thin grey or blue line above the header block of what it quotes.
_OUTLOOK_RULE = re.compile(r"border-top:\s*solid\s+#(?:B5C4DF|E1E1E1)", re.IGNORECASE)
_BREAKS = {
    "br": _BREAK,
    **dict.fromkeys(
        (
            "div",
            "tr",
            "dt",
            "dd",
            "table",
            "tbody",
            "section",
            "article",
            "header",
            "footer",
            "center",
            "address",
            "form",
            "fieldset",
            "option",
            "hr",
            "body",
            "aside",
            "main",
            "nav",
            "figure",
        ),
        _LINE,
    ),
    **dict.fromkeys(("p", "ul", "ol", "dl", "pre", "h1", "h2", "h3", "h4", "h5", "h6"), _PARAGRAPH),
}


def to_text(source: str) -> str:
    """The visible text of an HTML document or fragment, with quote marks; '' when there is none."""
    source = clean(source[:_LONGEST])
    if _too_deep(source):
        markup, tag = _without_scripts(source), _RAW_TAG
    else:
        markup, tag = _in_order(source), _TAG
    markup = tag.sub(_replacement, _SPACE.sub(" ", markup))
    return _quoted(html.unescape(_BETWEEN.sub(_line_end, markup)).replace("\xa0", " "))


def _too_deep(source: str) -> bool:
    """Whether the parser would need too long: its time grows with the square of the depth of open elements."""
    if source.count("<") < _DEEPEST:
        return False
    depth = deepest = 0
    for found in _NESTING.finditer(source):
        depth = depth + 1 if not found[1] else max(0, depth - 1)
        deepest = max(deepest, depth)
    return deepest > _DEEPEST


def _without_scripts(source: str) -> str:
    """The source without script, style and title elements, in one walk."""
    lower = source.lower() if source.isascii() else source
    pieces = []
    at = 0
    for found in re.finditer(r"<(script|style|title)\b", lower):
        if found.start() < at:
            continue
        pieces.append(source[at : found.start()])
        end = lower.find("</" + found[1], found.end())
        at = end if end >= 0 else len(source)
    pieces.append(source[at:])
    return _UNFINISHED_TAG.sub("", "".join(pieces))


def _in_order(source: str) -> str:
    """The body's markup, well-formed and without what nobody sees."""
    from selectolax.lexbor import LexborHTMLParser

    tree = LexborHTMLParser(source)
    for node in tree.css(_INVISIBLE):
        if node.tag != "body":
            node.decompose()
    body = tree.body
    markup = (body.html if body is not None else tree.html) or ""
    markup = clean(markup)  # again: `&#2;` has become the character
    return _PRE.sub(lambda found: found[0].replace("\n", _BREAK), markup) if "<pre" in markup else markup


def _line_end(found: re.Match[str]) -> str:
    """One newline between lines, two between paragraphs: where a browser shows an empty line."""
    between = found[0].replace(" ", "")
    breaks = between.count(_BREAK)
    empty = _PARAGRAPH in between or breaks > 1 or (breaks == 1 and not between.startswith(_BREAK))
    return "\n\n" if empty else "\n"


def _replacement(found: re.Match[str]) -> str:
    """What a tag turns into: line breaks, marks or nothing."""
    tag = found[2]
    if tag is None:
        return ""
    if tag == "blockquote":
        return _LINE + (_CLOSE if found[1] else _mark(found[3]) + _OPEN) + _LINE
    if found[1]:
        return " " if tag in ("td", "th") else "" if tag == "br" else _BREAKS.get(tag, "")
    if tag == "li":
        return _LINE + "- "
    return _BREAKS.get(tag, "") + _mark(found[3])


def _mark(attributes: str) -> str:
    if len(attributes) > 7 and (_QUOTE_PLACES.search(attributes) or _OUTLOOK_RULE.search(attributes)):
        return f"{_LINE}{QUOTE_MARK}{_LINE}"
    return ""


def _quoted(text: str) -> str:
    """Lines with `> ` for each blockquote around them (at most ten), blank lines never more than one."""
    out: list[str] = []
    depth = 0
    blank = True
    for line in text.split("\n"):
        opened, closed = line.count(_OPEN), line.count(_CLOSE)
        if opened or closed:
            depth = max(0, depth + opened - closed)
            line = line.replace(_OPEN, "").replace(_CLOSE, "")
        line = line.strip(" ")
        if not line:
            if not blank:
                out.append("")
            blank = True
            continue
        blank = False
        out.append("> " * min(depth, 10) + line if depth and line != QUOTE_MARK else line)
    return "\n".join(out).strip("\n")
