"""What the sender newly wrote: plain text without quoted replies, forwards and the lines that introduce them.

Three forms introduce a quote: an attribution (`On Monday Jane wrote:`), a separator (`-----Original Message-----`) and
a header block (`From: … Sent: … To: …`). Lines that start with `>` are quotes wherever they stand, so answers between
them stay. When nothing else is left, what is behind the introduction is the text: the sender forwarded it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from . import footers, phones
from .attributions import (
    ADDRESSED,
    DATE,
    DATED,
    RECIPIENT,
    SENDER,
    TOPIC,
    begins_forwarded,
    closes_address,
    ends_like_one,
    field_of,
    is_attribution,
    is_block_on_one_line,
    is_complete,
    is_dashed,
    is_separator,
)
from .tags import QUOTE_MARK

_LONGEST = 600  # characters of an attribution, over at most four lines
_WINDOW = 4
_PASSES = 8  # how often removing may uncover another quote before we doubt that it is mail
_LONGEST_BLOCK = 14  # lines of header fields
_MOST_OWN_MARKED = 3  # lines; more of them are what a client quoted

_QUOTED = re.compile(r"[ \t]{0,4}>(?!From )[ ]?")
_ANY_QUOTED = re.compile(r"^[ \t]{0,4}>(?!From )", re.MULTILINE)
# A quote that starts on the line where the text ends, as some programs for the web join them.
_SHARED = re.compile(r"On \w{3}, [^\n]{6,200}? wrote:[ \t]*$", re.MULTILINE)
_RULE_SIGNS = "-_=*"
_TITLED_RULE = re.compile(r"^\s*[-_=]{3,}\s?[^-_=]{3,60}[-_=]{3,}\s*$")  # in a language we do not know
_BLANKS = re.compile(r"\n[^\S\n]*\n(?:[^\S\n]*\n)+")
# Direction marks, joiners and odd spaces, which programs put around names, dates and colons.
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_ODD_SPACE = re.compile("[\u00a0\u2000-\u200a\u202f\u3000]")
_ODD = re.compile("[\u00a0\u00ad\u2000-\u200f\u202a-\u202f\u2060-\u2069\u3000\ufeff]")  # any of both
_TIME = re.compile(r"(?<![\d.:/-])\d{1,2}[:.]\d\d(?!\.?\d)")  # of day: not the middle of 03.03.2026
_ENDS = "-_=*：\x02 \u2010\u2013\u2014\u2015"  # last characters of lines that may introduce a quote
_DASHES = "-_=*\u2010\u2011\u2012\u2013\u2014\u2015\u2500\u2501"
_BEFORE_TEXT = (">", " ", "\t")
_UNFINISHED = re.compile(r"[^\s.?!:…>»\"”][^\S\n]*$")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Introduction:
    """Where a quote is introduced: how many kept lines stay, where it begins, whether it may be a forward."""

    stay: int
    behind: int
    forward: bool = False


def remove_quotes(text: str) -> str:
    """`text` without what was quoted or forwarded; '' only when all of many lines are quotes. Twice changes nothing.

    What is left of hostile text, which hides hundreds of quotes in each other, is cut, so that the time stays bounded.
    """
    if " wrote:" in text:
        text = _on_lines_of_their_own(text)
    text = _BLANKS.sub("\n\n", text).strip()
    turn = 0
    while (new := _once(text)) != text:
        turn += 1
        text = new if turn % _PASSES else new[: len(new) // 2].strip()
    return text


def _on_lines_of_their_own(text: str) -> str:
    """Attributions that stand behind a line's text, split from it."""
    pieces, at = [], 0
    for found in _SHARED.finditer(text):
        head = text[text.rfind("\n", 0, found.start()) + 1 : found.start()]
        above = head.rstrip(" \t-")
        if above.strip(" \t>*_") and (head[-1] in " \t" or head.endswith("--")):
            pieces.append(text[at : found.start() - len(head) + len(above)])
            at = found.start()
    pieces.append(text[at:])
    return "\n".join(pieces)


