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


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Мөнгө буцаан олголт хэдэн хоногт орж ирэх вэ", "mn"),
        ("Миний захиалсан бараа өчигдөр ирэх ёстой байсан", "mn"),
        ("Tere, kus on minu tellimus", "et"),
        ("Hei, jeg har ikke fått pakken min ennå", "no"),
        ("Hej, jeg har endnu ikke modtaget min pakke", "da"),
        ("Hej, jag har fortfarande inte fått mitt paket", "sv"),
        ("Bok, gdje je moja narudžba? Nisam ništa dobio", "sr"),
        ("Dobrý den, kde je moje zásilka? Ještě nepřišla", "cs"),
        ("Dobrý deň, kde je moja zásielka? Ešte neprišla", "sk"),
        ("Hei, en ole vielä saanut tilaustani", "fi"),
        ("Merhaba, siparişim hâlâ gelmedi", "tr"),
        ("Здравейте, къде е моята поръчка? Още не съм я получил", "bg"),
        ("Olá, ainda não recebi a minha encomenda", "pt"),
        ("Hola, todavía no he recibido mi pedido", "es"),
        ("Buongiorno, non ho ancora ricevuto il mio ordine", "it"),
        ("Hallo, ik heb mijn bestelling nog niet ontvangen", "nl"),
        ("أين طلبي؟ لم يصل بعد", "ar"),
        ("سفارش من هنوز نرسیده است، لطفا پیگیری کنید", "fa"),
    ],
)
def test_neighbours_are_told_apart(text: str, expected: str) -> None:
    """Languages that share most of their words: by the few they do not share, by endings, by letters."""
    assert detect(text)[0] == expected
