"""Dates and deadlines in a text: their values, their spans, and the day they mean."""

from __future__ import annotations

from datetime import date

import pytest

from router.mail import dates
from router.mail.date_words import LANGUAGES, groups
from router.mail.days import resolve
from router.mail.reading import read


def values(text: str) -> str:
    return " ".join(one.value for one in dates.find(read(text)))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It arrived on 2026-11-21.", "2026-11-21"),
        ("am 21.11.2026 bestellt", "2026-11-21"),
        ("on 21/11/2026", "2026-11-21"),
        ("on 11/21/2026", "2026-11-21"),
        ("on 11/12/2026", "11/12/2026"),
        ("on 21 November 2026", "2026-11-21"),
        ("Nov 21 is late", "--11-21"),
        ("On November 21st, 2026 we met", "2026-11-21"),
        ("21 листопада", "--11-21"),
        ("21-го листопада 2026 року", "2026-11-21"),
        ("21 ноября 2026 г.", "2026-11-21"),
        ("21. новембра", "--11-21"),
        ("21. novembra 2026. godine", "2026-11-21"),
        ("11-р сарын 21", "--11-21"),
        ("2026 оны 11 сарын 21-нд", "2026-11-21"),
        ("am 3. März", "--03-03"),
        ("le 1er mars 2026", "2026-03-01"),
        ("el 3 de mayo de 2026", "2026-05-03"),
        ("21 de novembro de 2026", "2026-11-21"),
        ("il 3 maggio", "--05-03"),
        ("3 maja 2026", "2026-05-03"),
        ("3 mei 2026", "2026-05-03"),
        ("3. května", "--05-03"),
        ("21 Kasım 2026", "2026-11-21"),
        ("2026年11月21日", "2026-11-21"),
        ("11월 21일", "--11-21"),
        ("today and tomorrow", "today tomorrow"),
        ("on Friday", "friday"),
        ("next Friday", "next-friday"),
        ("next week", "+1w"),
        ("завтра приїду", "tomorrow"),
        ("у п'ятницю", "friday"),
        ("в п’ятницю", "friday"),
        ("в пятницу", "friday"),
        ("сутра", "tomorrow"),
        ("у петак", "friday"),
        ("u petak", "friday"),
        ("маргааш", "tomorrow"),
        ("баасан гарагт", "friday"),
        ("наступного тижня", "+1w"),
        ("на следующей неделе", "+1w"),
        ("sledeće nedelje", "+1w"),
        ("sledece nedelje", "+1w"),
        ("ирэх долоо хоногт", "+1w"),
        ("nächste Woche", "+1w"),
        ("la semaine prochaine", "+1w"),
        ("la semana que viene", "+1w"),
        ("in 3 days", "+3d"),
        ("3 days ago", "-3d"),
        ("two weeks ago", "-2w"),
        ("через 3 дні", "+3d"),
        ("через тиждень", "+1w"),
        ("три дні тому", "-3d"),
        ("3 дня назад", "-3d"),
        ("pre 3 dana", "-3d"),
        ("za nedelju dana", "+1w"),
        ("vor 3 Tagen", "-3d"),
        ("il y a 3 jours", "-3d"),
        ("hace dos semanas", "-2w"),
        ("3 хоногийн өмнө", "-3d"),
        ("version 21.11 is bad", ""),
        ("from Monday until Friday", "monday friday"),
        ("Guten Morgen, morgen kommt", "tomorrow"),
        ("en la mañana, mañana", "tomorrow"),
        ("ich bin hier", ""),
        ("je l'ai reçu hier", "yesterday"),
        ("5 may be enough", ""),
        ("the order 12345 from shop 3 days", ""),
        ("Friday, 21 November 2026", "2026-11-21"),
        ("call 10.12.2.3", ""),
        ("phone 21-11-2026-44", ""),
        ("warranty of 14 days", ""),
        ("hvordan går det i dag", "today"),
        ("i morgen", "tomorrow"),
        ("le week-end prochain", "next-weekend"),
        ("last weekend", "last-weekend"),
        ("明天", "tomorrow"),
        ("неделю тому назад", "-1w"),
        ("тиждень тому", "-1w"),
        ("pre nedelju dana", "-1w"),
        ("nächsten Freitag", "next-friday"),
        ("vendredi prochain", "next-friday"),
        ("за 3 дні до свята", ""),
        ("Daraa doloo honogt irne", "+1w"),
        ("5 хоногийн дараа", "+5d"),
        ("ирэх баасан гарагт", "next-friday"),
        ("le 21/11/2026 à 18h", "2026-11-21"),
        ("Das ist morgen früh da", "tomorrow"),
        ("2 to 3 business days ago", "-3bd"),
        ("3-5 days ago", "-5d"),
        ("in 2-3 weeks", "+3w"),
        ("неделю назад", "-1w"),
    ],
)
def test_dates_have_a_value_that_needs_no_clock(text: str, expected: str) -> None:
    """Absolute dates become ISO, relative ones a word or a count; what nobody can tell stays as it was written."""
    assert values(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("by Friday", "friday by:friday"),
        ("please answer by Friday 5 pm.", "friday by:friday 17:00"),
        ("until 5 pm", "by:17:00"),
        ("by 5 pm on Friday", "friday by:friday 17:00"),
        ("no later than 3 May", "--05-03 by:--05-03"),
        ("before the weekend", "weekend before:weekend"),
        ("within 3 days", "within:3d"),
        ("within 24 hours", "within:24h"),
        ("within a week", "within:1w"),
        ("within 5 business days", "within:5bd"),
        ("до п'ятниці", "friday by:friday"),
        ("не пізніше 21 листопада", "--11-21 by:--11-21"),
        ("протягом 3 днів", "within:3d"),
        ("протягом тижня", "within:1w"),
        ("до пятницы", "friday by:friday"),
        ("в течение 3 дней", "within:3d"),
        ("в течение 5 рабочих дней", "within:5bd"),
        ("в течение недели", "within:1w"),
        ("до петка", "friday by:friday"),
        ("do petka", "friday by:friday"),
        ("najkasnije do petka", "friday by:friday"),
        ("у року од 3 дана", "within:3d"),
        ("баасан гараг гэхэд", "friday by:friday"),
        ("3 хоногийн дотор", "within:3d"),
        ("bis Freitag", "friday by:friday"),
        ("bis spätestens Freitag", "friday by:friday"),
        ("avant vendredi", "friday before:friday"),
        ("d'ici vendredi", "friday by:friday"),
        ("antes del viernes", "friday before:friday"),
        ("hasta el viernes", "friday by:friday"),
        ("entro venerdì", "friday by:friday"),
        ("entro 3 giorni", "within:3d"),
        ("binnen 3 dagen", "within:3d"),
        ("uiterlijk vrijdag", "friday by:friday"),
        ("do piątku", "friday by:friday"),
        ("w ciągu 3 dni", "within:3d"),
        ("do pátku", "friday by:friday"),
        ("do 3 dnů", "within:3d"),
        ("senast fredag", "friday by:friday"),
        ("inom 3 dagar", "within:3d"),
        ("senest fredag", "friday by:friday"),
        ("inden for 3 dage", "within:3d"),
        ("perjantaihin mennessä", "friday by:friday"),
        ("3 päivän sisällä", "within:3d"),
        ("cumaya kadar", "friday by:friday"),
        ("3 gün içinde", "within:3d"),
        ("до 18:00", "by:18:00"),
        ("до 18 години", "by:18:00"),
        ("bis 17 Uhr", "by:17:00"),
        ("до кінця тижня", "end-of-week by:end-of-week"),
        ("by the end of the week", "end-of-week by:end-of-week"),
        ("до 21.11", "--11-21 by:--11-21"),
        ("bis zum 21.11.", "--11-21 by:--11-21"),
        ("by Friday, 21 November", "--11-21 by:--11-21"),
        ("do końca tygodnia", "end-of-week by:end-of-week"),
        ("bis Ende der Woche", "end-of-week by:end-of-week"),
        ("حتى يوم الجمعة", "friday by:friday"),
        ("خلال 3 أيام", "within:3d"),
        ("金曜日まで", "friday by:friday"),
        ("周五之前", "friday before:friday"),
        ("금요일까지", "friday by:friday"),
        ("下周五之前", "next-friday before:next-friday"),
        ("3天内", "within:3d"),
        ("5営業日以内に", "within:5bd"),
        ("다음 주 금요일까지", "next-friday by:next-friday"),
        ("11月21日までに", "--11-21 by:--11-21"),
        ("明日までにお願いします", "tomorrow by:tomorrow"),
        ("by 5:30 p.m. today", "today by:today 17:30"),
        ("I want to have it before 10 am tomorrow!", "tomorrow before:tomorrow 10:00"),
        ("Within 14 days I want money", "within:14d"),
        ("até sexta-feira", "friday by:friday"),
        ("dentro de 3 días", "within:3d"),
        ("Очікую відповіді до кінця дня", "today by:today"),
        ("Жду ответа до конца недели", "end-of-week by:end-of-week"),
        ("Očekujem odgovor do kraja nedelje", "end-of-week by:end-of-week"),
        ("Margaash hurtel huleene", "tomorrow by:tomorrow"),
        ("3 honogiin dotor", "within:3d"),
        ("ажлын 3 өдрийн дотор", "within:3bd"),
        ("11-р сарын 21-ний дотор", "--11-21 by:--11-21"),
        ("bis zum 24. Dezember", "--12-24 by:--12-24"),
        ("до 1 декабря", "--12-01 by:--12-01"),
        ("к пятнице", "friday by:friday"),
    ],
)
def test_a_preposition_makes_a_deadline_of_a_date(text: str, expected: str) -> None:
    """The deadline comes behind the date it holds; a span (`within 3 days`) is a deadline alone."""
    assert values(text) == expected


