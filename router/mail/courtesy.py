"""Greeting, sign-off and pure thanks: the words around what a mail is about."""

from __future__ import annotations

import re

FORMAL, INFORMAL, NONE = "formal", "informal", ""

_FORMAL = (
    r"dear|hello|good (?:morning|afternoon|evening|day)|greetings|to whom it may concern",
    r"добрий (?:день|ранок|вечір)|доброго (?:дня|ранку|вечора|часу доби)|вітаю|вітання|шановн\w*|здрастуйте",
    r"добрый (?:день|вечер)|доброе утро|доброго (?:времени суток|дня)|здравствуйте|уважаем\w*|приветствую",
    r"поштован[аеи]?\w*|добар дан|добро (?:јутро|вече)|poštovan[aei]?\w*|postovan[aei]?\w*|dobar dan",
    r"dobro (?:jutro|veče|vece)",
    r"сайн байна уу|эрхэм\w*|хүндэт|амрыг эрье|өглөөний мэнд|өдрийн мэнд|оройн мэнд|sain baina uu",
    r"sehr geehrte\w*|guten (?:tag|morgen|abend)|bonjour|bonsoir|buenos días|buenas tardes|estimad[oa]s?",
    r"buongiorno|gentile|dzień dobry|szanown\w*",
    r"bom dia|boa tarde|prezad[oa]s?|geachte|goedemorgen|goedemiddag|dobrý den|sayın",
)
_INFORMAL = (
    r"hi there|hi all|hi|hey there|hey|hiya|yo|howdy",
    r"привіт\w*|прівєт|хай|доров|здоров",
    r"приветик|привет\w*|хай|салют",
    r"ћао|здраво|хеј|поздрав|ćao|cao|zdravo|hej|pozdrav",
    r"сайн уу|сайн|сайхан|sain uu",
    r"hallo|moin|servus|salut|coucou|hola|ciao|salve|cześć|czesc|olá|ola|oi|hoi|ahoj|hei|moi|merhaba|selam",
)
_THANKS = (
    (
        r"(?:many |much |big |huge )?thank(?:s| ?you)(?: (?:so|very) much| a (?:lot|million|bunch|ton)|"
        r" again| kindly| in advance)*"
    ),
    r"thx|tnx|ty|cheers|much appreciated",
    r"(?:i |we )?(?:really |greatly )?appreciate (?:it|that|your help|the help)|perfect|great|awesome",
    r"excellent|wonderful|got it|received|all good|noted|super|cool",
    r"(?:it|that) (?:works|worked|helped)(?: (?:now|perfectly|great))?|problem solved",
    r"you(?: guys)? (?:are|rock)(?: (?:great|awesome|the best))?",
    (
        r"(?:щиро |дуже |велике )?(?:дякую|дякуємо|спасибі|подяка|вдячн\w+)(?: (?:щиро|дуже|ще раз|"
        r"наперед|заздалегідь|вам|велике))*"
    ),
    r"чудово|супер|отримав|отримала|отримано",
    r"все (?:добре|працює|вийшло|гаразд)",
    (
        r"(?:большое |огромное |спасибо )?(?:спасибо|благодарю|благодарим|благодарен|благодарна|"
        r"признателен)(?: (?:большое|огромное|ещё раз|еще раз|заранее|вам|очень))*"
    ),
    r"отлично",
    r"супер|замечательно|получил|получила|получено|всё (?:хорошо|работает|получилось|понятно)",
    r"все (?:хорошо|работает|получилось|понятно)|ок",
    (
        r"(?:пуно |много |велико )?(?:хвала|захваљујем|захваљујемо|благодарим)(?: (?:пуно|много|лепо|вам|"
        r"најлепше|још једном|унапред))*"
    ),
    r"одлично|супер|примио|примила|све је у реду",
    (
        r"(?:puno |mnogo |veliko )?(?:hvala|zahvaljujem|zahvaljujemo)(?: (?:puno|mnogo|lepo|lijepo|vam|"
        r"najlepše|najlepse|još jednom|unapred))*"
    ),
    r"odlično|odlicno|super|primio|primila",
    r"sve je u redu",
    r"(?:маш их |их |гүн )?(?:баярлалаа|талархлаа|талархаж байна|гялайлаа)(?: (?:маш их|танд|та бүхэнд))*",
    r"ойлголоо|авлаа|хүлээж авлаа|гоё",
    r"(?:mash ih )?(?:bayarlalaa|bayrlalaa)",
    r"(?:vielen |herzlichen |besten )?dank(?:e)?(?: (?:schön|sehr|ihnen|dir|nochmals))*",
    r"merci(?: (?:beaucoup|bien|à vous))*|(?:muchas |mil )?gracias",
    r"(?:mille |molte )?grazie|dziękuję(?: bardzo)?|dzięki|(?:muito )?obrigad[oa]",
    r"(?:hartelijk )?(?:dank|bedankt)(?: (?:u|je))?|tack(?: så mycket)?|(?:mange )?tak",
    r"kiitos|děkuji|(?:çok )?teşekkürler|ok(?:ay)?",
)
# What may stand beside thanks and still say nothing further.
_FILLERS = (
    (
        r"for (?:your|the) (?:quick |fast |kind |prompt |great )?(?:help|support|reply|response|answer|"
        r"assistance|time|service|information|info|update)"
    ),
    r"for (?:everything|helping|that|it)",
    r"very much|so much|again|everything|all|team|guys|everyone|and|indeed|really|very|much|a lot",
    (
        r"за (?:вашу |швидку |оперативну |ваш |таку )*(?:допомогу|відповідь|підтримку|роботу|інформацію|"
        r"турботу|розуміння|все|увагу)"
    ),
    r"вам|дуже|і|та|всім|ще раз|команд[оа]",
    (
        r"за (?:вашу |быструю |оперативную |ваш |быстрый )*(?:помощь|ответ|поддержку|работу|информацию|"
        r"понимание|всё|все|внимание)"
    ),
    r"вам|очень|и|всем|ещё раз|еще раз|команда",
    r"на (?:помоћи|одговору|брзом одговору|подршци|свему)|вам|и|много|лепо|за помоћ",
    r"na (?:pomoći|pomoci|odgovoru|brzom odgovoru|podršci|podrsci|svemu)|vam|i|mnogo|lepo|za pomoć",
    r"танд|та бүхэнд|тусалсанд|тусалсан танд|хариу өгсөнд|хурдан хариу өгсөнд|бас",
    r"für (?:ihre|die|deine) (?:schnelle |rasche )?(?:hilfe|antwort|unterstützung)|und",
    r"pour (?:votre|la) (?:aide|réponse)|et|por (?:su|la|tu) (?:ayuda|respuesta)|y",
)
_SIGN_OFFS = (
    r"(?:with )?(?:best|kind|warm|many|warmest|kindest)? ?(?:regards|wishes)|best|sincerely",
    r"yours(?: (?:sincerely|faithfully|truly))?|respectfully|take care",
    r"have a (?:nice|great|good|lovely) (?:day|one|weekend|week|evening)|all the best|bye|talk soon",
    r"(?:з|із) (?:повагою|найкращими побажаннями|вдячністю)",
    r"(?:гарного|хорошого|чудового) (?:дня|вечора|вихідних)|всього (?:найкращого|доброго)|до побачення",
    r"на все добре",
    r"с (?:уважением|наилучшими пожеланиями|благодарностью)",
    r"(?:хорошего|доброго|приятного) (?:дня|вечера|выходных)|всего (?:доброго|хорошего|наилучшего)",
    r"до свидания",
    r"(?:срдачан |велики |лијеп |леп )?поздрав|с поштовањем|срдачно|пријатан дан|све најбоље|лп",
    r"(?:srdačan |srdacan |veliki |lep |lijep )?pozdrav|s poštovanjem|s postovanjem",
    r"srdačno|prijatan dan|sve najbolje|lp",
    r"хүндэтгэсэн|хүндэтгэн|хүндэтгэсэн,? баярлалаа|өдрийг сайхан өнгөрүүлээрэй|сайхан өдөр|баяртай",
    r"амжилт хүсье",
    r"mit (?:freundlichen|besten|herzlichen) grüßen|(?:viele|beste|liebe|freundliche) grüße|mfg|lg|vg",
    r"cordialement|bien (?:à vous|cordialement)|bonne journée|saludos(?: cordiales)?",
    r"un saludo|atentamente|cordiali saluti|distinti saluti|pozdrawiam|z poważaniem|atenciosamente|abraços",
    r"met vriendelijke groet(?:en)?|mvg|groeten|med vänlig(?:a)? hälsning(?:ar)?",
    r"mvh|(?:venlig |med venlig )?hilsen|s pozdravem|saygılarımla",
)


