"""HTML to plain text: paragraphs, lists and links kept, invisible things dropped, quoted replies marked for `quotes`.

A blockquote of a mail client becomes lines that start with `>`; where a client starts a quote without one, a line that
holds only `QUOTE_MARK` is put. Text that came by mail cannot hold that mark: control characters are removed before.
"""

from __future__ import annotations

import html
import re
from functools import lru_cache

from .charsets import clean

QUOTE_MARK = "\x02"
_OPEN, _CLOSE, _BREAK, _LINE, _PARAGRAPH = "\x03", "\x04", "\x05", "\x06", "\x07"
# Blockquotes that may be the sender's own: bare ones, those of Gmail's toolbar, and those that only indent.
_BARE, _TOOLBAR, _INDENT = "\x0e", "\x13", "\x0f"
_LINK, _LINKED, _LINK_END = "\x10", "\x11", "\x12"  # around a link's address, and behind its text
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
_BETWEEN = re.compile(rf"[{_BREAK}{_LINE}{_PARAGRAPH}][{_BREAK}{_LINE}{_PARAGRAPH} ]*")
_HREF = re.compile(r'\bhref="\s*((?:https?:|ftp:|mailto:|tel:)[^"]{3,700})"', re.IGNORECASE)
_ALT = re.compile(r'\balt="\s*([^"]{1,200}?)\s*"', re.IGNORECASE)
_LINK_PARTS = re.compile(f"{_LINK}([^{_LINK}{_LINKED}]*){_LINKED}([^{_LINK}{_LINK_END}]*){_LINK_END}")
_LINK_MARKS = re.compile(f"{_LINK}[^{_LINKED}]*{_LINKED}|[{_LINK}{_LINKED}{_LINK_END}]")
_LONGEST_LINK = 500  # characters; longer ones carry tracking, and say nothing to a reader
_NO_DIGITS = re.compile(r"\D")
# What programs write as alternative text when nobody wrote one.
_NO_ALT = re.compile(
    r"\.(?:png|jpe?g|gif|svg|bmp|webp)\b|automati|logo|icon|banner|image|photo|picture|avatar|spacer|pixel|"
    r"signature|\bcid:",
    re.IGNORECASE,
)
# Where a mail client starts what it quotes: class or id → client.
_QUOTE_PLACES = re.compile(
    r"""\b(?:class|id|name|data-marker)="[^"]*\b(?:x_)?(?:
        gmail_quote | gmail_extra | yahoo_quoted | divRplyFwdMsg | appendonsend | OLK_SRC_BODY_SECTION |
        ms-outlook-mobile-reference-message | mail-editor-reference-message-container | OutlookMessageHeader |
        protonmail_quote | tutanota_quote | zmail_extra | moz-cite-prefix | moz-forward-container | isReplyContent |
        isForwardContent | quoted-text | replyforwardmessage | origbody | WM_quote | cf_quote | messageReplySection |
        front-blockquote |
        missive_quote | nylas-quote | hs_reply | lark-mail-quote | history-quote-wrapper | zwchr | __DIVIDER__ |
        __aliyun_previous_quote | ik_mail_quote | mail-quote-collapse | reply-intro | quote
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
    """The visible text of an HTML document or fragment, with quote marks; '' when there is none.

    A link is its text and, where that does not show it, its address: `your order <https://shop.example/o/1>`.
    """
    source = clean(source[:_LONGEST])
    if _too_deep(source):
        markup, tag = _without_scripts(source), _RAW_TAG
    else:
        markup, tag = _in_order(source), _TAG
    text = " ".join(tag.sub(_replacement, markup).split())
    text = html.unescape(_BETWEEN.sub(_line_end, text)).replace("\xa0", " ")
    return _quoted(_with_addresses(text) if _LINK in text else text)


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
    return _newlines(found[0][:1000])


@lru_cache(maxsize=512)
def _newlines(between: str) -> str:
    """One newline between lines, two between paragraphs: where a browser shows an empty line."""
    between = between.replace(" ", "")
    breaks = between.count(_BREAK)
    empty = _PARAGRAPH in between or breaks > 1 or (breaks == 1 and not between.startswith(_BREAK))
    return "\n\n" if empty else "\n"


def _replacement(found: re.Match[str]) -> str:
    """What a tag turns into: line breaks, marks or nothing."""
    closing, tag, attributes = found.groups()
    if tag is None:
        return ""
    if closing:
        return _CLOSED.get(tag, "")
    special = _SPECIAL.get(tag)
    if special:
        return special(attributes)
    return _BREAKS.get(tag, "") + _mark(attributes) if attributes else _BREAKS.get(tag, "")


def _mark(attributes: str) -> str:
    named = 'class="' in attributes or 'id="' in attributes or 'name="' in attributes or 'data-marker="' in attributes
    if (named and _QUOTE_PLACES.search(attributes)) or (
        "border-top" in attributes and _OUTLOOK_RULE.search(attributes)
    ):
        return f"{_LINE}{QUOTE_MARK}{_LINE}"
    return ""


def _blockquote(attributes: str) -> str:
    """Clients mark what they quote. Gmail's own quotes stand in a marked `div`; by itself its class is formatting.

    Gmail and Apple Mail indent by a blockquote of 40 pixels without a border.
    """
    if "gmail_quote" in attributes and "cite=" not in attributes:
        return _LINE + _TOOLBAR + _LINE
    if "40px" in attributes or "indent" in attributes:
        return _LINE + _INDENT + _LINE
    marked = "cite" in attributes or "border-left" in attributes or _QUOTE_PLACES.search(attributes)
    return _LINE + (_mark(attributes) + _OPEN if marked else _BARE) + _LINE


def _link(attributes: str) -> str:
    found = _HREF.search(attributes)
    return f"{_mark(attributes)}{_LINK}{found[1] if found else ''}{_LINKED}"


def _image(attributes: str) -> str:
    """The alternative text when it is one: an emoji, or words that are no file's or program's name."""
    found = _ALT.search(attributes) if "alt=" in attributes else None
    if not found or _NO_ALT.search(found[1]):
        return ""
    return found[1] if " " in found[1] or not any(map(str.isalnum, found[1])) else ""


def _item(_: str) -> str:
    return _LINE + "- "


_SPECIAL = {
    "a": _link,
    "img": _image,
    "blockquote": _blockquote,
    "li": _item,
}
_CLOSED = {
    **{tag: mark for tag, mark in _BREAKS.items() if tag != "br"},
    "td": " ",
    "th": " ",
    "a": _LINK_END,
    "blockquote": _LINE + _CLOSE + _LINE,
}


def _with_addresses(text: str) -> str:
    """Each link's address behind its text, unless the text shows it."""
    text = _LINK_PARTS.sub(_shown_link, text).replace("  ", " ")
    return _LINK_MARKS.sub("", text) if _LINK in text or _LINKED in text or _LINK_END in text else text


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
    out: list[str] = []
    around: list[int] = []  # of each open blockquote, whether it is a quote
    depth = 0
    # Programs append what they quote: the last bare one is a quote too, when none is marked.
    bare = -1 if _OPEN in text or QUOTE_MARK in text else text.count(_BARE)
    introduced = False
    for line in text.split("\n"):
        line = line.strip(" ")
        if line and line[0] in _QUOTE_SIGNS:
            for sign in filter(_QUOTE_SIGNS.__contains__, line):
                if sign == _CLOSE:
                    depth -= around.pop() if around else 0
                    continue
                bare -= sign == _BARE
                introduced = introduced or _introduces(out)
                quote = sign == _OPEN or (sign != _INDENT and (introduced or depth > 0))
                quote = quote or (sign == _BARE and bare == 0 and bool(out))
                around.append(int(quote))
                depth += quote
            line = line.translate(_NO_SIGNS).strip(" ")
        if line:
            introduced = introduced or line == QUOTE_MARK
            out.append("> " * min(depth, 10) + line if depth and line != QUOTE_MARK else line)
        elif out and out[-1]:
            out.append("")
    return "\n".join(out).strip("\n")


def _introduces(lines: list[str]) -> bool:
    """Whether the last line that is not blank ends with a colon, as attributions do."""
    last = next((line for line in reversed(lines[-2:]) if line), "")
    return last.endswith((":", "："))


_QUOTE_SIGNS = _OPEN + _CLOSE + _BARE + _TOOLBAR + _INDENT
_NO_SIGNS = dict.fromkeys(map(ord, _QUOTE_SIGNS))
