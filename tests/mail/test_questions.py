"""The sentences of a mail that ask."""

from __future__ import annotations

import pytest

from router.mail import questions
from router.mail.reading import read


def asked(text: str) -> list[str]:
    return [one.value for one in questions.find(read(text))]


@pytest.mark.parametrize(
    "text",
    [
        "Where is my order?",
        "where is my order",
        "Hi, where is my order",
        "Hi Anna, could you send me the invoice",
        "could you send me the invoice",
        "Is it possible to change the address",
        "how long does it take",
        "When will it arrive",
        "any update on this",
        "Please let me know when it ships",
        "коли прийде замовлення",
        "Добрий день, коли прийде замовлення",
        "можете підказати номер рахунку",
        "Підкажіть, будь ласка, де посилка",
        "чи можна повернути товар",
        "подскажите когда придет заказ",
        "Можно ли вернуть товар",
        "Когда придет заказ",
        "када стиже пакет",
        "kada stize paket",
        "da li mogu da vratim",
        "možete li da mi pošaljete račun",
        "можете ли да пошаљете",
        "хэзээ ирэх вэ",
        "Захиалга минь хэзээ ирэх вэ",
        "Мөнгөө буцааж авч болох уу",
        "zahialga hezee ireh ve",
        "Wann kommt meine Bestellung",
        "Können Sie mir die Rechnung schicken",
        "où est ma commande",
        "Pouvez-vous me dire quand",
        "¿Dónde está mi pedido?",
        "dónde está mi pedido",
        "Hola, ¿cuándo llega?",
        "onde está o meu pedido",
        "dove si trova il mio ordine",
        "waar is mijn bestelling",
        "gdzie jest moje zamówienie",
        "czy mogę zwrócić towar",
        "kde je moje objednávka",
        "var är min beställning",
        "hvor er min ordre",
        "missä tilaukseni on",
        "Siparişim ne zaman gelecek",
        "ne zaman gelecek",
        "Πού είναι η παραγγελία μου;",
        "أين طلبي؟",
        "我的订单在哪里？",
        "我的订单在哪里",
        "注文はいつ届きますか",
        "주문은 언제 오나요",
        "What happened?!",
        "Did you get it (my mail)?",
        "So where is it",
    ],
)
def test_a_sentence_that_asks_is_a_question(text: str) -> None:
    """With a mark, or without one when its words leave no doubt; the span holds the sentence."""
    (found,) = questions.find(read(text))
    assert found.value == text[found.start : found.end]
    assert found.end == len(text)


@pytest.mark.parametrize(
    "text",
    [
        "I bought it; it broke.",
        "When I opened the box, it was broken.",
        "See https://shop.example/?id=1",
        "see https://shop.example/?",
        "Questions? Call us",
        "How are you?",
        "Сайн байна уу?",
        "Сайн байна уу",
        "Have a nice day",
        "Is late again.",
        "What a mess.",
        "Thank you very much",
        "Як я вже писав, посилка не прийшла.",
        "Когда я открыл коробку, товар был сломан.",
        "Kako sam već pisao, paket nije stigao.",
        "Do not send it.",
        "I can you.",
        "???? ???",
        "Wie besprochen, sende ich die Rechnung.",
        "Will be back.",
        "Може бути пізніше.",
        "To be.",
        "Дякую",
        "Please cancel my order.",
        "Let me know if you need anything.",
        "Wenn Sie wollen.",
        "Do you need to print this email?",
        "Quand je suis arrivé, il était cassé.",
        "It was good. Can is empty.",
        "Ik wil graag een factuur.",
    ],
)
def test_other_sentences_are_not(text: str) -> None:
    """Clauses, greetings, footers and addresses of the web ask nothing."""
    assert asked(text) == []


def test_a_question_may_go_on_in_the_next_line() -> None:
    """Lines that a mail program broke are one sentence, lines that a person broke are not."""
    text = (
        "Hello,\nI have ordered two lamps from your shop in spring and only one of them\ncame. Where is the other?\nBye"
    )
    assert asked(text) == ["Where is the other?"]
    wrapped = "Could you please tell me where the second one of these two lamps\nis now?"
    assert asked(wrapped) == [wrapped.replace("\n", " ")]
    assert asked("Thanks\nWhere is it?\nOlha") == ["Where is it?"]


def test_every_question_is_found_once() -> None:
    """In the order of the text, with full stops inside short forms and figures kept."""
    text = "Is no. 5 there? Kommt es am 21. November? Yes. And when will the rest come?"
    assert asked(text) == ["Is no. 5 there?", "Kommt es am 21. November?", "And when will the rest come?"]


def test_a_value_is_cut() -> None:
    """At 200 characters; the span still holds the sentence."""
    text = "Where is " + "my dear old " * 40 + "lamp?"
    (found,) = questions.find(read(text))
    assert len(found.value) <= 200
    assert found.end == len(text)