def _any(*groups: tuple[str, ...]) -> str:
    return "|".join(words for group in groups for words in group)


_START = r"^[\s\W]*"
_IS_FORMAL = re.compile(rf"{_START}(?:{_any(_FORMAL)})\b", re.IGNORECASE)
_IS_INFORMAL = re.compile(rf"{_START}(?:{_any(_INFORMAL)})\b", re.IGNORECASE)
_GREETING = rf"{_START}(?:{_any(_FORMAL, _INFORMAL)})\b"
_GREETING_LINE = re.compile(rf"{_GREETING}(?:[ ,]+[^\W\d_][\w'’.-]*){{0,3}}\s*[,!.:;)\-–—]*\s*$", re.IGNORECASE)
_GREETING_HEAD = re.compile(rf"{_GREETING}(?:[ ]+[^\W\d_][\w'’-]*){{0,2}}\s*[,!.;–—-]\s*", re.IGNORECASE)
_HAS_THANKS = re.compile(rf"\b(?:{_any(_THANKS)})\b", re.IGNORECASE)
_SAYS_NOTHING = re.compile(rf"\b(?:{_any(_FILLERS, _THANKS, _SIGN_OFFS, _FORMAL, _INFORMAL)})\b", re.IGNORECASE)
# A name may follow a sign-off on its line; behind thanks only after a comma, else `Thanks! Where is it` were signed.
_SIGN_OFF_LINE = re.compile(
    rf"^[\s*_]*(?:(?:{_any(_SIGN_OFFS)})\b\s*[,!.–—-]*|(?:{_any(_THANKS)})\b\s*(?:,|[!.–—-]*\s*$))\s*(.*)$",
    re.IGNORECASE,
)
_NAME = re.compile(r"^[\s*_\-–—~]*((?:[^\W\d_][\w'’-]*\.?)(?:[ ]+(?:[^\W\d_][\w'’-]*\.?)){0,3})[\s*_,.]*$")
_DASHED_NAME = re.compile(r"^\s*[-–—~]{1,2}\s?([^\W\d_][\w'’-]*(?:[ ]+[^\W\d_][\w'’.-]*){0,2})\s*$")
_PARTICLES = frozenset({"de", "la", "van", "von", "der", "den", "da", "di", "du", "al", "el", "bin", "y", "e"})
# Every way of thanking above holds one of these; looking for them first costs a hundredth of the pattern.
_THANKS_STEMS_TEXT = (
    "thank thx tnx ty cheers appreciat perfect great awesome excellent wonderful got received good noted super "
    "cool work help solved you rock дяку спасиб подяк вдячн чудов супер отрим благодар признател отлич замеч "
    "получ хорош понятн ок хвала захва одлич прими реду hvala zahval odli primi redu баярлал таларх гялай "
    "ойлгол авлаа гоё bayarlal bayrlal dank merci gracias grazie dzi obrigad bedankt tack tak kiitos děkuji "
    "teşekkür працює вийшло гаразд добре работает "
)
_THANKS_STEMS = tuple(_THANKS_STEMS_TEXT.split())
_FURTHER = re.compile(r"[?？\d]")
_EMOJI_FACES = re.compile(r"[:;]-?[)D]+")
_LONGEST_THANKS = 300


