"""Quoted replies and forwards in every language that we promise, as the common programs write them."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from router.mail import footers, quotes
from tests.mail.builders import a_message


@dataclass(frozen=True, slots=True, kw_only=True)
class Forms:
    """How programs that speak one language introduce what they quote; `|` stands for a line break."""

    gmail: str
    apple: str
    outlook: str
    separator: str
    forwarded: str = ""  # Apple Mail's line above a forward, where it is translated
    phone: str


A = "<shop@shop.example>"
LANGUAGES = {
    "English": Forms(
        gmail=f"On Tue, Mar 3, 2026 at 10:00\u202fAM Shop {A} wrote:",
        apple=f"On 3 Mar 2026, at 10:00, Shop {A} wrote:",
        outlook=f"From: Shop {A}|Sent: Tuesday, March 3, 2026 10:00 AM|To: Ann|Subject: RE: Parcel",
        separator="-----Original Message-----",
        forwarded="Begin forwarded message:",
        phone="Sent from my iPhone",
    ),
    "Ukrainian": Forms(
        gmail=f"вт, 3 бер. 2026\u202fр. о 10:00 Крамниця {A} пише:",
        apple=f"3 бер. 2026 р. о 10:00 Крамниця {A} написав(-ла):",
        outlook=f"Від: Крамниця {A}|Надіслано: вівторок, 3 березня 2026 р. 10:00|Кому: Ганна|Тема: RE: Посилка",
        separator="-------- Оригінальне повідомлення --------",
        forwarded="Початок листа, що пересилається:",
        phone="Надіслано з iPhone",
    ),
    "Russian": Forms(
        gmail=f"вт, 3 мар. 2026\u202fг. в 10:00, Магазин {A}:",
        apple=f"3 марта 2026 г., в 10:00, Магазин {A} написал(а):",
        outlook=f"От: Магазин {A}|Отправлено: вторник, 3 марта 2026 г. 10:00|Кому: Анна|Тема: RE: Посылка",
        separator="-------- Исходное сообщение --------",
        forwarded="Начало переадресованного сообщения:",
        phone="Отправлено с моего iPhone",
    ),
    "Serbian, Cyrillic": Forms(
        gmail=f"уто, 3. мар 2026. у 10:00 Продавница {A} је написао/ла:",
        apple=f"Дана 3.3.2026. у 10:00, Продавница {A} је написао/ла:",
        outlook=f"Од: Продавница {A}|Послато: уторак, 3. март 2026. 10:00|За: Ана|Тема: RE: Пакет",
        separator="-------- Оригинална порука --------",
        forwarded="Почетак прослеђене поруке:",
        phone="Послато са мог iPhone-а",
    ),
    "Serbian, Latin": Forms(
        gmail=f"uto, 3. mar 2026. u 10:00 Prodavnica {A} je napisao/la:",
        apple=f"Dana 3.3.2026. u 10:00, Prodavnica {A} je napisao/la:",
        outlook=f"Od: Prodavnica {A}|Poslato: utorak, 3. mart 2026. 10:00|Za: Ana|Tema: RE: Paket",
        separator="-------- Originalna poruka --------",
        forwarded="Početak prosleđene poruke:",
        phone="Poslato sa mog iPhone-a",
    ),
    "Mongolian": Forms(
        gmail=f"2026 оны 3-р сарын 3, Мя 10:00 цагт Дэлгүүр {A} бичсэн:",
        apple=f"2026-03-03 10:00 цагт Дэлгүүр {A} бичжээ:",
        outlook=f"Хэнээс: Дэлгүүр {A}|Илгээсэн: 2026 оны 3 сарын 3 10:00|Хэнд: Анна|Гарчиг: RE: Илгээмж",
        separator="-------- Анхны захидал --------",
        phone="Миний iPhone-оос илгээв",
    ),
    "German": Forms(
        gmail=f"Am Di., 3. März 2026 um 10:00\u202fUhr schrieb Laden {A}:",
        apple=f"Am 03.03.2026 um 10:00 schrieb Laden {A}:",
        outlook=f"Von: Laden {A}|Gesendet: Dienstag, 3. März 2026 10:00|An: Anna|Betreff: AW: Paket",
        separator="-----Ursprüngliche Nachricht-----",
        forwarded="Anfang der weitergeleiteten Nachricht:",
        phone="Von meinem iPhone gesendet",
    ),
    "French": Forms(
        gmail=f"Le mar. 3 mars 2026 à 10:00, Boutique {A} a écrit\u00a0:",
        apple=f"Le 3 mars 2026 à 10:00, Boutique {A} a écrit\u202f:",
        outlook=f"De\u00a0: Boutique {A}|Envoyé\u00a0: mardi 3 mars 2026 10:00|À\u00a0: Anne|Objet\u00a0: RE: Colis",
        separator="-----Message d'origine-----",
        forwarded="Début du message réexpédié :",
        phone="Envoyé de mon iPhone",
    ),
    "Spanish": Forms(
        gmail=f"El mar, 3 mar 2026 a las 10:00, Tienda ({A}) escribió:",
        apple=f"El 3 mar 2026, a las 10:00, Tienda {A} escribió:",
        outlook=f"De: Tienda {A}|Enviado: martes, 3 de marzo de 2026 10:00|Para: Ana|Asunto: RE: Paquete",
        separator="-----Mensaje original-----",
        forwarded="Inicio del mensaje reenviado:",
        phone="Enviado desde mi iPhone",
    ),
    "Portuguese": Forms(
        gmail=f"Em ter., 3 de mar. de 2026 às 10:00, Loja {A} escreveu:",
        apple=f"Loja {A} escreveu (terça, 3/03/2026 à(s) 10:00):",
        outlook=f"De: Loja {A}|Enviado: terça-feira, 3 de março de 2026 10:00|Para: Ana|Assunto: RE: Encomenda",
        separator="-----Mensagem original-----",
        forwarded="Início da mensagem encaminhada:",
        phone="Enviado do meu iPhone",
    ),
    "Italian": Forms(
        gmail=f"Il giorno mar 3 mar 2026 alle ore 10:00 Negozio {A} ha scritto:",
        apple=f"Il giorno 3 mar 2026, alle ore 10:00, Negozio {A} ha scritto:",
        outlook=f"Da: Negozio {A}|Inviato: martedì 3 marzo 2026 10:00|A: Anna|Oggetto: R: Pacco",
        separator="-----Messaggio originale-----",
        forwarded="Inizio messaggio inoltrato:",
        phone="Inviato da iPhone",
    ),
    "Dutch": Forms(
        gmail=f"Op di 3 mrt 2026 om 10:00 schreef Winkel {A}:",
        apple=f"Op 3 mrt 2026, om 10:00 heeft Winkel {A} het volgende geschreven:",
        outlook=f"Van: Winkel {A}|Verzonden: dinsdag 3 maart 2026 10:00|Aan: Anna|Onderwerp: RE: Pakket",
        separator="-----Oorspronkelijk bericht-----",
        forwarded="Begin doorgestuurd bericht:",
        phone="Verstuurd vanaf mijn iPhone",
    ),
    "Polish": Forms(
        gmail=f"wt., 3 mar 2026 o 10:00 Sklep {A} napisał(a):",
        apple=f"Wiadomość napisana przez Sklep {A} w dniu 3 mar 2026, o godz. 10:00:",
        outlook=f"Od: Sklep {A}|Wysłano: wtorek, 3 marca 2026 10:00|Do: Anna|Temat: RE: Paczka",
        separator="-----Wiadomość oryginalna-----",
        forwarded="Początek przekazywanej wiadomości:",
        phone="Wysłane z iPhone'a",
    ),
    "Czech": Forms(
        gmail=f"út 3. 3. 2026 v 10:00 odesílatel Obchod {A} napsal:",
        apple=f"3. 3. 2026 v 10:00, Obchod {A}:",
        outlook=f"Od: Obchod {A}|Odesláno: úterý 3. března 2026 10:00|Komu: Anna|Předmět: RE: Balík",
        separator="-----Původní zpráva-----",
        forwarded="Začátek přeposílané zprávy:",
        phone="Odesláno z iPhonu",
    ),
    "Swedish": Forms(
        gmail=f"Den tis 3 mars 2026 kl 10:00 skrev Butiken {A}:",
        apple=f"3 mars 2026 kl. 10:00 skrev Butiken {A}:",
        outlook=f"Från: Butiken {A}|Skickat: den 3 mars 2026 10:00|Till: Anna|Ämne: SV: Paket",
        separator="-----Ursprungligt meddelande-----",
        forwarded="Vidarebefordrat brev:",
        phone="Skickat från min iPhone",
    ),
    "Norwegian": Forms(
        gmail=f"tir. 3. mars 2026 kl. 10:00 skrev Butikken {A}:",
        apple=f"3. mars 2026 kl. 10:00 skrev Butikken {A}:",
        outlook=f"Fra: Butikken {A}|Sendt: tirsdag 3. mars 2026 10:00|Til: Anna|Emne: SV: Pakke",
        separator="-----Opprinnelig melding-----",
        forwarded="Videresendt melding:",
        phone="Sendt fra min iPhone",
    ),
    "Danish": Forms(
        gmail=f"Den tirs. 3. mar. 2026 kl. 10.00 skrev Butikken {A}:",
        apple=f"Den 3. mar. 2026 kl. 10.00 skrev Butikken {A}:",
        outlook=f"Fra: Butikken {A}|Sendt: 3. marts 2026 10:00|Til: Anna|Emne: SV: Pakke",
        separator="-----Oprindelig meddelelse-----",
        forwarded="Start på videresendt besked:",
        phone="Sendt fra min iPhone",
    ),
    "Finnish": Forms(
        gmail="ti 3. maalisk. 2026 klo 10.00 Kauppa (shop@shop.example) kirjoitti:",
        apple=f"Kauppa {A} kirjoitti 3.3.2026 kello 10.00:",
        outlook=f"Lähettäjä: Kauppa {A}|Lähetetty: 3. maaliskuuta 2026 10.00|Vastaanottaja: Anna|Aihe: VS: Paketti",
        separator="-----Alkuperäinen viesti-----",
        forwarded="Välitetty viesti alkaa:",
        phone="Lähetetty iPhonesta",
    ),
    "Turkish": Forms(
        gmail=f"Mağaza {A}, 3 Mar 2026 Sal, 10:00 tarihinde şunu yazdı:",
        apple=f"Mağaza {A} şunları yazdı (3 Mar 2026 10:00):",
        outlook=f"Kimden: Mağaza {A}|Gönderildi: 3 Mart 2026 Salı 10:00|Kime: Ayşe|Konu: YNT: Paket",
        separator="-----Özgün İleti-----",
        forwarded="İletilmiş mesajın başlangıcı:",
        phone="iPhone'umdan gönderildi",
    ),
    "Arabic": Forms(
        gmail=(
            "في الثلاثاء، 3 مارس 2026 في 10:00 ص تمت كتابة ما يلي بواسطة \u200fالمتجر\u200f "
            "<\u202ashop@shop.example\u202c\u200f>:"
        ),
        apple=f"في ٣ مارس ٢٠٢٦، الساعة ١٠:٠٠ ص، كتب المتجر {A}:",
        outlook=f"من: المتجر {A}|تم الإرسال: الثلاثاء، 3 مارس 2026 10:00|إلى: آنا|الموضوع: RE: الطرد",
        separator="-----الرسالة الأصلية-----",
        forwarded="بداية الرسالة المُعاد توجيهها:",
        phone="أُرسلت من الـ iPhone",
    ),
    "Chinese": Forms(
        gmail=f"商店 {A} 于2026年3月3日周二 10:00写道：",
        apple=f"在 2026年3月3日，10:00，商店 {A} 写道：",
        outlook=f"发件人: 商店 {A}|发送时间: 2026年3月3日 10:00|收件人: 安娜|主题: 回复: 包裹",
        separator="------------------ 原始邮件 ------------------",
        forwarded="下面是被转发的邮件：",
        phone="发自我的 iPhone",
    ),
    "Japanese": Forms(
        gmail=f"2026年3月3日(火) 10:00 ショップ {A}:",
        apple=f"2026/03/03 10:00、ショップ {A}のメール:",
        outlook=f"差出人: ショップ {A}|送信日時: 2026年3月3日 10:00|宛先: アンナ|件名: RE: 荷物",
        separator="-----元のメッセージ-----",
        forwarded="転送されたメッセージ:",
        phone="iPhoneから送信",
    ),
    "Korean": Forms(
        gmail=f"2026년 3월 3일 (화) 오전 10:00, 상점 {A}님이 작성:",
        apple=f"2026. 3. 3. 오전 10:00, 상점 {A} 작성:",
        outlook=f"보낸 사람: 상점 {A}|보낸 날짜: 2026년 3월 3일 화요일 오전 10:00|받는 사람: 안나|제목: RE: 소포",
        separator="-----원본 메시지-----",
        forwarded="전달된 메시지:",
        phone="나의 iPhone에서 보냄",
    ),
}
PROTON = "\u2010" * 7
NEW = "Where is my parcel?\n\nIt was due on Monday."
OLD = "We have sent it.\n\nYour shop"
MARKED = "> We have sent it.\n>\n> Your shop"

in_each_language = pytest.mark.parametrize("forms", LANGUAGES.values(), ids=LANGUAGES.keys())


def wrapped(line: str) -> str:
    """The line broken at the space nearest to its middle."""
    spaces = [at for at, sign in enumerate(line) if sign == " " and at > 5]
    middle = min(spaces, key=lambda at: abs(at - len(line) // 2))
    return f"{line[:middle]}\n{line[middle + 1 :]}"


@in_each_language
@pytest.mark.parametrize("program", ["gmail", "apple"])
def test_an_attribution_goes_with_its_quote(forms: Forms, program: str) -> None:
    """Marked or not, on one line or wrapped, the attribution and what it introduces are not new."""
    line = getattr(forms, program)
    assert a_message(f"{NEW}\n\n{line}\n\n{MARKED}\n").text == NEW
    assert a_message(f"{NEW}\n\n{wrapped(line)}\n\n{MARKED}\n").text == NEW
    assert a_message(f"{NEW}\n\n{line}\n\n{OLD}\n").text == NEW


@in_each_language
def test_a_header_block_ends_what_is_new(forms: Forms) -> None:
    """Outlook's fields start the quote: plain, below a rule, in bold (as `*From:*`), and all on one line."""
    block = forms.outlook.replace("|", "\n")
    assert a_message(f"{NEW}\n\n{block}\n\n{OLD}\n").text == NEW
    assert a_message(f"{NEW}\n\n________________________________\n{block}\n\n{OLD}\n").text == NEW
    bold = "\n".join(f"*{line.replace(':', ':*', 1)}" for line in block.split("\n"))
    assert a_message(f"{NEW}\n\n{bold}\n\n{OLD}\n").text == NEW


