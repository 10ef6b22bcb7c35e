"""Which conversation a message says it belongs to, and whom an answer goes to. Pure; the store does the matching."""

from __future__ import annotations

import re
from collections.abc import Collection

from router.values import Address, Message

# Reply and forward prefixes of mail clients, by language. RFC 5256 section 2.1 knows only the first line.
_PREFIXES = (
    r"re|fwd?",
    r"aw|antw|antwort|wg|betr|weitergeleitet",  # German, Dutch
    r"sv|vs|vb|vl|svar|videresendt|videresend|vidarebefordrat|vastaus",  # Nordic
    r"rép|rep|tr|transf|réf|ref",  # French
    r"rv|res|enc|resposta|encaminhado|reenviado|respuesta",  # Spanish, Portuguese
    r"rif|r|i|inoltra|inoltro",  # Italian
    r"odp|pd|podaj dalej",  # Polish
    r"odg|prosleđeno|prosledjeno|одг|прослеђено|проследено",  # Serbian
    r"отв|ответ|пер|перес|пересл",  # Russian
    r"відп|відповідь|вд|перенапр|переслано",  # Ukrainian
    r"хариу|хариулт|дамжуулсан|дамж",  # Mongolian
    r"ynt|ilt|yan",  # Turkish
    r"σχετ|απ|πρθ",  # Greek
    r"回复|回覆|答复|转发|轉寄|返信|転送|답장|전달",
)
_PREFIX = re.compile(
    rf"\s*(?:{'|'.join(_PREFIXES)})\s*(?:\[\d{{1,3}}\]|\(\d{{1,3}}\)|\^\d{{1,3}}|\d{{1,3}})?\s*[:：]\s*",
    re.IGNORECASE,
)
_TRAILER = re.compile(r"\s*\((?:fwd|fw|forwarded)\)\s*$", re.IGNORECASE)
_LIST_TAG = re.compile(r"\s*\[(?!#|\s*\d)[^\[\]]{1,40}\]\s*(?=\S)")
_SPACES = re.compile(r"\s+")


def references_of(message: Message) -> tuple[str, ...]:
    """The ids this message answers, oldest first and the direct parent last, each once."""
    parents = [one for one in message.in_reply_to if one not in message.references]
    return tuple(dict.fromkeys((*message.references, *parents)))


def base_subject(subject: str) -> str:
    """The subject without reply and forward prefixes, list tags before them, and doubled spaces; ticket tags stay."""
    text = _SPACES.sub(" ", subject).strip()[:998]
    while True:
        shorter = _TRAILER.sub("", text)
        tag = _LIST_TAG.match(shorter)
        behind_tag = tag and _PREFIX.match(shorter, tag.end())
        prefix = behind_tag or _PREFIX.match(shorter)
        if prefix:
            shorter = shorter[prefix.end() :]
        if shorter == text:
            return text.strip()
        text = shorter


def customer_of(message: Message, ours: Collection[str] = ()) -> Address:
    """Who wrote and gets the answer: Reply-To when it is exactly one readable address and not ours, else From.

    `ours` holds our own addresses in lower case.
    """
    if len(message.reply_to) == 1 and message.reply_to[0].address and message.reply_to[0].address not in ours:
        return message.reply_to[0]
    return message.sender
