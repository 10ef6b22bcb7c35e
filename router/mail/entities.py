"""Typed values in what a person wrote: numbers of orders, invoices, tickets and parcels, dates, deadlines, questions.

No native speaker has checked the tables.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from router.values import Entity

from . import dates, questions
from .reading import Reading, digit_runs, read

ORDER, INVOICE, TICKET, TRACKING = "order", "invoice", "ticket", "tracking"
_AT_MOST = 20
_OF_SUBJECT = 500  # characters
_DIGIT = re.compile("[0-9]")
_BEFORE, _AFTER = 60, 40  # characters around a number that say whose it is

# What a number belongs to. Words stand as they are; stems are open because nouns are declined.
_WORDS: Mapping[str, str] = {
    "order orders purchase booking reservation commande commandes pedido pedidos ordine ordini po auftrag": ORDER,
    "tilaus الطلب طلب طلبي طلبية الطلبية zakaz narudzba": ORDER,
    "invoice invoices bill receipt facture factures factura facturas fattura fatture rechnung чек lasku": INVOICE,
    "الفاتورة فاتورة účet nota recibo ricevuta scontrino quittung": INVOICE,
    "ticket tickets case request claim incident vorgang dossier rma tiketti ärende sag sak التذكرة": TICKET,
    "tracking waybill awb parcel shipment ттн suivi takip kargo sendung": TRACKING,
}
_STEMS: Mapping[str, str] = {
    "замовлен бронюв заказ бронь брони бронир поруџбин наруџб наруџбениц porudžbin porudzbin narudžb narudzb": ORDER,
    "захиалг zahialg bestell besteln auftragsn zamówie zamowie encomend objednáv objednavk beställning": ORDER,
    "bestilling ordrenum ordernum ordren ordernr tilausn sipariş siparis поръчк нарачк rendelés comenz": ORDER,
    "рахун фактур квитанц счет счёт рачун račun racun faktur нэхэмжлэ баримт rechnungsn factuur fatura laskun": INVOICE,
    "звернен запит заявк тікет обращени тикет инцидент предмет захтев zahtev predmet хүсэлт ticketn saksn": TICKET,
    "трек накладн sendungs paketnummer seguimiento rastre spedizion przesyłk zásilk kollin sporing пошиљк": TRACKING,
    "pošiljk posiljk пратк илгээмж отслежив відстежен": TRACKING,
}
_NOUNS = {word: kind for words, kind in _WORDS.items() for word in words.split()}
_STEM_KINDS = {stem: kind for stems, kind in _STEMS.items() for stem in stems.split()}
_HEAD = 3  # letters that every stem has
_BY_HEAD = {
    head: tuple(stem for stem in _STEM_KINDS if stem.startswith(head))
    for head in {stem[:_HEAD] for stem in _STEM_KINDS}
}
# How shops and carriers write numbers that need no noun: INV-2026-0042, RMA5567, RR123456785UA (UPU S10), 1Z… (UPS).
_PREFIXES: Mapping[str, str] = {"inv": INVOICE, "rma": TICKET, "ord": ORDER, "tkt": TICKET, "rechnung": INVOICE}
_PREFIXED = re.compile(r"([a-z]{3,8})[-_/]?[0-9]", re.IGNORECASE)
_CARRIED = re.compile(r"(?:[A-Z]{2}[0-9]{9}[A-Z]{2}|1Z[0-9A-Z]{16})$")
_CJK_NOUN = re.compile(
    r"(?:(订单|訂單|订单|注文|주문)|(发票|發票|請求書|청구서|송장)|(工单|工單|問い合わせ|문의)|(快递|运单|運單|追跡|送り状|운송장))"
    r"(?:编号|編號|编码|号码|號碼|号|號|番号|のNo| ?번호)?(?:は|是|为)?\s?[:：#]?\s?$"
)
_FIRST_CJK = "\u4e00"
_CJK_KINDS = (ORDER, INVOICE, TICKET, TRACKING)
# What may stand between the noun and the number.
_LINK_WORDS = (
    "number numbers num no nr n id ref reference is was with the my under for № номер номером номеру номера ном під "
    "под за від от мой мій моє број броја бр broj broja br дугаар дугаартай дугаарын минь маань nummer número numéro "
    "numero numer numeru numerem із с з са sa č číslo čísla numara numarası numaram numaralı numarali на оплату оплати "
    "code код de del della du nro nummeret rnr numaram رقم"
)
_LINKS = frozenset(_LINK_WORDS.split())
_MARKED = frozenset({"номертой", "дугаартай", "дугаарын", "numbered", "numaralı"})
_ALSO = frozenset(
    [
        ",",
        "and",
        "&",
        "/",
        "та",
        "і",
        "й",
        "и",
        "und",
        "et",
        "y",
        "e",
        "i",
        "og",
        "och",
        "en",
        "ve",
        "ба",
        "болон",
        "oraz",
        "a",
    ]
)
# Behind a number: it is a sum or a count.
_MEASURED = re.compile(
    r"\s?(?:[€$£¥₮₴₽]|%|eur\b|euros?\b|usd\b|uah\b|rub\b|rsd\b|mnt\b|dollars?\b|гривень|грн\b|руб|дин|din\b|төг|"
    r"kč\b|zł\b|pln\b|kr\b|tl\b|kg\b|кг\b|g\b|шт\b|pcs\b|items?\b|pieces?\b|days?\b|hours?\b)",
    re.IGNORECASE,
)
_SIGNS = ("#", "№")
_JOINING = "_@./+-"
_BLANKS = " \n,;:!?()"  # the empty end of the text included
_LONGEST_NUMBER, _LONGEST_FIGURES = 40, 31
_NUMBER = re.compile(r"[^\W_][\w/-]{2,30}$")
_TAG = re.compile(r"\[[A-Za-z ]{0,20}#\s?([A-Za-z0-9-]{2,20})\]")
_WORD = re.compile(r"[^\W\d_]+")
_SENTENCE_END = re.compile(r"[!?;\n]|\.\s")
_ABBREVIATED = frozenset({"no", "nr", "n", "ном", "бр", "br", "num", "№", "č", "ref", "nro"})
_PUNCTUATION = "()[]:#№°ºª,.;!?\"'*_-–—=«»„“”"
_DATE = re.compile(
    r"(?:((?:19|20)[0-9]{2})(?:[-/]()([0-9]{1,2})(?:[-/][0-9]{1,2})?)?|([0-9]{1,2})[-/]([0-9]{1,2})(?:[-/][0-9]{2,4})?)$"
)
_DIGITS_NEEDED = 3


def find(text: str, subject: str = "") -> tuple[Entity, ...]:
    """Everything found, numbers first, with its span in `text`; numbers only in the subject have the span 0, 0."""
    reading = read(text)
    return *_numbers(reading, subject), *dates.find(reading), *questions.find(reading)


def _numbers(reading: Reading, subject: str) -> tuple[Entity, ...]:
    found: dict[tuple[str, str], Entity] = {}
    for entity in _in(reading.text, reading.digits):
        found.setdefault((entity.kind, entity.value.upper()), entity)
    for entity in _in(subject[:_OF_SUBJECT], digit_runs(subject[:_OF_SUBJECT])):
        found.setdefault((entity.kind, entity.value.upper()), Entity(kind=entity.kind, value=entity.value))
    if "#" in subject and (tag := _TAG.search(subject)) and _DIGIT.search(subject):
        found.setdefault((TICKET, tag[1].upper()), Entity(kind=TICKET, value=tag[1]))
    return tuple(found.values())[:_AT_MOST]


def _in(text: str, digits: Sequence[tuple[int, int]]) -> Iterator[Entity]:
    behind, last = -1, Entity(kind="", value="")
    for at, end in digits:
        if at < behind:
            continue
        if _stands_alone(text, at, end):
            start, behind = at, min(end, at + _LONGEST_NUMBER)
            if not _DIGITS_NEEDED <= behind - start <= _LONGEST_FIGURES:
                continue
        else:
            start, behind = _token_around(text, at)
        value = text[start:behind].rstrip("-/_.")
        end = start + len(value)
        signed = text[start - 2 if start > 2 else 0 : start].rstrip()[-1:] in _SIGNS
        if not _is_number(value, signed=signed):
            continue
        kind = _kind_of_number(text, value, start, end, signed=signed)
        if not kind and last.end and text[last.end : start].strip().lower() in _ALSO:
            kind = last.kind
        if kind and not _MEASURED.match(text, end):
            last = Entity(kind=kind, value=value, start=start, end=end)
            yield last


def _kind_of_number(text: str, value: str, start: int, end: int, *, signed: bool) -> str:
    """What the number is of: by the words in front of it, by those behind it, by its own form; '' for neither."""
    before = text[start - _BEFORE if start > _BEFORE else 0 : start]
    kind = _kind_before(before) or _kind_behind(text, end, signed=signed)
    if (
        not kind
        and not before.isascii()
        and max(before[-20:]) >= _FIRST_CJK
        and (found := _CJK_NOUN.search(before[-20:]))
    ):
        kind = _CJK_KINDS[(found.lastindex or 1) - 1]
    if not kind and value[0].isalpha():
        if _CARRIED.match(value):
            return TRACKING
        prefixed = _PREFIXED.match(value)
        kind = _PREFIXES.get(prefixed[1].lower(), "") if prefixed else ""
    return kind


def _stands_alone(text: str, start: int, end: int) -> bool:
    """Whether a run of digits is a whole word, as far as blanks tell."""
    return text[end : end + 1] in _BLANKS and (not start or text[start - 1] in _BLANKS)


def _token_around(text: str, at: int) -> tuple[int, int]:
    """The run of letters, digits and joining signs around a digit; longer ones than any number are cut."""
    start, end = at, at + 1
    while start > 0 and at - start < _LONGEST_NUMBER and _joins(text[start - 1]):
        start -= 1
    while end < len(text) and end - at < _LONGEST_NUMBER and _joins(text[end]):
        end += 1
    return start, end


def _joins(sign: str) -> bool:
    """Whether a sign belongs to the same number; scripts without blanks end one."""
    return sign in _JOINING or (sign.isalnum() and sign < "\u2e80")


def _is_number(value: str, *, signed: bool) -> bool:
    """Whether it can name an order: three digits or more, no date (unless signed), no part of an address."""
    if value.isdecimal() and value.isascii():
        return _DIGITS_NEEDED <= len(value) <= _LONGEST_FIGURES and (signed or not _is_date(value))
    if len(value) < _DIGITS_NEEDED or not _NUMBER.match(value) or (not signed and _is_date(value)):
        return False
    return sum(map(str.isdigit, value)) >= _DIGITS_NEEDED


def _is_date(value: str) -> bool:
    found = _DATE.match(value)
    if not found or len(value) == 4:
        return found is not None
    return int(found[3]) <= 12 if found[1] else int(found[4]) <= 31 and int(found[5]) <= 31


def _kind_of(word: str) -> str:
    kind = _NOUNS.get(word, "")
    if not kind and (stems := _BY_HEAD.get(word[:_HEAD])):
        kind = next((_STEM_KINDS[stem] for stem in stems if word.startswith(stem)), "")
    return kind


def _kind_before(context: str) -> str:
    """Whose number follows: the nearest noun of the sentence with only linking words behind it."""
    words = context.rpartition("\n")[2].split()
    for word in reversed(words[-5:]):
        bare = word.strip(_PUNCTUATION).lower()
        if word[-1] in ".!?;" and bare not in _ABBREVIATED and not bare.endswith("nr"):
            return ""
        for part in reversed(bare.split("-")):
            kind = _kind_of(part)
            if kind:
                return kind
        if bare and bare not in _LINKS:
            return ""
    return ""


def _kind_behind(text: str, end: int, *, signed: bool) -> str:
    """Whose number it was: `#12345 order`, `12345 дугаартай захиалга`. A bare count (`3000 orders`) is no number."""
    first = _WORD.search(text, end, end + _AFTER)
    if not first:
        return ""
    word = first[0].lower()
    marked = word in _MARKED
    if not (marked or signed) or _SENTENCE_END.match(text, end):
        return ""
    if marked:
        second = _WORD.search(text, first.end(), end + _AFTER)
        return _kind_of(second[0].lower()) if second else ""
    return _kind_of(word)
