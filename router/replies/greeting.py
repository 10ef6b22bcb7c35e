"""How to address a customer: by the name they call themselves, at the level of their own greeting.

A name is never completed, translated or inflected, and no greeting names a time of day: the draft may be sent
tomorrow.
"""

from __future__ import annotations

import re

from router.mail.compose import one_line
from router.replies.script import serbian_latin
from router.values import Address, Message

LONGEST_NAME = 40  # characters
MOST_WORDS = 4

# With a name and without, by language and level; "" is the level of someone who did not greet.
# "Шановна" and "Поштована" would need to know who is a woman, so the formal line goes without them.
_GREETINGS = {
    "en": {"formal": ("Dear {name},", "Hello,"), "informal": ("Hi {name},", "Hi,"), "": ("Hello {name},", "Hello,")},
    "uk": {"informal": ("Привіт, {name}!", "Привіт!"), "": ("Вітаємо, {name}!", "Вітаємо!")},
    "ru": {"": ("Здравствуйте, {name}!", "Здравствуйте!")},
    "sr": {"formal": ("Поштовани,", "Поштовани,"), "": ("Здраво, {name},", "Здраво,")},
    "mn": {"": ("Сайн байна уу, {name}?", "Сайн байна уу?")},
}

# Words by which a sender's name is an office, a firm or a machine, not a person.
_NO_PERSON = frozenset(
    """
    account accounting accounts admin administrator agency bank billing bot client company contact corp customer desk
    department dept export finance gmbh group help helpdesk hr inc info invoice llc ltd mail manager marketing me
    monitor my news newsletter no noreply notification notifications office order orders owner payment payments
    postmaster purchasing reception reply robot root sales sender server service services shop staff store support
    system team test the undisclosed unknown user webmaster you
    адмін адміністратор бухгалтерія відділ група директор клієнт компанія магазин офіс підтримка тов фоп я
    администратор бухгалтерия группа ип клиент компания магазин менеджер ооо отдел офис поддержка
    доо књиговодство подршка продавница рачуноводство служба тим фирма
    дэлгүүр захирал компани нягтлан оффис ххк хэлтэс үйлчилгээ
    """.split()  # noqa: SIM905 - a list literal of so many words is harder to read
)
_PARTICLES = frozenset({"al", "bin", "da", "de", "del", "der", "di", "dos", "du", "el", "la", "le", "van", "von"})
_INITIAL = r"(?:[^\W\d_]\.)"
_WORD = re.compile(rf"{_INITIAL}*[^\W\d_]+(?:['’ʼ-][^\W\d_]+)*|{_INITIAL}+")
_PATRONYMIC = re.compile(r".+(?:ович|евич|йович|івна|ївна|овна|евна|ична|ьич)", re.IGNORECASE)


def customer_name(message: Message) -> str:
    """The name from the sign-off, then From's when it looks like a person's; '' rather than a wrong one."""
    signed = as_name(message.signed_as)
    return signed or _name_in_from(message.sender)


def first_name(name: str, language: str, level: str = "") -> str:
    """How to call them: as they signed when formal, or where the order of names or a patronymic forbids cutting."""
    words = name.split()
    if len(words) < 2 or level == "formal" or language == "mn":
        return name
    if _PATRONYMIC.fullmatch(words[1]):
        return " ".join(words[:2])
    return name if words[0].endswith(".") else words[0]


def greeting_line(message: Message, language: str) -> str:
    """A ready first line in that language (English when we know no other), in the customer's script."""
    levels = _GREETINGS.get(language, _GREETINGS["en"])
    with_name, without = levels.get(message.greeting, levels[""])
    name = first_name(customer_name(message), language, message.greeting)
    line = with_name if name else without
    return (serbian_latin(line) if writes_latin(message, language) else line).format(name=name)


def writes_latin(message: Message, language: str) -> bool:
    """Whether an answer in `language` is written in Latin script though the reply is kept in Cyrillic."""
    return language == "sr" and message.script == "Latn"


def as_name(text: str) -> str:
    """The text if it can be a person's name: one to four capitalised words of letters; else ''."""
    name = one_line(text, LONGEST_NAME + 1).strip(" ,;-–—")
    words = name.split()
    if not words or len(name) > LONGEST_NAME or len(words) > MOST_WORDS:
        return ""
    if not all(_WORD.fullmatch(word) for word in words) or _is_office(words):
        return ""
    if not all(word[0].isupper() or not word[0].islower() or word in _PARTICLES for word in words):
        return ""
    return " ".join(word.title() if word.isupper() and len(word) > 3 and "." not in word else word for word in words)


def _name_in_from(sender: Address) -> str:
    shown = one_line(sender.name, LONGEST_NAME + 1)
    last, comma, first = shown.partition(",")
    name = as_name(f"{first.strip()} {last.strip()}" if comma else shown)
    if " " not in name and name.lower() in sender.domain.lower().split("."):
        return ""  # "Acme <jo@acme.example>" is a firm
    return name


def _is_office(words: list[str]) -> bool:
    return any(word.lower().strip(".") in _NO_PERSON for word in words)