@in_each_language
def test_answers_below_marked_questions_are_kept(forms: Forms) -> None:
    """What stands between marked lines is an answer."""
    assert a_message(f"{forms.gmail}\n> Which size?\n\nXL\n\n> Colour?\n\nBlue\n").text == "XL\n\nBlue"


@in_each_language
def test_a_separator_ends_what_is_new(forms: Forms) -> None:
    """`Original Message` between dashes starts the quote, whatever fields follow."""
    fields = forms.outlook.replace("|", "\n")
    assert a_message(f"{NEW}\n\n{forms.separator}\n{fields}\n\n{OLD}\n").text == NEW
    assert a_message(f"{NEW}\n\n{forms.separator}\n\n{OLD}\n").text == NEW
    assert a_message(f"{NEW}\n\n{forms.separator} {fields.replace(chr(10), '')}\n{OLD}\n").text == NEW


@in_each_language
def test_forwards(forms: Forms) -> None:
    """A forward with a comment is the comment; without one it is the forwarded text, marked or not."""
    fields = forms.outlook.replace("|", "\n")
    plain = f"{forms.separator}\n{fields}\n\n{OLD}"
    assert a_message(f"Please look at this.\n\n{plain}\n").text == "Please look at this."
    assert a_message(plain).text == OLD
    assert a_message(f"{forms.phone}\n\n{plain}").text == OLD
    marked = "\n".join(f"> {line}".rstrip() for line in f"{forms.forwarded}\n\n{fields}\n\n{OLD}".split("\n"))
    if forms.forwarded:
        assert a_message(f"Please look at this.\n\n{marked}\n").text == "Please look at this."
        assert a_message(marked).text == OLD
        assert a_message(f"{forms.phone}\n\n{marked}").text == OLD


