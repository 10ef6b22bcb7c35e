"""Greeting, sign-off, pure thanks, and numbers in a text."""

from __future__ import annotations

import pytest

from router.mail.courtesy import greeting_of, signed_as, thanks_only
from router.mail.entities import find


@pytest.mark.parametrize(
    "text",
    [
        "Thanks!",
        "Thank you so much for your help!\n\nBest regards,\nJohn",
        "ok thanks",
        "Hi, thanks :)",
        "Perfect",
        "Дякую!",
        "Дуже дякую за допомогу!\nЗ повагою, Олена",
        "Спасибо большое, всё работает",
        "Хвала вам на помоћи!",
        "Hvala puno!",
        "Маш их баярлалаа",
        "Vielen Dank!",
        "Dear Support,\nThank you for the quick response.\nKind regards\nJane Miller",
    ],
)
def test_pure_thanks_are_recognised(text: str) -> None:
    """Greeting, thanks and sign-off in any known language, and nothing else."""
    assert thanks_only(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Hello",
        "Thanks, but it still does not work",
        "Thanks! When will it arrive",
        "Thanks for the refund",
        "Great, cancel it",
        "Thanks?",
        "Thanks, order 5",
        "Спасибо, но деньги не пришли",
        "Дякую, але де посилка",
        "Hvala, ali nije stiglo",
        "please cancel",
        "Thank you in advance for sending it",
        "Баярлалаа, гэхдээ захиалга ирээгүй",
    ],
)
def test_thanks_with_anything_further_are_not_pure(text: str) -> None:
    """A question, a number or a further sentence keeps the clock running."""
    assert not thanks_only(text)


@pytest.mark.parametrize(
    ("text", "greeting"),
    [
        ("Dear Sir,\nx", "formal"),
        ("Hi Olha, x", "informal"),
        ("Добрий день!", "formal"),
        ("Привіт, x", "informal"),
        ("Здравствуйте, x", "formal"),
        ("Привет x", "informal"),
        ("Поштовани, x", "formal"),
        ("Zdravo, x", "informal"),
        ("Сайн байна уу, x", "formal"),
        ("Сайн уу, x", "informal"),
        ("Where is it?", ""),
        ("History", ""),
    ],
)
def test_greetings_have_a_level(text: str, greeting: str) -> None:
    assert greeting_of(text) == greeting


@pytest.mark.parametrize(
    ("text", "signature", "name"),
    [
        ("x\n\nBest regards,\nJane Miller", "", "Jane Miller"),
        ("x\nЗ повагою, Олена Шевченко", "", "Олена Шевченко"),
        ("x\nС уважением,\nАнна", "", "Анна"),
        ("x\nСрдачан поздрав,\nЈелена Јовановић", "", "Јелена Јовановић"),
        ("x\nХүндэтгэсэн,\nБат-Эрдэнэ", "", "Бат-Эрдэнэ"),
        ("x\n- Bob", "", "Bob"),
        ("x", "-- \nJane Miller\nAcme Ltd", "Jane Miller"),
        ("Thanks! Where is it", "", ""),
        ("x\nBest regards,\nyour happy customer", "", ""),
    ],
)
def test_the_name_under_a_mail_is_found(text: str, signature: str, name: str) -> None:
    assert signed_as(text, signature) == name


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("my order #12345 is late", [("order", "12345")]),
        ("Order number: AB-12345.", [("order", "AB-12345")]),
        ("Замовлення під номером 12345", [("order", "12345")]),
        ("заказ №12345 и счёт 778899", [("order", "12345"), ("invoice", "778899")]),
        ("поруџбина бр. 9988-12", [("order", "9988-12")]),
        ("porudžbinu broj 445566", [("order", "445566")]),
        ("12345 дугаартай захиалга", [("order", "12345")]),
        ("захиалгын дугаар: 12345", [("order", "12345")]),
        ("нэхэмжлэх 2023001", [("invoice", "2023001")]),
        ("invoice INV-2023-001", [("invoice", "INV-2023-001")]),
        ("ticket 8812", [("ticket", "8812")]),
        ("I bought 3000 orders", []),
        ("the order of 2024-05-05", []),
        ("we order since 2019", []),
        ("That was my order. 12345 people saw it", []),
        ("order a@12345.example", []),
    ],
)
def test_numbers_are_found_with_their_spans(text: str, expected: list[tuple[str, str]]) -> None:
    """What a number belongs to is said beside it; its span is where it stands."""
    found = find(text)
    assert [(one.kind, one.value) for one in found] == expected
    assert all(text[one.start : one.end] == one.value for one in found)


def test_numbers_of_the_subject_have_no_span() -> None:
    """A number that only the subject holds is known too; one in both has its span in the text."""
    found = find("where is order 10001?", "[Ticket #8812] Re: order 10001")
    assert [(one.kind, one.value, one.end > 0) for one in found] == [
        ("order", "10001", True),
        ("ticket", "8812", False),
    ]