def greeting_of(text: str) -> str:
    """How the mail begins: formal, informal or '' when it greets nobody."""
    start = text[:80]
    formal = _IS_FORMAL.match(start)
    informal = _IS_INFORMAL.match(start)
    if formal and informal:
        return FORMAL if formal.end() >= informal.end() else INFORMAL
    return FORMAL if formal else INFORMAL if informal else NONE


def signed_as(text: str, signature: str = "") -> str:
    """The name under the text: behind a sign-off, after a dash on the last line, or on top of the signature block."""
    lines = [line for line in text[-1000:].split("\n") if line.strip()][-4:]
    for place in range(len(lines) - 1, -1, -1):
        signed = _SIGN_OFF_LINE.match(lines[place]) if len(lines[place]) <= 120 else None
        if not signed:
            continue
        return _name(signed[1]) if signed[1].strip() else _name(lines[place + 1]) if place + 1 < len(lines) else ""
    dashed = _DASHED_NAME.match(lines[-1]) if lines else None
    if dashed:
        return _name(dashed[1])
    return _name(next((line for line in signature.split("\n")[:3] if line.strip(" -_")), ""))


def _name(line: str) -> str:
    """The line when it can be a person's name: one to four capitalised words, no digits."""
    found = _NAME.match(line) if len(line) <= 60 else None
    if not found:
        return ""
    words = [word for word in found[1].split() if word not in _PARTICLES]
    return found[1].strip(" .") if words and not any(word[0].islower() for word in words) else ""


def thanks_only(text: str, name: str = "") -> bool:
    """Whether the text holds only greeting, thanks and sign-off: no question, no number, no further sentence.

    `name` is whose mail it is (display name or sign-off); those words may stand there too. In doubt the answer is no,
    because a clock that should run must not stop.
    """
    text = _EMOJI_FACES.sub("", text.strip())
    if not text or len(text) > _LONGEST_THANKS or _FURTHER.search(text):
        return False
    lower = text.lower()
    if not any(stem in lower for stem in _THANKS_STEMS):
        return False
    lines = [line for line in text.split("\n") if line.strip()]
    if len(lines) > 1 and _GREETING_LINE.match(lines[0]) and not _HAS_THANKS.search(lines[0]):
        lines = lines[1:]
    else:
        lines[0] = _GREETING_HEAD.sub("", lines[0])
    rest = "\n".join(lines)
    if not _HAS_THANKS.search(rest):
        return False
    own = {word.lower() for word in re.findall(r"[^\W\d_]+", f"{name} {signed_as(text)}")}
    left = [word for word in re.findall(r"\w+", _SAYS_NOTHING.sub(" ", rest)) if word.lower() not in own]
    return not left