@in_each_language
def test_the_phones_line_goes(forms: Forms) -> None:
    """Below the text, above a quote and above an answer; words below it that nothing introduces are the person's."""
    assert a_message(f"{NEW}\n\n{forms.phone}").text == NEW
    assert a_message(f"{NEW}\n\n{forms.phone}\n\n{forms.gmail}\n{MARKED}").text == NEW
    assert a_message(f"{NEW}\n\n{forms.phone}\n\n{OLD}").text == f"{NEW}\n\n{OLD}"
    assert a_message(f"{NEW}\n\n{forms.phone}\n\n> Which size?\n\nXL").text == f"{NEW}\n\nXL"
    assert a_message(forms.phone).text == forms.phone


@pytest.mark.parametrize(
    "introduction",
    [
        f"On Tuesday, March 3, 2026 at 10:00:00 AM GMT+1, Shop {A} wrote:",
        f"Am Dienstag, 3. März 2026 um 10:00:00 MEZ hat Laden {A} Folgendes geschrieben:",
        f"Laden {A} schrieb am Di., 3. März 2026, 10:00:",
        f"Вторник, 3 марта 2026, 10:00 +03:00 от Магазин {A}:",
        f'03.03.2026, 10:00, "Магазин" {A}:',
        "03.03.26 10:00, Крамниця пише:",
        "On 03/03/2026 10:00, Shop wrote:",
        f"---- On Tue, 03 Mar 2026 10:00:00 +0100 Shop {A} wrote ----",
        f"2026-03-03 10:00 GMT+01:00 Shop {A}:",
        "2026-03-03 10:00 GMT+01:00 Shop",
        "Tuesday, March 3, 2026, 10:00:02 AM, you wrote:",
        "On Tue, 3 Mar 2026 at 10:00 Shop\n\n<\nmailto:Shop <shop@shop.example>\n> wrote:",
        "On Tue, 3 Mar 2026 at 10:00 Shop <shop@shop.example\n> wrote:",
        "tir. 3. mars 2026 kl. 10:00 skrev Butikken <shop@shop.example\n>:",
        "On Tue, 3 Mar 2026 at 10:00 Shop <shop@shop.example<mailto:shop@shop.example>> wrote:",
        f"{PROTON} Original Message {PROTON}\nOn Tuesday, 3 March 2026 10:00, Shop {A} wrote:",
        (
            f"----- Forwarded Message ----- From: Shop {A}To: Ann <ann@x.example>"
            "Sent: Tuesday, March 3, 2026, 10:00:00 AM GMT+1Subject: Parcel"
        ),
        f"Message du : 03/03/2026 10:00\nDe : Boutique {A}\nA : anne@x.example\nSujet : Colis",
        (
            "-------- Forwarded Message --------\nSubject: \tParcel\nDate: \tTue, 3 Mar 2026 10:00:00 +0100\n"
            f"From: \tShop {A}\nTo: \tann@x.example"
        ),
        f"发件人：商店 {A}\n发送时间：2026年3月3日\n收件人：安娜\n主题：回复",
        "Date: Tue, 3 Mar 2026 10:00:00 +0100\nTo: ann@x.example",
        f"From: Shop {A} Date: Tue, 3 Mar 2026 10:00:00 +0100",
    ],
    ids=lambda text: text[:40].replace("\n", " "),
)
def test_forms_of_other_programs(introduction: str) -> None:
    """Yahoo, GMX, mail.ru, Yandex, Thunderbird, Zoho, Polymail, Proton, Orange and older Gmail."""
    assert a_message(f"{NEW}\n\n{introduction}\n\n{OLD}\n").text == NEW


