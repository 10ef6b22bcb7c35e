"""What the tags of an HTML document turn into: breaks, the marks of quotes and links, an image's words, or nothing."""

from __future__ import annotations

import re
from functools import lru_cache

QUOTE_MARK = "\x02"
OPEN, CLOSE, BREAK, LINE, PARAGRAPH = "\x03", "\x04", "\x05", "\x06", "\x07"
# Blockquotes that may be the sender's own: bare ones, those of Gmail's toolbar, and those that only indent.
BARE, TOOLBAR, INDENT = "\x0e", "\x13", "\x0f"
LINK, LINKED, LINK_END = "\x10", "\x11", "\x12"  # around a link's address, and behind its text
BREAKING = BREAK + LINE + PARAGRAPH
Mark = str | tuple[str, str, str]  # a break, a space, nothing; or (break, what is shown, break)
QUOTE_SIGNS = OPEN + CLOSE + BARE + TOOLBAR + INDENT
_LONGEST_KNOWN = 200  # characters of a tag that is remembered from mail to mail
TAG = re.compile(r'<(/?)([a-z][a-z0-9:-]*)([^>"]*(?:"[^"]*"[^>"]*)*)>|<[!?][^>]*>')
_HREF = re.compile(r'\bhref="\s*((?:https?:|ftp:|mailto:|tel:)[^"]{3,700})"', re.IGNORECASE)
_ALT = re.compile(r'\balt="\s*([^"]{1,200}?)\s*"', re.IGNORECASE)
# What programs write as alternative text when nobody wrote one.
_NO_ALT = re.compile(
    r"\.(?:png|jpe?g|gif|svg|bmp|webp)\b|automati|logo|icon|banner|image|photo|picture|avatar|spacer|pixel|"
    r"signature|\bcid:",
    re.IGNORECASE,
)
# Where a mail client starts what it quotes: class or id → client.
_QUOTE_PLACES = re.compile(
    r"""\b(?:class|id|name|data-marker)="(?:quote"|[^"]*(?<![\w-])(?:x_)?(?:
        gmail_quote | gmail_extra | yahoo_quoted | divRplyFwdMsg | appendonsend | OLK_SRC_BODY_SECTION |
        ms-outlook-mobile-reference-message | mail-editor-reference-message-container | OutlookMessageHeader |
        protonmail_quote | tutanota_quote | zmail_extra | moz-cite-prefix | moz-forward-container | isReplyContent |
        isForwardContent | quoted-text | replyforwardmessage | origbody | WM_quote | cf_quote | messageReplySection |
        front-blockquote |
        missive_quote | nylas-quote | hs_reply | lark-mail-quote | history-quote-wrapper | zwchr | __DIVIDER__ |
        __aliyun_previous_quote | ik_mail_quote | mail-quote-collapse | reply-intro
    )(?![\w-]))""",
    re.VERBOSE,
)
# Outlook for Windows draws a thin grey or blue line above the header block of what it quotes.
_OUTLOOK_RULE = re.compile(r"border-top:\s*solid\s+#(?:B5C4DF|E1E1E1)", re.IGNORECASE)
_BREAKS = {
    "br": BREAK,
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
        LINE,
    ),
    **dict.fromkeys(("p", "ul", "ol", "dl", "pre", "h1", "h2", "h3", "h4", "h5", "h6"), PARAGRAPH),
}


def mark_of(head: str) -> Mark | None:
    """What stands between `<` and `>` as a mark; None when it is no tag."""
    return _remembered(head) if len(head) < _LONGEST_KNOWN else _read(head)


def _read(head: str) -> Mark | None:
    tag = head.partition(" ")[0]
    if tag in _KNOWN_TAGS and head.count('"') % 2 == 0:
        mark = _opened(tag, head[len(tag) :])
    else:
        found = TAG.fullmatch(f"<{head}>")
        if found is None:
            return None
        mark = replacement(found)
    if not mark or mark in NOTHING:
        return mark
    if mark[0] not in BREAKING and mark[-1] not in BREAKING:
        return " " if mark.isspace() else ("", mark, "")
    inner = mark.strip(BREAKING)
    before, behind = mark[: mark.index(inner)], mark[mark.index(inner) + len(inner) :]
    return before[:1], inner, behind[:1]