@pytest.mark.parametrize(
    ("text", "kind", "span"),
    [
        ("Please answer by Friday, 5 pm. Thanks", "promise", "by Friday, 5 pm"),
        ("Чекаю до кінця тижня!", "promise", "до кінця тижня"),
        ("Захиалга 3 хоногийн дотор ирнэ", "promise", "3 хоногийн дотор"),
        ("we met on Friday, 21 November 2026.", "date", "Friday, 21 November 2026"),
        ("п’ятниця, 21 листопада, о 10", "date", "п’ятниця, 21 листопада"),
        ("İade için\nby Friday please", "promise", "by Friday"),
    ],
)
def test_spans_hold_what_was_written(text: str, kind: str, span: str) -> None:
    found = next(one for one in dates.find(read(text)) if one.kind == kind)
    assert text[found.start : found.end] == span


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2026-11-21", date(2026, 11, 21)),
        ("--11-21", date(2026, 11, 21)),
        ("--01-05", date(2027, 1, 5)),
        ("--10-05", date(2026, 10, 5)),
        ("--02-30", None),
        ("11/12/2026", None),
        ("today", date(2026, 11, 18)),
        ("tomorrow", date(2026, 11, 19)),
        ("yesterday", date(2026, 11, 17)),
        ("friday", date(2026, 11, 20)),
        ("wednesday", date(2026, 11, 25)),
        ("next-friday", date(2026, 11, 27)),
        ("last-friday", date(2026, 11, 13)),
        ("last-wednesday", date(2026, 11, 11)),
        ("weekend", date(2026, 11, 21)),
        ("next-weekend", date(2026, 11, 28)),
        ("last-weekend", date(2026, 11, 14)),
        ("end-of-week", date(2026, 11, 20)),
        ("end-of-month", date(2026, 11, 30)),
        ("+3d", date(2026, 11, 21)),
        ("-2w", date(2026, 11, 4)),
        ("+3m", date(2027, 2, 18)),
        ("+3bd", date(2026, 11, 23)),
        ("-3bd", date(2026, 11, 13)),
        ("within:24h", date(2026, 11, 19)),
        ("within:2w", date(2026, 12, 2)),
        ("by:friday", date(2026, 11, 20)),
        ("by:friday 17:00", date(2026, 11, 20)),
        ("by:17:00", date(2026, 11, 18)),
        ("before:friday", date(2026, 11, 19)),
        ("before:friday 10:00", date(2026, 11, 20)),
        ("+999999999d", None),
        ("", None),
        ("nonsense", None),
        ("within:", None),
        ("--xx-yy", None),
    ],
)
def test_a_value_and_the_day_of_the_mail_give_a_day(value: str, expected: date | None) -> None:
    """Seen from Wednesday, 18 November 2026."""
    assert resolve(value, date(2026, 11, 18)) == expected


def test_a_month_is_as_long_as_it_is() -> None:
    """A month after 31 January is the end of February."""
    assert resolve("+1m", date(2027, 1, 31)) == date(2027, 2, 28)


def test_the_name_of_a_month_means_one_month() -> None:
    """No language calls a month what another one calls a different month."""
    meant: dict[str, set[int]] = {}
    for words in LANGUAGES.values():
        for place, word in groups(words.months):
            meant.setdefault(word, set()).add(place)
    assert {word for word, places in meant.items() if len(places) > 1} == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_tables_are_whole(language: str) -> None:
    """Seven weekdays, twelve months (none where they are numbered), five ways to say which day."""
    words = LANGUAGES[language]
    assert words.weekdays.count("|") == 6
    assert words.months.count("|") in (11, 0)
    assert words.days.count("|") == 4
    assert words.units.count("|") <= 4
    assert {place for place, _ in groups(words.weekdays)} == set(range(7))
