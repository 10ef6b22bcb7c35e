"""What a subject says about the conversation."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from router.mail.subjects import base_subject, read, says_exactly, says_something

PIECES = st.sampled_from(
    (
        *(
            "Re: ",
            "re:",
            "FW:",
            "AW[2]: ",
            "Re：",
            "回复：",
            "رد: ",
            "\u200f",
            "i\u0307lt:",
            "İLT:",
            "[Fwd: ",
            "]",
            "(fwd)",
        ),
        *("[List] ", "[#12] ", "【公告】", "[External]", "[", "(", "##", "Ticket ", "12345", "ref:", ":ref", ":"),
        *(" ", "\u00a0", "Order", "x"),
    )
)


@pytest.mark.parametrize(
    ("subject", "base"),
    [
        ("Re: Fwd: AW[2]: Order", "Order"),
        ("[List] Re: Order", "Order"),
        ("[EXTERNAL] RE: [List] Re: Order", "Order"),
        ("RE:FW:RE: Order (fwd)", "Order"),
        ("[Fwd: Re: Order]", "Order"),
        ("RE : Commande", "Commande"),
        ("Antw.: Bestelling", "Bestelling"),
        ("Відп: Замовлення", "Замовлення"),
        ("Отв: Заказ", "Заказ"),
        ("Odg: Porudžbina", "Porudžbina"),
        ("Одг: Поруџбина", "Поруџбина"),
        ("Хариу: Захиалга", "Захиалга"),
        ("SV: VS: Ordre", "Ordre"),
        ("Odp: Zamówienie", "Zamówienie"),
        ("VÁ: Rendelés", "Rendelés"),
        ("YNT: İLT: Sipariş", "Sipariş"),
        ("ΑΠ: ΠΡΘ: Παραγγελία", "Παραγγελία"),
        ("回复：转发: 订单", "订单"),
        ("Re：【重要】Re: 注文", "注文"),
        ("답장: 주문", "주문"),
        ("\u200fرد: إعادة توجيه: طلب", "طلب"),
        ("השב: הזמנה", "הזמנה"),
        ("[#123] Broken", "[#123] Broken"),
        ("[Ticket#123] Re: Broken", "[Ticket#123] Broken"),
        ("Re: [#1] AW: [List] Broken", "[#1] [List] Broken"),
        ("[List] Broken", "[List] Broken"),
        ("Re:", ""),
        ("Report: x", "Report: x"),
        ("Reply needed: x", "Reply needed: x"),
        ("12:30 Re: x", "12:30 Re: x"),
    ],
)
def test_prefixes_are_stripped(subject: str, base: str) -> None:
    """Of every client and language, with what lists and gateways put before them; a ticket's number stays."""
    assert base_subject(subject) == base


@given(st.lists(PIECES, max_size=12).map("".join) | st.text(max_size=60))
def test_a_base_subject_is_its_own(subject: str) -> None:
    """Stripping twice changes nothing, and a prefix before it neither: both mails have one subject."""
    base = base_subject(subject)
    assert base_subject(base) == base
    assert base_subject(f"Re: {subject}") == base
    assert read(base).key == read(f"AW: {subject}").key


