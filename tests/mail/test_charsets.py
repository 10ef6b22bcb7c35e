"""Octets without a charset, or with a wrong one, are read as what a person would read in them."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from router.mail import charsets
from tests.mail.builders import a_message

WRITTEN = {
    "windows-1251": "Где мой заказ?",
    "koi8-r": "Верните деньги",
    "koi8-u": "Де моє замовлення і гроші?",
    "iso-8859-5": "Где мой заказ, почему его нет?",
    "cp866": "Помогите, пожалуйста",
    "windows-1252": "Où est ma commande passée à Genève ?",
    "windows-1250": "Dobrý den, kde je moje objednávka? Děkuji, čekám příliš dlouho",
    "iso-8859-2": "Gdzie jest moje zamówienie? Proszę o odpowiedź, dziękuję",
    "windows-1254": "Siparişim nerede? Lütfen yardım edin, çok gecikti",
    "windows-1253": "Πού είναι η παραγγελία μου;",
    "windows-1255": "איפה ההזמנה שלי",
    "windows-1256": "أين طلبي من فضلكم",
    "tis-620": "คำสั่งซื้ออยู่ที่ไหน",
    "shift_jis": "注文はどこですか",
    "euc-jp": "注文はどこですか",
    "iso-2022-jp": "注文はどこですか",
    "euc-kr": "제 주문은 어디에 있습니까",
    "iso-2022-kr": "제 주문은 어디에 있습니까",
    "gb18030": "我的订单在哪里",
    "big5": "我的訂單在哪裡",
    "utf-16-le": "Где мой заказ, скажите?",
    "utf-16-be": "Where is my order?",
    "utf-16": "Где мой заказ?",
}
LATIN = {"windows-1252", "windows-1250", "iso-8859-2", "windows-1254"}


@pytest.mark.parametrize("declared", ["", "us-ascii", "utf-8", "iso-8859-1", "x-unknown"])
@pytest.mark.parametrize("charset", WRITTEN)
def test_what_was_written_is_read(charset: str, declared: str) -> None:
    """A sentence in each charset is right without a declaration, and under a wrong one that cannot be true."""
    if declared == "iso-8859-1" and charset in LATIN:
        pytest.skip("nothing proves the declaration wrong")
    text, defect = charsets.decode(WRITTEN[charset].encode(charset), declared)
    assert text == WRITTEN[charset]
    assert defect.startswith("charset: ") or charset == "utf-16"


@pytest.mark.parametrize(
    ("charset", "text"),
    [
        ("iso-8859-1", "Äpfel, Öl und süße Grüße"),
        ("iso-8859-1", "Þetta er ekki það sem ég pantaði, því miður"),
        ("windows-1252", "« Ça ne marche pas » – l’été, ça dépend"),
        ("iso-8859-15", "äöüßÄÖÜß€"),
        ("windows-1251", "ТЕСТ № 5"),
        ("koi8-r", "Ёж"),
        ("windows-1253", "Γειά σας"),
        ("utf-8", "Ãngela paid 5 € – Â"),
    ],
)
def test_a_true_declaration_is_believed(charset: str, text: str) -> None:
    assert charsets.decode(text.encode(charset), charset) == (text, "")


def test_a_broken_octet_does_not_hide_the_rest() -> None:
    """Mostly valid UTF-8 stays UTF-8; one octet that is none is the only thing lost."""
    assert (
        charsets.decode("Де моє замовл".encode() + b"\xff" + "ення?".encode(), "utf-8")[0] == "Де моє замовл\ufffdення?"
    )
    assert charsets.decode(b"caf\xe9 please", "utf-8")[0] == "café please"


@pytest.mark.parametrize("text", ["Žao mi je – naručio sam dva", "Привіт, як справи?", "café"])
def test_text_that_was_encoded_twice_is_decoded_twice(text: str) -> None:
    twice = text.encode().decode("latin-1").encode()
    assert charsets.decode(twice, "utf-8") == (text, "charset: encoded twice")


def test_a_charset_that_only_the_markup_names_is_used() -> None:
    markup = '<html><head><meta http-equiv="Content-Type" content="text/html; charset=windows-1257"></head><p>Ačiū</p>'
    assert a_message(markup.encode("cp1257"), Content_Type="text/html").text == "Ačiū"


def test_a_mark_at_the_start_is_no_text() -> None:
    """A byte order mark decides the charset and is not shown."""
    assert charsets.decode(b"\xef\xbb\xbfHello", "utf-8") == ("Hello", "")
    assert (
        a_message(b"\xff\xfe" + "Ďakujem".encode("utf-16-le"), Content_Type="text/plain; charset=utf-8").text
        == "Ďakujem"
    )


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=80), st.sampled_from(["", "utf-8", "iso-8859-1", "koi8-r", "shift_jis", "utf-7", "x"]))
def test_any_octets_decode(octets: bytes, declared: str) -> None:
    """Any octets under any declaration give text without half characters."""
    text, _defect = charsets.decode(octets, declared, hint="windows-1253")
    text.encode("utf-8")