def _once(text: str) -> str:
    """One pass: never longer than `text`, and equal to it when there is nothing to remove."""
    if not (":" in text or ">" in text or "--" in text or QUOTE_MARK in text or "：" in text or "\u2010" in text):
        return _without_phone(text)
    lines = text.split("\n")
    plain = lines
    if not text.isascii() and _ODD.search(text):
        plain = _INVISIBLE.sub("", _ODD_SPACE.sub(" ", text)).split("\n")
    walk = _Walk(plain, quotes=_holds_quotes(text))
    walk.run()
    new = _tidy([lines[at] for at in walk.kept])
    if new and not (walk.quotes and footers.is_only_footer(new.split("\n"))):
        return _without_phone(new)
    forwarded = _forwarded(lines, plain) if walk.quotes else ""
    if forwarded or new:
        return forwarded or new
    if not walk.introduced:
        return _own_marked(plain)
    return _tidy([line for line in lines if not _QUOTED.match(line) and line != QUOTE_MARK])


def _own_marked(lines: list[str]) -> str:
    """A mail of nothing but a few marked lines, which nothing introduces: a person who types `> yes please`."""
    marked = [line.strip() for line in lines if line.strip()]
    bare = [line.lstrip(">").strip() for line in marked]
    if len(marked) > _MOST_OWN_MARKED or any(line.startswith((">>", "> >")) for line in marked):
        return ""
    return "\n".join(filter(None, bare))


def _holds_quotes(text: str) -> bool:
    """Whether any line starts with `>`."""
    if ">" not in text:
        return False
    return ("\n>" in text and "\n>From " not in text) or bool(_ANY_QUOTED.search(text))


def _tidy(lines: list[str]) -> str:
    return _BLANKS.sub("\n\n", "\n".join(lines)).strip()


def _without_phone(text: str) -> str:
    """Without a `Sent from my phone` in the middle; what follows and no introduction makes a quote is the person's."""
    line = phones.phone_line(text)
    return text if line is None else _tidy([text[: line[0]], text[line[1] :]])


