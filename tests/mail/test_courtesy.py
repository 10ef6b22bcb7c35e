"""Greeting, sign-off and pure thanks."""

from __future__ import annotations

import pytest

from router.mail.courtesy import greeting_of, signed_as, thanks_only


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