@pytest.mark.parametrize(
    "piece",
    [
        "[",
        "Re:",
        "[a] ",
        "[a #",
        "(",
        "ref:a",
        "ticket ",
        "[fwd:",
        "x (fwd)",
        "vorgangs",
        "##a",
        "【",
        "\u200fRe:",
        "ticket" + " " * 40,
    ],
)
def test_a_long_subject_takes_no_time(piece: str) -> None:
    """Whatever stands in it, and however often."""
    subject = piece * (100_000 // len(piece))
    began = time.process_time()
    read(subject)
    assert time.process_time() - began < 0.5


@pytest.mark.parametrize(
    ("subject", "is_reply"),
    [
        ("Re: x", True),
        ("[List] AW: x", True),
        ("Fwd: Re: x", True),
        ("Fwd: x", False),
        ("x", False),
        ("Ref: 4711", False),
        ("R: Ordine", True),
        ("RES: Pedido 4711", True),
        ("RES: 4711", True),
        ("VS: Tilaus", True),
        ("Res: reservation for two", False),
        ("RES: RESERVATION FOR TWO", False),
        ("Rep: broken", False),
        ("r: lamp", False),
        ("I: cannot log in", False),
    ],
)
def test_only_a_reply_prefix_is_an_answer(subject: str, is_reply: bool) -> None:
    """A forward is none, and a reference number is no prefix of a client."""
    assert read(subject).is_reply is is_reply


@pytest.mark.parametrize(
    ("subject", "tags", "key"),
    [
        ("Re: [#123] Broken lamp", {"123"}, "broken lamp"),
        ("[Ticket#2026112110001] Broken lamp", {"2026112110001"}, "broken lamp"),
        ("[help.acme.example #77] Broken lamp", {"77"}, "broken lamp"),
        ("Broken lamp [ ref:_00D1.!5001:ref ]", {"_00d1.!5001"}, "broken lamp"),
        ("(Case 00123) Broken lamp", {"00123"}, "broken lamp"),
        ("##RE-1234## Broken lamp", {"re-1234"}, "broken lamp"),
        ("[SUP-12] Broken lamp", {"sup-12"}, "broken lamp"),
        ("(Covid-19) Broken lamp", set(), "(covid-19) broken lamp"),
        ("Ticket 2026 Broken lamp", set(), "ticket 2026 broken lamp"),
        ("Vorgangsnummer: 123456 Lampe", {"123456"}, "lampe"),
        ("Звернення №4711 лампа", {"4711"}, "лампа"),
        ("【工单#88】灯坏了", {"88"}, "灯坏了"),
        ("[Order #1234] lamp", set(), "[order #1234] lamp"),
        ("Order #1234 lamp", set(), "order #1234 lamp"),
        ("[Bestellung #1234] [#9] lamp", {"9"}, "[bestellung #1234] lamp"),
        ("Broken lamp", set(), "broken lamp"),
    ],
)
def test_ticket_tags_are_read_and_orders_are_none(subject: str, tags: set[str], key: str) -> None:
    """A ticket is a conversation; about an order one may write twice."""
    assert (set(read(subject).tags), read(subject).key.lstrip("[(")) == (tags, key.lstrip("[("))


@pytest.mark.parametrize(
    "subject",
    [
        "",
        "(no subject)",
        "Hello",
        "A question",
        "Help please",
        "My order",
        "Contact form",
        "?",
        "2026",
        "Питання",
        "Вопрос по заказу",
        "Питање",
        "Асуулт",
        "Kein Betreff",
        "Demande de contact",
        "Pregunta sobre mi pedido",
        "订单问题",
        "お問い合わせ",
        "문의",
        "سؤال",
    ],
)
def test_a_general_subject_says_nothing(subject: str) -> None:
    """In any language: many of one customer's matters have it."""
    assert not says_something(read(subject).key)
    assert not says_exactly(read(subject).key)


@pytest.mark.parametrize(
    ("subject", "exactly"),
    [
        ("Refund", False),
        ("Broken lamp", False),
        ("Where is my order 48213?", True),
        ("Lampe im dritten Stock flackert", True),
        ("Лампа на кухні мерехтить щовечора", True),
        ("灯泡坏了怎么更换", True),
        ("New message from Jane Miller via acme.example", False),
        ("Kontaktformular Webshop Acme Lampen Berlin", False),
        ("Form submission 48213", False),
    ],
)
def test_only_a_close_subject_names_one_matter(subject: str, exactly: bool) -> None:
    """Three telling words or a number, and never what a web form calls all its mail."""
    assert says_something(read(subject).key)
    assert says_exactly(read(subject).key) is exactly


@pytest.mark.parametrize(
    ("subject", "loose"),
    [
        ("[#123] Lamp", False),
        ("[Ticket#12] Lamp", False),
        ("[help.acme.example #77] Lamp", False),
        ("##12## Lamp", False),
        ("【工单#88】灯", False),
        ("[#12] Lamp", True),
        ("[#2026] Lamp", True),
        ("(#4711) Lamp", True),
        ("[size #423] Shoe", True),
        ("[Phone case #500] Scratch", True),
        ("[SUP-12] Lamp", True),
        ("Ticket 48213 Lamp", True),
    ],
)
def test_only_what_a_desk_writes_marks_a_ticket(subject: str, loose: bool) -> None:
    """A number in square brackets, with a desk's word or host before it or three digits alone."""
    found = read(subject)
    assert found.tags
    assert bool(found.loose) is loose
