"""Typed values in what a person wrote: order, invoice and ticket numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from router.values import Entity

from . import dates, questions
from .reading import Reading, read

ORDER, INVOICE, TICKET = "order", "invoice", "ticket"
_AT_MOST = 20
_BEFORE, _AFTER = 60, 40  # characters around a number that say whose it is

# What a number belongs to. Words stand as they are; stems are open because nouns are declined.
_WORDS: Mapping[str, str] = {
    "order orders purchase booking reservation commande pedido ordine bestellung": ORDER,
    "invoice invoices bill receipt facture factura fattura rechnung чек": INVOICE,
    "ticket tickets case request claim incident vorgang dossier ticketnummer": TICKET,
}
_STEMS: Mapping[str, str] = {
    "замовлен бронюв заказ бронь брони бронир поруџбин наруџб porudžbin porudzbin narudžb narudzb": ORDER,
    "захиалг zahialg bestellnummer zamówieni": ORDER,
    "рахун фактур квитанц счет счёт рачун račun racun faktur нэхэмжлэ баримт rechnungsnummer": INVOICE,
    "звернен запит заявк тікет обращени тикет инцидент предмет захтев zahtev predmet хүсэлт": TICKET,
}
_NOUNS = {word: kind for words, kind in _WORDS.items() for word in words.split()}
_STEM_KINDS = {stem: kind for stems, kind in _STEMS.items() for stem in stems.split()}
_ALL_STEMS = tuple(_STEM_KINDS)
# What may stand between the noun and the number.
_LINK_WORDS = (
    "number numbers num no nr n id ref reference is was with the my under for № номер номером номеру номера ном під "
    "под за від от мой мій моє број броја бр broj broja br дугаар дугаартай дугаарын минь маань nummer número numéro "
    "numero numer numerem із с з са sa"
)
_LINKS = frozenset(_LINK_WORDS.split())
_MARKED = frozenset({"номертой", "дугаартай", "дугаарын", "numbered"})
_SIGNS = ("#", "№")
_DIGITS = re.compile("[0-9]+")
_JOINING = "_@./+-"
_BLANKS = " \n,;:!?()"  # the empty end of the text included
_LONGEST_NUMBER = 40
_NUMBER = re.compile(r"[A-Za-z0-9][A-Za-z0-9/_-]{2,30}$", re.ASCII)
_TAG = re.compile(r"\[[A-Za-z ]{0,20}#\s?([A-Za-z0-9-]{2,20})\]")
_WORD = re.compile(r"[^\W\d_]+")
_SENTENCE_END = re.compile(r"[!?;\n]|\.\s")
_ABBREVIATED = frozenset({"no", "nr", "n", "ном", "бр", "br", "num", "№"})
_PUNCTUATION = "()[]:#№,.;!?\"'*_-–—=«»„“”"
_DIGIT = re.compile("[0-9]")
_DATE = re.compile(
    r"^(?:(?:19|20)\d\d$|\d{1,2}[-/]\d{1,2}(?:[-/]\d{2,4})?|(?:19|20)\d\d[-/]\d{1,2}(?:[-/]\d{1,2})?)$", re.ASCII
)
_DIGITS_NEEDED = 3


def find(text: str, subject: str = "") -> tuple[Entity, ...]:
    """Order, invoice and ticket numbers with their spans in `text`; those only in the subject have the span 0, 0."""
    reading = read(text)
    return *_numbers(reading, subject), *dates.find(reading), *questions.find(reading)


def _numbers(reading: Reading, subject: str) -> tuple[Entity, ...]:
    found: dict[tuple[str, str], Entity] = {}
    for entity in _in(reading.text, reading.digits):
        found.setdefault((entity.kind, entity.value.upper()), entity)
    if _DIGIT.search(subject):
        for entity in _in(subject[:500], [one.span() for one in _DIGITS.finditer(subject[:500])]):
            found.setdefault((entity.kind, entity.value.upper()), Entity(kind=entity.kind, value=entity.value))
        tag = _TAG.search(subject)
        if tag:
            found.setdefault((TICKET, tag[1].upper()), Entity(kind=TICKET, value=tag[1]))
    return tuple(found.values())[:_AT_MOST]


def _in(text: str, digits: Sequence[tuple[int, int]]) -> Iterator[Entity]:
    behind = -1
    for at, end in digits:
        if at < behind or (end - at < _DIGITS_NEEDED and _stands_alone(text, at, end)):
            continue
        start, behind = _token_around(text, at)
        value = text[start:behind].rstrip("-/_.")
        if not _is_number(value):
            continue
        signed = text[max(0, start - 2) : start].rstrip()[-1:] in _SIGNS
        kind = _kind_before(text[max(0, start - _BEFORE) : start])
        kind = kind or _kind_behind(text[start + len(value) : start + len(value) + _AFTER], signed=signed)
        if kind:
            yield Entity(kind=kind, value=value, start=start, end=start + len(value))


def _stands_alone(text: str, start: int, end: int) -> bool:
    """Whether a run of digits is a whole word, as far as blanks tell."""
    return text[end : end + 1] in _BLANKS and (not start or text[start - 1] in _BLANKS)


def _token_around(text: str, at: int) -> tuple[int, int]:
    """The run of letters, digits and joining signs around a digit; longer ones than any number are cut."""
    start, end = at, at + 1
    while start > 0 and at - start < _LONGEST_NUMBER and (text[start - 1].isalnum() or text[start - 1] in _JOINING):
        start -= 1
    while end < len(text) and end - at < _LONGEST_NUMBER and (text[end].isalnum() or text[end] in _JOINING):
        end += 1
    return start, end


def _is_number(value: str) -> bool:
    """Whether it can name an order: three digits or more, no date, no phone number, no part of an address."""
    if len(value) < _DIGITS_NEEDED or not _NUMBER.match(value) or _DATE.match(value):
        return False
    return sum(map(str.isdigit, value)) >= _DIGITS_NEEDED


def _kind_of(word: str) -> str:
    kind = _NOUNS.get(word, "")
    if not kind and word.startswith(_ALL_STEMS):
        kind = next(_STEM_KINDS[stem] for stem in _ALL_STEMS if word.startswith(stem))
    return kind


def _kind_before(context: str) -> str:
    """Whose number follows: the nearest noun of the sentence with only linking words behind it."""
    words = context.rpartition("\n")[2].split()
    for word in reversed(words[-5:]):
        bare = word.strip(_PUNCTUATION).lower()
        if word[-1] in ".!?;" and bare not in _ABBREVIATED:
            return ""
        for part in reversed(bare.split("-")):
            kind = _kind_of(part)
            if kind:
                return kind
        if bare and bare not in _LINKS:
            return ""
    return ""


def _kind_behind(context: str, *, signed: bool) -> str:
    """Whose number it was: `#12345 order`, `12345 дугаартай захиалга`. A bare count (`3000 orders`) is no number."""
    words = [word.lower() for word in _WORD.findall(context)[:2]]
    if not words or _SENTENCE_END.match(context):
        return ""
    if words[0] in _MARKED:
        return _kind_of(words[1]) if len(words) > 1 else ""
    return _kind_of(words[0]) if signed else ""
