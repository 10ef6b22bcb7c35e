"""The language of short texts: right or silent."""

from __future__ import annotations

import pytest

from router.mail.language import detect


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("refund pls", ("en", "Latn")),
        ("Where is my order?", ("en", "Latn")),
        ("Cancel my subscription", ("en", "Latn")),
        ("Де моє замовлення?", ("uk", "Cyrl")),
        ("Прошу повернути кошти", ("uk", "Cyrl")),
        ("Где мой заказ?", ("ru", "Cyrl")),
        ("Прошу вернуть деньги", ("ru", "Cyrl")),
        ("Где је моја поруџбина?", ("sr", "Cyrl")),
        ("Хвала", ("sr", "Cyrl")),
        ("Gde je moja porudžbina?", ("sr", "Latn")),
        ("Zdravo, zelim da otkazem", ("sr", "Latn")),
        ("Захиалга минь хаана байна?", ("mn", "Cyrl")),
        ("Баярлалаа", ("mn", "Cyrl")),
        ("Sain baina uu, zahialga hezee ireh ve", ("mn", "Latn")),
        ("Wann kommt meine Bestellung?", ("de", "Latn")),
        ("Bonjour, je voudrais annuler", ("fr", "Latn")),
        ("Gdzie jest moje zamówienie?", ("pl", "Latn")),
        ("我的订单在哪里", ("zh", "Hani")),
        ("注文はどこですか", ("ja", "Jpan")),
        ("주문이 어디에", ("ko", "Hang")),
    ],
)
def test_short_texts_are_recognised(text: str, expected: tuple[str, str]) -> None:
    assert detect(text) == expected


@pytest.mark.parametrize(
    "text", ["", "12345", "xyzzy plugh", "ABC-123 https://shop.example/and/the/of jane@the.example"]
)
def test_no_evidence_is_no_language(text: str) -> None:
    """Numbers, names and addresses are not taken for a language."""
    assert detect(text)[0] == "und"


def test_only_the_beginning_counts() -> None:
    """A long quotation at the end does not change the answer."""
    assert detect("Где мой заказ? Прошу ответить. " * 12 + "the order is here and there " * 100)[0] == "ru"
