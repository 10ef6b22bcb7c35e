"""What a person newly wrote: quotes, forwards, signatures and markup removed, nothing else."""

from __future__ import annotations

import pytest

from router.mail import footers, hypertext, quotes
from tests.mail.builders import a_message, html_message

ATTRIBUTIONS = {
    "en": "On Tue, Mar 3, 2026 at 10:00 AM Shop Support <support@shop.example> wrote:",
    "uk": "вт, 3 бер. 2026 р. о 10:00 Підтримка <support@shop.example> пише:",
    "uk, Thunderbird": "03.03.26 10:00, Підтримка написав(ла):",
    "ru": "вт, 3 мар. 2026 г. в 10:00, Поддержка <support@shop.example>:",
    "ru, Mail.ru": "Вторник, 3 марта 2026, 10:00 +03:00 от Поддержка <support@shop.example>:",
    "ru, Thunderbird": "03.03.2026 10:00, Поддержка пишет:",
    "sr, Cyrillic": "уто, 3. мар 2026. у 10:00 Подршка <support@shop.example> је написао/ла:",
    "sr, Latin": "uto, 3. mar 2026. u 10:00 Podrška <support@shop.example> je napisao/la:",
    "mn": "2026 оны 3-р сарын 3, Мя 10:00 цагт Тусламж <support@shop.example> бичсэн:",
    "de": "Am Di., 3. März 2026 um 10:00 Uhr schrieb Support <support@shop.example>:",
    "fr": "Le mar. 3 mars 2026 à 10:00, Support <support@shop.example> a écrit :",
    "es": "El mar, 3 mar 2026 a las 10:00, Soporte (<support@shop.example>) escribió:",
    "pl": "wt., 3 mar 2026 o 10:00 Pomoc <support@shop.example> napisał(a):",
    "it": "Il giorno mar 3 mar 2026 alle ore 10:00 Supporto <support@shop.example> ha scritto:",
    "nl": "Op di 3 mrt 2026 om 10:00 schreef Support <support@shop.example>:",
}