@pytest.mark.parametrize(
    "text",
    [
        "From: Berlin\nTo: Paris\nDate: 3 March\n\nTwo seats, please.",
        "On 5 May 2026 you wrote:\nwe will refund the money. When?",
        "Last week, on 3.3.2026, I wrote:\nwhere is my parcel? No answer yet.",
        "On Monday the driver wrote: nobody at home.\nBut I was there at 10:00.",
        "Opening hours:\nFrom: 10:00\nTo: 18:00\nIs that right?",
        "It arrives at 10:00:\n- the box\n- the bag",
        "---- Order details ----\nTwo shirts, one hat",
        "I paid at 10:30.\nBest wishes from Oslo:\nAnn",
        "2026-03-03 10:00 it broke",
        "Please note: the code is 10:20.\nThanks",
        "Your message\n\n  To: a@shop.example\n  Subject: Parcel\n  Sent: Tue, 3 Mar 2026 10:00\n\nwas not delivered.",
        "I got this:\n<ann@x.example>: host mx.x.example[192.0.2.10] said: 550 <ann@x.example>:\nuser unknown",
        "Sehr geehrte Damen,\nam 3.3.2026 um 10:00 schrieb mir Ihr Kollege:\nes kommt morgen. Es kam nicht.",
        "Please send it to Ann <ann@x.example> by 3.3.2026:\none shirt",
        "Вы писали: посылка придёт 3 марта.\nЕё нет.",
        "Sent by courier on Monday, not yet here.\n\nWhere is it?",
        "I sent it from my office.\n\nSent from my office to yours.\n\nPlease check.",
    ],
)
def test_ones_own_words_that_look_like_an_introduction_stay(text: str) -> None:
    """Journeys, opening hours and sentences about writing are new text."""
    assert a_message(text).text == text