class _Walk:
    """One walk down the lines; `kept` are the places of those that stay."""

    def __init__(self, lines: list[str], *, quotes: bool) -> None:
        self.lines = lines
        self.quotes = quotes  # whether any line starts with `>`
        self.kept: list[int] = []
        self.introduced = False
        self.marked = [line[:1] in _BEFORE_TEXT and _is_marked(line) for line in lines] if quotes else []

    def run(self) -> None:
        lines, kept, marked = self.lines, self.kept, self.marked
        at = 0
        while at < len(lines):
            line = lines[at]
            if line and self.quotes and (marked[at] or (at and marked[at - 1])) and self._is_quote(at):
                at += 1
                continue
            found = self._introduction(at) if line and self._may_introduce(at, line) else None
            if found is None:
                kept.append(at)
                at += 1
                continue
            at = found.behind
            if self._cut(found) and not self._quote_follows(at):
                break

    def _may_introduce(self, at: int, line: str) -> bool:
        """Whether the line ends as introductions do, holds a colon, or stands above a quote; cheap."""
        return line[-1] in _ENDS or _has_colon(line) or self._quote_follows(at + 1)

    def _cut(self, found: _Introduction) -> bool:
        """Drop the introduction's lines and what leads to them; whether something written stands above."""
        lines, kept = self.lines, self.kept
        self.introduced = True
        del kept[found.stay :]
        while kept and (not lines[kept[-1]].strip() or _is_rule(lines[kept[-1]]) or _is_title(lines[kept[-1]])):
            kept.pop()
        if found.forward and kept and footers.is_only_footer([lines[at] for at in kept]):
            kept.clear()  # `Sent from my phone` above a forwarded mail: no word of one's own
        return bool(kept)

    def _is_quote(self, at: int) -> bool:
        """Whether the line belongs to a quote: marked by `>`, or the rest of a marked line that was wrapped."""
        line = self.lines[at]
        if self.marked[at]:
            return not (line.rstrip()[-1] in ":：" and closes_address(line) and self._address_is_open(at))
        return 0 < at < len(self.lines) - 1 and bool(line.strip()) and self._is_wrapped_rest(at)

    def _address_is_open(self, at: int) -> bool:
        above = "".join(self.lines[max(0, at - 3) : at])
        return bool(self.kept) and self.kept[-1] == at - 1 and above.count("<") > above.count(">")

    def _is_wrapped_rest(self, at: int) -> bool:
        """Between two marked lines, without blank ones: the first is long and its sentence or bracket goes on here."""
        above, line = self.lines[at - 1], self.lines[at]
        if not (self.marked[at - 1] and self.marked[at + 1]):
            return False
        if above.count("(") > above.count(")") and line.count(")") > line.count("("):
            return True
        return len(above) >= 50 and bool(_UNFINISHED.search(above[-40:])) and not line[0].isupper()

    def _introduction(self, at: int) -> _Introduction | None:
        """The introduction that ends on this line, if one does."""
        line = self.lines[at]
        if line == QUOTE_MARK:
            return _Introduction(stay=len(self.kept), behind=self._behind_mark(at), forward=True)
        end = line.rstrip().rstrip(" *_\t")
        if not end.strip():
            return None
        if (line.lstrip(" \t*>")[:1] in _DASHES and is_separator(line)) or (
            end[-1] in ":：" and begins_forwarded(line)
        ):
            return _Introduction(stay=len(self.kept), behind=_behind_fields(self.lines, at + 1), forward=True)
        if field_of(line):
            behind = (
                at + 1 if is_block_on_one_line(line) else _header_block(self.lines, at, after_rule=self._rule_above())
            )
            if behind:
                return _Introduction(stay=len(self.kept), behind=_behind_fields(self.lines, behind), forward=True)
        return self._attribution(at, end) if len(line) <= _LONGEST else None

    def _behind_mark(self, at: int) -> int:
        """Where the quote of a marked place begins: at the next `>` line if one is near (an attribution in any language
        stands between), else right behind the mark's header block."""
        for near in range(at + 1, min(at + 2 + _WINDOW, len(self.lines))):
            if _QUOTED.match(self.lines[near]):
                return near
        return _behind_fields(self.lines, at + 1)

    def _rule_above(self) -> bool:
        last = next((self.lines[at] for at in reversed(self.kept[-3:]) if self.lines[at].strip()), "")
        return _is_rule(last)

    def _attribution(self, at: int, end: str) -> _Introduction | None:
        """An attribution that ends on this line, wrapped over at most four."""
        if end[-1] == "-" and is_dashed(self.lines[at]):
            return _Introduction(stay=len(self.kept), behind=at + 1)
        follows = self._quote_follows(at + 1)
        if not follows and end[-1] not in ":：-" and not ends_like_one(end):
            return None
        window, top, piece = "", len(self.kept), self.lines[at]
        for _ in range(_WINDOW):
            window = f"{piece.strip()} {window}".strip()
            if len(window) > _LONGEST:
                break
            if is_attribution(window, quoted=follows):
                if not follows and not ADDRESSED.search(window) and self._stands_below_text(top, at):
                    return None  # a sentence: `Dear Sirs,` / `on 3.3.2026 your colleague wrote:`
                return _Introduction(stay=self._with_dated_line(top, window, at), behind=at + 1)
            top = self._line_above(at, top)
            if top < 0:
                break
            piece = self.lines[self.kept[top]]
        return None

    def _line_above(self, at: int, top: int) -> int:
        """The place in `kept` of the line above the one at `top`, if it stands next to it, else -1.

        A blank line may stand before `<` (Polymail breaks there).
        """
        below = self.kept[top] if top < len(self.kept) else at
        if top and self.kept[top - 1] == below - 1 and not self.lines[below - 1].strip():
            top = top - 1 if self.lines[below].lstrip().startswith("<") else 0
            below -= 1
        return top - 1 if top and self.kept[top - 1] == below - 1 and self.lines[below - 1].strip() else -1

    def _stands_below_text(self, top: int, at: int) -> bool:
        first = self.kept[top] if top < len(self.kept) else at
        return first > 0 and bool(self.lines[first - 1].strip())

    def _with_dated_line(self, top: int, window: str, at: int) -> int:
        """How many kept lines stay: the one above goes too when it has the date or the address that is missing."""
        missing = None if DATED.search(window) else DATED
        if missing is None and not is_complete(window):
            missing = ADDRESSED
        if missing is None:
            return top
        further = top
        for _ in range(_WINDOW - 1):
            further = self._line_above(at, further)
            piece = self.lines[self.kept[further]].strip() if further >= 0 else "."
            if len(piece) > 200 or piece[-1] in ".!?:":
                return top
            if missing.search(piece):
                return further
        return top

    def _quote_follows(self, at: int) -> bool:
        """Whether the next line that is not blank is a quote."""
        if self.quotes and True in self.marked[at : at + 4]:
            for line in self.lines[at : at + 4]:
                if line and not line.isspace():
                    return _is_marked(line) and not closes_address(line)
        return False