@pytest.mark.parametrize("attribution", ATTRIBUTIONS.values(), ids=ATTRIBUTIONS.keys())
def test_quotes_with_an_attribution_are_removed(attribution: str) -> None:
    """In each language the attribution goes with the lines it introduces, also when it is wrapped."""
    quoted = "> We sent it yesterday.\n> Bye"
    assert a_message(f"But where is it?\n\n{attribution}\n\n{quoted}\n").text == "But where is it?"
    half = attribution.rindex(" ", 0, len(attribution) // 2 + 10)
    wrapped = f"{attribution[:half]}\n{attribution[half + 1 :]}"
    assert a_message(f"But where is it?\n\n{wrapped}\n{quoted}\n").text == "But where is it?"


@pytest.mark.parametrize(
    "language", ["en", "uk, Thunderbird", "ru, Thunderbird", "sr, Cyrillic", "sr, Latin", "mn", "de", "fr", "es", "pl"]
)
def test_text_below_an_attribution_is_a_quote_even_without_marks(language: str) -> None:
    """Some programs put no `>` before what they quote."""
    assert a_message(f"But where is it?\n\n{ATTRIBUTIONS[language]}\n\nWe sent it.\nBye").text == "But where is it?"


@pytest.mark.parametrize(
    "block",
    [
        "From: Support <support@shop.example>\nSent: Tuesday, March 3, 2026 10:00 AM\nTo: Jane\nSubject: RE: Order",
        "-----Original Message-----\nFrom: Support\nSent: Tuesday",
        (
            "________________________________\nВід: Підтримка <support@shop.example>\nНадіслано: 3 березня "
            "2026 р.\nКому: Олена\nТема: Re"
        ),
        "От: Поддержка <support@shop.example>\nОтправлено: 3 марта 2026 г.\nКому: Анна\nТема: Заказ",
        "Од: Подршка\nПослато: 3. март 2026.\nЗа: Јелена\nТема: Поруџбина",
        "Od: Podrška\nPoslato: 3. mart 2026.\nZa: Jelena\nTema: Porudžbina",
        "Хэнээс: Тусламж\nИлгээсэн: 2026-03-03\nХэнд: Бат\nСэдэв: Захиалга",
        "Von: Support\nGesendet: Dienstag, 3. März 2026\nAn: Max\nBetreff: AW: Bestellung",
        "-------- Перенаправлене повідомлення --------\nТема: x\nДата: 3\nВід: a@b.example\nКому: c@d.example",
        "*From:* Support\n*Sent:* Tuesday\n*To:* Jane\n*Subject:* Order",
    ],
)
def test_header_blocks_end_the_new_text(block: str) -> None:
    """A block of header fields, as Outlook and Thunderbird write it, starts the quote."""
    assert a_message(f"But where is it?\n\n{block}\n\nWe sent it.").text == "But where is it?"


def test_answers_between_quotes_are_kept() -> None:
    """Inline answers are what the person wrote; the quoted questions are not."""
    text = a_message(f"{ATTRIBUTIONS['en']}\n> Which size?\n\nXL please.\n\n> Which colour?\n\nBlue.").text
    assert text == "XL please.\n\nBlue."


def test_a_forward_without_a_word_is_read() -> None:
    """When nothing stands above the forwarded mail, that is what the person sent."""
    forwarded = (
        "---------- Forwarded message ---------\nFrom: Shop <a@shop.example>\nDate: Tue\nSubject: "
        "Order\nTo: Jane\n\nYour order is late."
    )
    assert a_message(forwarded).text == "Your order is late."


def test_only_quoted_lines_are_no_text() -> None:
    """A mail that only quotes says nothing new, and the whole of it stays readable."""
    message = a_message("> one\n> two\n> three\n> four\n")
    assert message.text == ""
    assert message.full_text == "> one\n> two\n> three\n> four"


@pytest.mark.parametrize(
    "text",
    [
        "I have two questions:\n1. When?\n2. Where?",
        "On Monday I wrote to you and nobody answered.\nPlease help.",
        "From: my point of view it is broken.\nPlease fix.",
        "Your agent wrote:\nwe will refund you. When?",
        "Name: Jane\nOrder: 12345\nDate: 3 March\nProblem: broken",
        ">From now on write to my office.",
        "I paid 50 -- then nothing happened.\n\nWhy?",
        "Hello - please cancel.\n-- first my order\n-- then my account",
    ],
)
def test_what_only_looks_like_a_quote_stays(text: str) -> None:
    """Lists, forms and sentences about writing are a person's own words."""
    assert a_message(text).text == text


@pytest.mark.parametrize(
    "line",
    [
        "Sent from my iPhone",
        "Sent from Outlook for Android",
        "Надіслано з iPhone",
        "Отправлено с iPhone",
        "Послато са мог телефона",
        "Poslato sa mog iPhone uređaja",
        "Миний iPhone-оос илгээв",
        "Von meinem iPhone gesendet",
        "Envoyé de mon iPhone",
        "Wysłane z iPhone'a",
    ],
)
def test_the_phones_line_is_removed(line: str) -> None:
    """What a phone adds was not written by the person."""
    assert a_message(f"Where is it?\n\n{line}").text == "Where is it?"


def test_a_sentence_about_a_phone_stays() -> None:
    text = "The photo was bad.\nSent from my old phone, which is broken, it looks worse than it is."
    assert a_message(text).text == text


def test_a_signature_block_is_removed_and_never_everything() -> None:
    """Text below `-- ` is a signature, unless there is nothing else."""
    assert a_message("Where is it?\n-- \nJane Miller\nAcme Ltd").text == "Where is it?"
    assert footers.split("-- \nJane") == ("-- \nJane", "")


def test_a_list_footer_is_removed() -> None:
    text = (
        "Please help.\n\n"
        + "_" * 40
        + "\nusers mailing list\nusers@lists.example\nhttps://lists.example/listinfo/users"
    )
    assert a_message(text).text == "Please help."


# ------------------------------------------------------------------ HTML


def test_markup_becomes_paragraphs() -> None:
    """Paragraphs, lines, lists and entities survive; scripts, styles and hidden text do not."""
    markup = (
        "<html><head><title>x</title><style>p{}</style></head><body><p>Hello<br>there &amp; here</p><p>I&nbsp;want:</p>"
        "<ul><li>one<li>two</ul><div "
        "style='display:none'>hidden</div><script>alert(1)</script><pre>a\nb</pre></body></html>"
    )
    assert html_message(markup).text == "Hello\nthere & here\n\nI want:\n\n- one\n- two\n\na\nb"


@pytest.mark.parametrize(
    "quoted",
    [
        (
            '<div class="gmail_quote"><div dir="ltr" class="gmail_attr">On Tue, Mar 3, 2026 Shop '
            "&lt;<a>s@shop.example</a>&gt; wrote:<br></div>"
            '<blockquote class="gmail_quote">We sent it.</blockquote></div>'
        ),
        '<blockquote type="cite"><div>On 3 Mar 2026, at 10:00, Shop wrote:</div><div>We sent it.</div></blockquote>',
        (
            '<div class="moz-cite-prefix">03.03.26 10:00, Shop пише:<br></div><blockquote type="cite" '
            'cite="mid:1">We sent it.</blockquote>'
        ),
        (
            '<div id="appendonsend"></div><hr><div id="divRplyFwdMsg"><b>From:</b> Shop<br><b>Sent:</b> '
            "Tuesday<br></div><div>We sent it.</div>"
        ),
        (
            '<div><div style="border:none;border-top:solid #E1E1E1 1.0pt"><p><b>Von:</b> '
            "Shop<br><b>Gesendet:</b> heute<br><b>An:</b> Jane</p></div></div>"
            "<p>We sent it.</p>"
        ),
        '<div class="yahoo_quoted"><div>Em terça, Shop escreveu:</div><div>We sent it.</div></div>',
        '<div class="gmail_quote"><div>Щось невідомою мовою</div><blockquote>We sent it.</blockquote></div>',
    ],
    ids=["Gmail", "Apple Mail", "Thunderbird", "Outlook web", "Outlook", "Yahoo", "unknown attribution"],
)
def test_quotes_are_cut_in_html(quoted: str) -> None:
    """Each client's way of marking a quote is known."""
    assert html_message(f"<div>But where is it?</div>{quoted}").text == "But where is it?"


def test_answers_between_html_quotes_are_kept() -> None:
    markup = (
        '<div class="gmail_quote">On Tue, 3 Mar 2026 a@b.example wrote:<blockquote>Which '
        "size?</blockquote>XL<blockquote>Colour?</blockquote>Blue</div>"
    )
    assert html_message(markup).text.split() == ["XL", "Blue"]


def test_deeply_nested_markup_is_read_quickly() -> None:
    """Tens of thousands of open elements would take the HTML parser minutes; they are read another way."""
    markup = "<div>" * 40_000 + "hello<script>x</script>" + "</div>" * 40_000
    assert hypertext.to_text(markup) == "hello"


def test_a_stranger_cannot_write_our_quote_mark() -> None:
    """Control characters in the mail are gone before the marks are set."""
    assert html_message(f"one<br>{hypertext.QUOTE_MARK}<br>&#2;<br>two").text == "one\n\ntwo"


def test_removing_quotes_twice_changes_nothing() -> None:
    for attribution in ATTRIBUTIONS.values():
        once = quotes.remove_quotes(f"Hi\n\n{attribution}\n> x\n\nBye")
        assert quotes.remove_quotes(once) == once == "Hi\n\nBye"