def test_the_wrapped_rest_of_a_marked_line_is_a_quote() -> None:
    """Mail programs break long marked lines and leave the rest without a mark; a short answer is none."""
    long_line = "> We have looked everywhere for the parcel and it seems that the driver has left"
    assert (
        a_message(f"Thanks.\n\n{LANGUAGES['English'].gmail}\n{long_line}\nit at the post office.\n> Bye\n").text
        == "Thanks."
    )
    asked = "> Would you like to have it delivered to your office or to your home address?\nhome please\n> Thanks\n"
    assert a_message(asked).text == "home please"


lines = st.sampled_from(
    [
        "",
        "> quoted",
        ">",
        ">:",
        "> wrote:",
        "<",
        "mailto:Jo <a@b.example>",
        "Hello there",
        "On Tue, Mar 3, 2026 at 10:00 AM Jo <a@b.example> wrote:",
        "On Tue, Mar 3, 2026 at 10:00 AM Jo <",
        "a@b.example> wrote:",
        "see this On Tue, 3 Mar 2026 a@b.example wrote:",
        "From: a@b.example",
        "Sent: 3 March 2026 10:00",
        "To: b@c.example",
        "Subject: x",
        "> From: a@b.example",
        "> Date: 3 March 2026 10:00",
        "-----Original Message-----",
        "> Begin forwarded message:",
        "Sent from my iPhone",
        "-- ",
        "_" * 20,
        "\x02",
        "Jane Miller",
        "+1 555 123 4567",
        "www.shop.example",
        "This e-mail is confidential and intended only for the addressee; unauthorised use is forbidden.",
        "To unsubscribe from this list, visit https://shop.example",
    ]
)
texts = st.one_of(st.text(max_size=200), st.lists(st.one_of(lines, st.text(max_size=12)), max_size=14).map("\n".join))


@settings(max_examples=400, deadline=None)
@given(texts)
def test_removing_quotes_twice_changes_nothing(text: str) -> None:
    once = quotes.remove_quotes(text)
    assert quotes.remove_quotes(once) == once
    assert len(once) <= len(text)


@settings(max_examples=300, deadline=None)
@given(texts)
def test_splitting_off_footers_twice_changes_nothing(text: str) -> None:
    written, signature = footers.split(text)
    assert footers.split(written) == (written, "")
    assert bool(written) == bool(text.strip())
    assert written in text
    assert signature in text


def test_quotes_hidden_in_quotes_without_end_are_cut() -> None:
    """Hostile text that reveals a new quote each time one is removed is answered, and its answer is stable."""
    text = "\n".join(["x <"] * 300 + [">:"] * 300 + ["On 1.1.2026 a@b.example wrote:"] * 300)
    once = quotes.remove_quotes(text)
    assert quotes.remove_quotes(once) == once