def _has_colon(line: str) -> bool:
    """Whether a colon stands in the line that is no web address's."""
    return (":" in line and ("://" not in line or line.count(":") > line.count("://"))) or "：" in line


def _is_marked(line: str) -> bool:
    """Whether the line starts with `>`; `>From` is how mailboxes hide a sender's own words (RFC 4155)."""
    return not line.startswith(">From ") if line[:1] == ">" else line[:1] in " \t" and bool(_QUOTED.match(line))


def _is_rule(line: str) -> bool:
    """Whether the line ends in three or more dashes or stars, with nothing above them but marks of quotes."""
    line = line.rstrip()
    above = line.rstrip(_RULE_SIGNS)
    return len(line) - len(above) >= 3 and not above.strip(" \t>*")


def _is_title(line: str) -> bool:
    return len(line) <= 300 and line.lstrip()[:1] in ("-", "_", "=") and bool(_TITLED_RULE.match(line))


def _behind_fields(lines: list[str], at: int) -> int:
    """The first line at or behind `at` that is neither blank, a rule nor a header field."""
    while at < len(lines):
        line = lines[at]
        if field_of(line):
            at = max(at + 1, _header_block(lines, at, after_rule=True))
        elif not line.strip() or _is_rule(line):
            at += 1
        else:
            break
    return at


def _header_block(lines: list[str], at: int, *, after_rule: bool) -> int:
    """Where a block of From, Sent, To, Subject ends; 0 when there are too few of them to be one."""
    kinds: set[str] = set()
    end = behind = at
    blanks = 0
    while end < len(lines) and end - at < _LONGEST_BLOCK and blanks < 2:
        line = lines[end]
        kind = field_of(line)
        if kind:
            kinds.add(kind)
            behind = end + 1
            blanks = 0
        elif not line.strip():
            blanks += 1
        elif end - behind >= 2:  # a field may be wrapped over three lines, no more
            break
        end += 1
    return behind if _is_block(kinds, lines[at:behind], after_rule=after_rule) else 0


def _is_timed(lines: list[str]) -> bool:
    """Whether the field that says when has a time of day, as every program writes it; a flight has one elsewhere."""
    return any(_TIME.search(line) for line in lines if field_of(line) == DATE)


def _is_block(kinds: set[str], lines: list[str], *, after_rule: bool) -> bool:
    """Whether fields of these kinds head a mail. `From: Berlin, To: Paris, Date: …` is a journey: it has no address."""
    others = len(kinds - {SENDER})
    if SENDER in kinds and others >= 1 and after_rule:
        return True
    values = " ".join(lines)
    addressed = "@" in values
    if (
        SENDER in kinds and others >= 2 and TOPIC in kinds
    ):  # with fewer, and neither, it is a form that somebody filled in
        return addressed or others >= 3 or _is_timed(lines)
    if DATE not in kinds or len(kinds) < 2:
        return False
    if SENDER in kinds:
        return addressed or (others >= 2 and _is_timed(lines))
    # Date and To alone: what a list or a cut header leaves. A bounce's own To, Subject and Sent are its report.
    return kinds == {DATE, RECIPIENT} and field_of(lines[0]) == DATE and "@" in values and bool(_TIME.search(values))


def _forwarded(lines: list[str], plain: list[str]) -> str:
    """The text of a forward that a program has marked with `>`; '' when the lines are no forward."""
    inner = [_QUOTED.sub("", line, count=1) if _QUOTED.match(line) else line for line in plain]
    for at, line in enumerate(inner[:20]):
        if not line.strip() or line == QUOTE_MARK or _is_rule(line) or footers.is_only_footer([line]):
            continue
        behind = at + 1 if is_separator(line) or begins_forwarded(line) else 0
        if not behind and field_of(line):
            behind = at + 1 if is_block_on_one_line(line) else _header_block(inner, at, after_rule=False)
        if not behind:
            return ""
        rest = lines[_behind_fields(inner, behind) :]
        return _tidy([_QUOTED.sub("", one, count=1) if _QUOTED.match(one) else one for one in rest])
    return ""
