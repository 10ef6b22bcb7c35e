"""What looks like a program's lines and is a person's own stays: losing a word is worse than keeping a line."""

from __future__ import annotations

import pytest

from router.mail import footers, quotes


def read(text: str) -> str:
    return footers.split(quotes.remove_quotes(text))[0]


SENDINGS = [
    "Отправлено через Почту России 3 марта",
    "Надіслано через Укрпошту",
    "Надіслано через Нова Пошта",
    "Відправлено з пошти Києва",
    "Послато преко поште 3.3.",
    "Послато са телефона 0641234567",
    "Написано с телефона мужа",
    "Изпратено от мен",
    "Sent via DHL app",
    "Sent by mail on Monday",
    "Sent by phone order on Monday",
    "Sent from Germany by airmail",
    "Sent with a mobile number missing",
    "Get the refund for order 5",
    "via phone",
    "Verzonden met PostNL",
    "Von mir gesendet",
    "Von meinem Konto gesendet",
    "Gesendet mit DHL über Mailbox",
    "Envoyé avec la Poste",
    "Enviado con MRW desde mi casa",
    "Wysłane z poczty mailem",
    "Please excuse my typos",
    "来自我的订单",
    "서울에서 보냈습니다",
]


@pytest.mark.parametrize("line", SENDINGS)
def test_a_line_about_sending_that_names_no_device_stays(line: str) -> None:
    text = f"Hello\n\n{line}\n\nWhere is it? I paid 50 EUR."
    assert read(text) == text
    assert read(f"Hello\n\n{line}") == f"Hello\n\n{line}"


PHONES = [
    "Sent from my iPhone",
    "Sent from my mobile phone",
    "Sent from my Samsung Galaxy smartphone.",
    "Sent via BlackBerry by AT&T",
    "Get Outlook for Android",
    "Sent from Mail for Windows",
    "Von meinem Handy gesendet",
    "Gesendet von meinem Samsung Gerät",
    "Gesendet vom Handy",
    "Envoyé de mon téléphone",
    "Envoyé depuis mon mobile Orange",
    "Envoyé de l'iPhone",
    "Enviado desde mi móvil",
    "Enviado do meu telemóvel",
    "Inviato dal mio cellulare",
    "Verzonden vanaf mijn telefoon",
    "Wysłane z telefonu",
    "Odesláno z mobilu",
    "Skickat från min mobil",
    "Отправлено с телефона",
    "Отправлено из мобильной Яндекс.Почты",
    "Отправлено из Почты Mail.ru",
    "Надіслано з мого телефону",
    "Послато са мог телефона",
    "Изпратено от моя телефон",
    "Миний утаснаас илгээв",
    "发自我的iPhone",
    "来自我的华为手机",
    "나의 iPhone에서 보냄",
    "iPhoneから送信",
]


@pytest.mark.parametrize("line", PHONES)
def test_only_the_phones_line_goes_and_what_stands_below_it_stays(line: str) -> None:
    assert read(f"Where is it?\n\n{line}") == "Where is it?"
    assert read(f"Where is it?\n\n{line}\n\nPS: the order number is 4711") == (
        "Where is it?\n\nPS: the order number is 4711"
    )


def test_an_excuse_goes_with_its_phone_and_stays_alone() -> None:
    assert read("Where is it?\n\nSent from my iPhone\nPlease excuse my brevity") == "Where is it?"
    assert read("Where is it?\n\nPlease excuse my brevity") == "Where is it?\n\nPlease excuse my brevity"


TELLING = [
    "Please send the invoice of 03/03/2026 to (billing@x.example):",
    "On 3 March 2026 at 10:00 your courier said:",
    "On 3.3.2026 your colleague Bob wrote:",
    "В письме от 03.03.2026 ваш сотрудник пишет:",
    "У листі від 03.03.2026 ваш співробітник пише:",
    "On March 3, 2026, Shop Support (s@shop.example) wrote to me:",
    "Am 3.3.2026 um 10:00 hat Ihr Kollege geschrieben:",
]


@pytest.mark.parametrize("line", TELLING)
def test_a_sentence_that_tells_of_a_mail_is_no_attribution(line: str) -> None:
    """Below a greeting, above what the person says further."""
    text = f"Hello,\n\n{line}\nWe refund in 3 days.\n\nIt is 10 days now."
    assert read(text) == text


FORMS = [
    "Von: Anna Schmidt\nDatum: 03.03.2026\nBetreff: Rückgabe",
    "Від: Олена\nДата: 03.03.2026\nТема: повернення",
    "От: Анна\nКому: магазин\nТема: возврат",
    "From: Kyiv\nTo: Lviv\nSubject: two seats",
    "From: KBP 10:30\nTo: VIE 12:00\nDate: 3.3.2026",
]


@pytest.mark.parametrize("form", FORMS)
def test_fields_without_an_address_or_an_hour_are_a_form_that_somebody_filled_in(form: str) -> None:
    """Every program that quotes writes an address, or at what time it was sent."""
    text = f"Good day,\n\n{form}\n\nI want to return it."
    assert read(text) == text


@pytest.mark.parametrize(
    ("text", "own"),
    [("> yes please", "yes please"), ("> Settings > Account > Delete", "Settings > Account > Delete"), (">42\n", "42")],
)
def test_a_mail_of_nothing_but_a_marked_line_is_not_empty(text: str, own: str) -> None:
    assert read(text) == own


def test_a_mail_of_nothing_but_a_quote_is() -> None:
    """Sent by mistake: nothing was written."""
    assert read("> one\n> two\n> three\n> four\n") == ""
    assert read("> one\n>> two") == ""


COMPLAINTS = [
    "Email preferences do not save.",
    "Click here to unsubscribe does nothing",
    "If you want to unsubscribe, the link is broken.",
    "Registered address on the invoice is wrong, it must be Main street 5.",
]


@pytest.mark.parametrize("line", COMPLAINTS)
def test_a_complaint_that_begins_like_a_notice_stays(line: str) -> None:
    assert read(f"Hello,\n\nI have a problem.\n\n{line}") == f"Hello,\n\nI have a problem.\n\n{line}"
    assert read(f"Hello,\n\n{line}") == f"Hello,\n\n{line}"


@pytest.mark.parametrize("below", ["Can you do it today?", "PS: the blue one, please", "P.S. Thank you", "З.І. Дякую"])
def test_a_question_or_postscript_below_dashes_stays(below: str) -> None:
    text = f"Hello, my lamp is broken.\n\n--\n{below}"
    assert read(text) == text


def test_numbers_of_orders_at_the_end_stay() -> None:
    """Figures without a plus, a zero or groups are no phone numbers."""
    text = "These orders never came:\n\nRed shoes\n471108150\n471108151"
    assert read(text) == text
