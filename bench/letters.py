"""HTML mail as support gets it, 20 to 60 KB each, decided by its number alone: for measuring what markup costs.

Three kinds in turn: a newsletter that somebody answered (tables in tables, a style on every cell), a letter of nested
`div`s as mail clients write them, and a chain of replies that quote each other. Half of each kind has a plain part too.
"""

from __future__ import annotations

import base64
import html
import quopri
import random
from collections.abc import Iterator

SMALLEST, LARGEST = 18_000, 36_000  # octets of markup, which its encoding and the plain part make larger
_SENTENCES = {
    "en": (
        "The lamp arrived on Tuesday, but its glass is cracked.",
        "Could you tell me when the second parcel leaves your store?",
        "We have ordered from you every spring since the shop opened.",
    ),
    "uk": (
        "Лампа приїхала у вівторок, але скло тріснуло.",
        "Коли ви надішлете другу посилку?",
        "Ми замовляємо у вас щовесни, відколи відкрилася крамниця.",
    ),
}
# What clients choose: quoted-printable while most of it is ASCII.
_ENCODINGS = {"en": ("quoted-printable", "quoted-printable", "8bit"), "uk": ("base64", "base64", "8bit")}
_CELL = "font-family:Arial,Helvetica,sans-serif;font-size:14px;line-height:20px;color:#33{0:02x}44;padding:{1}px 12px;"


def letters(count: int) -> Iterator[bytes]:
    """`count` messages with LF."""
    for number in range(count):
        chance = random.Random(number)
        language = chance.choice(("en", "uk"))
        write = _KINDS[number % len(_KINDS)]
        markup, plain = write(Words(chance, language), chance.randint(SMALLEST, LARGEST))
        yield _message(chance, number, language, markup, plain)


class Words:
    """Sentences of one language, by chance."""

    def __init__(self, chance: random.Random, language: str) -> None:
        self.chance = chance
        self._sentences = _SENTENCES[language]

    def some(self) -> str:
        return " ".join(self.chance.choices(self._sentences, k=self.chance.randint(1, 4)))


def _message(chance: random.Random, number: int, language: str, markup: str, plain: str) -> bytes:
    head = (
        f"Received: from mx.customers.example (mx.customers.example [192.0.2.{number % 250}])\n"
        f"\tby mail.support.example with ESMTPS id {number:08X}; Mon, 6 Jan 2025 10:{number % 60:02}:00 +0000\n"
        f"Date: Mon, 6 Jan 2025 10:{number % 60:02}:00 +0000\nFrom: Jane Miller <user{number}@customers.example>\n"
        f"To: Support <support@support.example>\nSubject: Order {number}: a question\n"
        f"Message-ID: <{number}@customers.example>\nMIME-Version: 1.0\n"
    )
    body = _part(chance, language, "html", markup)
    if number % 2:
        parts = (_part(chance, language, "plain", plain), body)
        inside = b"".join(b"--=_b\n" + part + b"\n" for part in parts) + b"--=_b--\n"
        body = b'Content-Type: multipart/alternative; boundary="=_b"\n\n' + inside
    return head.encode() + body


def _part(chance: random.Random, language: str, subtype: str, text: str) -> bytes:
    encoding = chance.choice(_ENCODINGS[language])
    raw = text.encode()
    if encoding == "base64":
        raw = base64.encodebytes(raw)
    elif encoding == "quoted-printable":
        raw = quopri.encodestring(raw)
    head = f'Content-Type: text/{subtype}; charset="utf-8"\nContent-Transfer-Encoding: {encoding}\n\n'
    return head.encode() + raw


def _newsletter(words: Words, size: int) -> tuple[str, str]:
    asked, rows, length = words.some(), [], 0
    while length < size:
        rows.append(f"<tr>{_offer(words)}{_offer(words)}</tr>\n")
        length += len(rows[-1].encode())
    head = "<html><head><style>@media only screen{.c{width:100%!important}}</style></head><body>"
    return f'{head}<p>{asked}</p><table class="c" width="600">{"".join(rows)}</table></body></html>', asked + "\n"


def _offer(words: Words) -> str:
    chance = words.chance
    style = _CELL.format(chance.randint(0, 255), chance.randint(2, 20))
    number, link = chance.getrandbits(32), f"https://shop.example/c/{chance.getrandbits(96):024x}?utm=mail"
    return (
        f'<td width="50%" valign="top" style="{style}"><table role="presentation" cellpadding="0" cellspacing="0">'
        f'<tr><td><a href="{link}"><img src="https://shop.example/i/{number}.png" width="260" alt="Offer"></a></td>'
        f"</tr><tr><td><h3>Offer {number}</h3><p>{words.some()}</p></td></tr></table></td>"
    )


def _nested(words: Words, size: int) -> tuple[str, str]:
    texts: list[str] = []
    blocks: list[str] = []
    length = 0
    while length < size:
        texts.append(words.some())
        depth = words.chance.randint(1, 8)
        style = 'style="margin:0px;font-size:12pt;color:rgb(0,0,0)" class="x_elementToProof"'
        blocks.append(f"<div {style}>" * depth + f"<span>{texts[-1]}</span><br>" + "</div>" * depth + "\n")
        length += len(blocks[-1].encode())
    return f'<html><body dir="ltr">{"".join(blocks)}</body></html>', "\n\n".join(texts) + "\n"


def _chain(words: Words, size: int) -> tuple[str, str]:
    """The newest letter on top of a quote of the one before, which quotes the one before it."""
    markup = plain = ""
    while len(markup.encode()) < size:
        texts = [words.some() for _ in range(12)]
        said = "On Mon, Jan 6, 2025 at 10:00 AM Support &lt;support@support.example&gt; wrote:"
        own = "".join(f'<div style="font-family:Calibri,sans-serif">{text}</div><div><br></div>\n' for text in texts)
        quote = (
            f'<div class="gmail_quote"><div dir="ltr" class="gmail_attr">{said}<br></div><blockquote '
            'class="gmail_quote" style="margin:0px 0px 0px 0.8ex;border-left:1px solid rgb(204,204,204)">'
            f"{markup}</blockquote></div>"
        )
        earlier = "".join(f"> {line}\n" for line in plain.splitlines() if not line.startswith(">"))
        plain = "\n\n".join(texts) + (f"\n\n{html.unescape(said)}\n{earlier}" if earlier else "\n")
        markup = f'<div dir="ltr">{own}</div>{quote if markup else ""}\n'
    return f"<html><body>{markup}</body></html>", plain


_KINDS = (_newsletter, _nested, _chain)
