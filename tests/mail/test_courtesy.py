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


@pytest.mark.parametrize(
    ("text", "signature", "name"),
    [
        ("x\n\nBest,\nJane Miller\nCEO", "", "Jane Miller"),
        ("x\n\nBest,\nJane Miller, CEO", "", "Jane Miller"),
        ("x\n\nKind regards\n\nJane Miller\nHead of Sales\nAcme Ltd\n+1 555 0100\nwww.acme.example", "", "Jane Miller"),
        ("x\n\nBest regards,\nJane Miller | Acme", "", "Jane Miller"),
        ("x\n\nCheers,\nJ.M.", "", "J.M."),
        ("x\n\nCheers\nJM", "", "JM"),
        ("x\n\nThanks,\nBob 🙂", "", "Bob"),
        ("x\n\nThanks! 😊\nBob", "", "Bob"),
        ("x\n\nКрасно дякую,\nОля", "", "Оля"),
        ("x\nЗ повагою,\nОлена Шевченко\nдиректор ТОВ «Лан»", "", "Олена Шевченко"),
        ("x\nС уважением, Анна Петровна", "", "Анна Петровна"),
        ("x\nС уважением,\nИванов И.И.", "", "Иванов И.И."),
        ("x\nЖду ответа.\nМария", "", "Мария"),
        ("x\nЧекаю на відповідь,\nІван", "", "Іван"),
        ("x\nS poštovanjem,\nJelena Jovanović", "", "Jelena Jovanović"),
        ("x\nPozdrav, Marko", "", "Marko"),
        ("x\nСрдачно,\nМарко", "", "Марко"),
        ("x\nХүндэтгэсэн, Бат-Эрдэнэ Болд", "", "Бат-Эрдэнэ Болд"),
        ("x\nХүндэтгэсэн:\nБ. Болд", "", "Б. Болд"),
        ("x\nБаярлалаа,\nСараа", "", "Сараа"),
        ("x\nSaygılarımla,\nMehmet Yılmaz", "", "Mehmet Yılmaz"),
        ("x\nMit freundlichen Grüßen\nHans Müller", "", "Hans Müller"),
        ("x\nViele Grüße aus Köln\nHans", "", "Hans"),
        ("x\nLG Hans", "", "Hans"),
        ("x\nMed vänliga hälsningar\nÅsa Öberg", "", "Åsa Öberg"),
        ("x\nMvh\nOle", "", "Ole"),
        ("x\nMed venlig hilsen\nSøren", "", "Søren"),
        ("x\nVennlig hilsen\nKari Nordmann", "", "Kari Nordmann"),
        ("x\nYstävällisin terveisin\nMatti Meikäläinen", "", "Matti Meikäläinen"),
        ("x\nCordialement,\nJean-Luc de La Tour", "", "Jean-Luc de La Tour"),
        ("x\nUn saludo,\nMaría José", "", "María José"),
        ("x\nAtenciosamente,\nJoão da Silva", "", "João da Silva"),
        ("x\nCordiali saluti\nGiulia Rossi", "", "Giulia Rossi"),
        ("x\nMet vriendelijke groet,\nJan van den Berg", "", "Jan van den Berg"),
        ("x\nZ poważaniem,\nAnna Kowalska", "", "Anna Kowalska"),
        ("x\nS pozdravem\nJana Nováková", "", "Jana Nováková"),
        ("谢谢\n张三", "", "张三"),
        ("内容\n此致\n敬礼\n张三", "", "张三"),
        ("内容\n李明 敬上", "", "李明"),
        ("よろしくお願いいたします。\n田中太郎", "", "田中太郎"),
        ("문의드립니다\n감사합니다.\n김철수 드림", "", "김철수"),
        ("مع تحياتي،\nأحمد علي", "", "أحمد علي"),
        ("x\nBest regards,\nSent from my iPhone", "", ""),
        ("x\nThanks\nGesendet von Outlook", "", ""),
        ("x\nBest regards,\nPlease call me", "", ""),
        ("x\nBest regards,\nI need it", "", ""),
        ("x\nBest Buy did not help", "", ""),
        ("Best price I found\nJane", "", ""),
        ("x", "-- \nAcme Ltd\nJane Miller", "Jane Miller"),
        ("x", "-- \nBest regards\nJane Miller\nAcme", "Jane Miller"),
        ("x", "Sent from my iPhone", ""),
        ("x", "+1 555 0100\nJane", ""),
        ("x\nLooking forward to your reply\nJane", "", "Jane"),
        ("x\n-- Jane", "", "Jane"),
        ("x\nRegards\nDr. Jane Miller", "", "Dr. Jane Miller"),
        ("x\nRegards\nMiller", "", "Miller"),
        ("x\nRegards\n*Jane Miller*", "", "Jane Miller"),
        ("x\nRegards,\nJANE MILLER (she/her)", "", "JANE MILLER"),
    ],
)
def test_the_name_is_found_in_any_language(text: str, signature: str, name: str) -> None:
    """With a title, a firm or an emoji beside or below it; never a sentence, a firm or a `Sent from` line."""
    assert signed_as(text, signature) == name


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("Dear Sir", "formal"),
        ("Beste Jan", "formal"),
        ("Geachte heer", "formal"),
        ("Goedemorgen", "formal"),
        ("Hoi", "informal"),
        ("Szanowni Państwo", "formal"),
        ("Dzień dobry", "formal"),
        ("Cześć", "informal"),
        ("Vážený pane", "formal"),
        ("Dobrý den", "formal"),
        ("Ahoj", "informal"),
        ("God dag", "formal"),
        ("Hej", "informal"),
        ("Hejsan", "informal"),
        ("Kære kundeservice", "formal"),
        ("Hei", "informal"),
        ("Kjære", "formal"),
        ("Hyvää päivää", "formal"),
        ("Moi", "informal"),
        ("Sayın yetkili", "formal"),
        ("İyi günler", "formal"),
        ("Merhaba", "informal"),
        ("السلام عليكم", "formal"),
        ("مرحبا", "informal"),
        ("尊敬的客服", "formal"),
        ("您好，我", "formal"),
        ("你好", "informal"),
        ("お世話になっております", "formal"),
        ("안녕하세요", "formal"),
        ("Buenos días", "formal"),
        ("Hola", "informal"),
        ("Bonjour", "formal"),
        ("Salut", "informal"),
        ("Madame, Monsieur", "formal"),
        ("Buongiorno", "formal"),
        ("Ciao", "informal"),
        ("Bom dia", "formal"),
        ("Olá", "informal"),
        ("Guten Tag", "formal"),
        ("Sehr geehrte Damen", "formal"),
        ("Liebes Team", "informal"),
        ("Moin", "informal"),
        ("Эрхэм", "formal"),
        ("Эрхэм хүндэт", "formal"),
        ("Сайн байна уу", "formal"),
        ("Сайн уу", "informal"),
        ("Шановні", "formal"),
        ("Вітаю", "formal"),
        ("Привіт", "informal"),
        ("Уважаемые", "formal"),
        ("Приветствую", "formal"),
        ("Приветик", "informal"),
        ("Поштовани", "formal"),
        ("Ćao", "informal"),
        ("Hello", "formal"),
        ("Heya", "informal"),
        ("Hellos", ""),
        ("Historia", ""),
        ("Where", ""),
    ],
)
def test_greetings_of_each_language_have_a_level(text: str, level: str) -> None:
    assert greeting_of(f"{text}, x") == level


@pytest.mark.parametrize(
    "text",
    [
        "Thanks\nLooking forward to your reply\nJane",
        "Дякую\nЧекаю на відповідь\nІван",
        "Спасибо. Жду ответа",
        "Hvala, čekam odgovor",
        "Баярлалаа. Хариу хүлээж байна",
        "Danke im Voraus",
        "Thanks in advance for checking",
        "Merci, j'attends une réponse",
        "Tack! Vänligen ring mig",
        "Kiitos, mutta rahat puuttuvat",
        "Köszönöm",
    ],
)
def test_thanks_of_one_who_waits_are_not_pure(text: str) -> None:
    """Who asks for an answer is waiting, however politely; an unknown language is no thanks."""
    assert not thanks_only(text)