_remembered = lru_cache(maxsize=1024)(_read)


def replacement(found: re.Match[str]) -> str:
    """What a tag turns into: line breaks, marks or nothing."""
    closing, tag, attributes = found.groups()
    if tag is None:
        return ""
    return _CLOSED.get(tag, "") if closing else _opened(tag, attributes)


def _opened(tag: str, attributes: str) -> str:
    special = _SPECIAL.get(tag)
    if special:
        return special(attributes)
    if not attributes:
        return _BREAKS.get(tag, "")
    if tag == "div" and "border-top" in attributes and _OUTLOOK_RULE.search(attributes):
        return f"{LINE}{QUOTE_MARK}{LINE}"
    return _BREAKS.get(tag, "") + _mark(attributes)


def _mark(attributes: str) -> str:
    named = 'class="' in attributes or 'id="' in attributes or 'name="' in attributes or 'data-marker="' in attributes
    return f"{LINE}{QUOTE_MARK}{LINE}" if named and _QUOTE_PLACES.search(attributes) else ""


def _blockquote(attributes: str) -> str:
    """Clients mark what they quote. Gmail's own quotes stand in a marked `div`; by itself its class is formatting.

    Gmail and Apple Mail indent by a blockquote of 40 pixels without a border.
    """
    if "gmail_quote" in attributes and "cite=" not in attributes:
        return LINE + TOOLBAR + LINE
    if "40px" in attributes or "indent" in attributes:
        return LINE + INDENT + LINE
    marked = "cite" in attributes or "border-left" in attributes or _QUOTE_PLACES.search(attributes)
    return LINE + (_mark(attributes) + OPEN if marked else BARE) + LINE


def _link(attributes: str) -> str:
    return f"{_mark(attributes)}{LINK}{_address(attributes)}{LINKED}"


def _address(attributes: str) -> str:
    if attributes.startswith((' href="http:', ' href="https:')):  # as nearly every link; no pattern is needed
        end = attributes.find('"', 7)
        if len(' href="https://') < end <= 700:  # as in the pattern
            return attributes[7:end]
    found = _HREF.search(attributes)
    return found[1] if found else ""


def _image(attributes: str) -> str:
    """The alternative text when it is one: an emoji, or words that are no file's or program's name."""
    start = attributes.find('alt="')
    if start < 0 or (attributes.startswith('"', start + 5) and attributes.count('alt="') == 1):
        return ""
    found = _ALT.search(attributes, max(0, start - 1))
    return _alternative(found[1]) if found else ""


@lru_cache(maxsize=256)
def _alternative(text: str) -> str:
    if _NO_ALT.search(text):
        return ""
    return text if " " in text or not any(map(str.isalnum, text)) else ""


def _item(_: str) -> str:
    return LINE + "- "


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
    "a": LINK_END,
    "blockquote": LINE + CLOSE + LINE,
}


class Between(dict[str, "Between"]):
    """What stands between two pieces of text so far: what shows of it, and what it becomes with the next tag.

    The same as `_newlines` of all of it; spaces do not count beside breaks.
    """

    __slots__ = ("shown",)

    def __init__(self, shown: str) -> None:
        self.shown = shown


NOTHING, _SPACED, _BROKEN, _ENDED, _PARTED = map(Between, ("", " ", BREAK, LINE, PARAGRAPH))
for _gap in (NOTHING, _SPACED, _BROKEN, _ENDED, _PARTED):
    _gap |= {"": _gap, " ": _gap, BREAK: _PARTED, LINE: _gap, PARAGRAPH: _PARTED}
for _gap in (NOTHING, _SPACED):
    _gap |= {" ": _SPACED, BREAK: _BROKEN, LINE: _ENDED}
_KNOWN_TAGS = frozenset(
    (*_BREAKS, *_SPECIAL, "td", "th", "b", "i", "u", "em", "strong", "span", "font", "small", "o:p")
)
BARE_TAGS = {head: mark_of(head) or "" for tag in _KNOWN_TAGS for head in (tag, "/" + tag)}
