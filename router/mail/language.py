"""Which language a short text is in: script first, then letters that only one language has, then frequent words.

Made for the first few hundred characters of a mail and for being right or silent: 'und' when the evidence is thin.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from functools import lru_cache

UNKNOWN = "und"
_LOOKED_AT = 300  # characters

# Where the letters of a script lie in Unicode; letters elsewhere count for none.
_SCRIPTS = (
    ("Latn", 0x0041, 0x024F),
    ("Latn", 0x1E00, 0x1EFF),
    ("Cyrl", 0x0400, 0x052F),
    ("Grek", 0x0370, 0x03FF),
    ("Armn", 0x0530, 0x058F),
    ("Hebr", 0x0590, 0x05FF),
    ("Arab", 0x0600, 0x06FF),
    ("Deva", 0x0900, 0x097F),
    ("Thai", 0x0E00, 0x0E7F),
    ("Geor", 0x10A0, 0x10FF),
    ("Hang", 0x1100, 0x11FF),
    ("Mong", 0x1800, 0x18AF),
    ("Jpan", 0x3040, 0x30FF),
    ("Hani", 0x4E00, 0x9FFF),
    ("Hang", 0xAC00, 0xD7A3),
)
_ONE_LANGUAGE = {
    "Hang": "ko", "Jpan": "ja", "Hani": "zh", "Arab": "ar", "Hebr": "he", "Grek": "el", "Thai": "th", "Deva": "hi",
    "Geor": "ka", "Armn": "hy", "Mong": "mn",
}  # fmt: skip
_URL = re.compile(r"://|www\.|@")
_PUNCTUATION = ".,!?:;()[]\"'«»„“”*-–—…>"

# Letters that, within their script, speak for a language. Several languages may share one; sums decide.
_LETTERS: Mapping[str, Mapping[str, str]] = {
    "Cyrl": {
        "uk": "іїєґ",
        "ru": "ыэёъ",
        "sr": "јљњђћџ",
        "mn": "өү",
        "be": "ўіыэё",
        "mk": "ѓќѕјљњџ",
        "bg": "ъ",
        "kk": "әғқңұһіөүы",
        "ky": "ңөүыэ",
    },
    "Latn": {
        "sr": "đćčžš",
        "de": "äöüß",
        "fr": "éèêàçùâîôûœ",
        "es": "ñ¿¡óíáéú",
        "pl": "ąęłśźżćńó",
        "cs": "řěůčšžýáíéú",
        "pt": "ãõçáéíóâêô",
        "tr": "ğışçöü",
        "it": "àèìòù",
        "sv": "åäö",
        "da": "åæø",
        "hu": "őűáéíóöü",
        "ro": "ăâîșțşţ",
        "fi": "äö",
        "lv": "āēīūļķņģšžč",
        "lt": "ąčęėįšųūž",
        "et": "õäöü",
        "sl": "čšž",
        "sk": "ľĺŕôäčďťňžšýáíéú",
        "vi": "đơưạảấầẩẫậắằẳẵặ",
    },
}
_FREQUENT: Mapping[str, Mapping[str, str]] = {
    "Cyrl": {
        "uk": (
            "та що не на з із для як це ви ми мене мені ваш вас будь ласка дякую добрий день доброго дня "
            "привіт вітаю можна коли де чому моє мого замовлення хочу прошу підкажіть рахунок повернення "
            "повернути ні так уже буду був була було є якщо але від до про щодо мій"
        ),
        "ru": (
            "и что не на с для как это вы мы меня мне ваш вас пожалуйста спасибо добрый день здравствуйте "
            "привет можно когда где почему мой моего заказ заказа хочу прошу подскажите счет возврат вернуть "
            "нет да уже буду был была было есть если но от до о по или еще очень при"
        ),
        "sr": (
            "и да је се у на за са од не што како ово ви ми мене мени вас ваш молим хвала поштовани добар дан "
            "здраво можете ли када где зашто мој моју поруџбина поруџбине рачун желим повраћај јер али или "
            "сам смо бих само није нисам нисмо били ако још по"
        ),
        "mn": (
            "байна уу нь юу сайн та би бид энэ тэр болон ба вэ бэ юм гэж болох ямар яаж хэзээ хаана яагаад "
            "захиалга захиалгын баярлалаа хүсэж өгнө надад миний таны танай бол биш үгүй тийм одоо дээр мөнгө "
            "буцаан төлбөр байгаа болно авах хариу аль"
        ),
        "be": ("і што не на для як гэта вы мы вас дзякуй калі ласка добры дзень прывітанне мой заказ ёсць няма"),
        "bg": (
            "и да не на за се с от че как това вие моля благодаря здравейте добър ден поръчка поръчката искам "
            "кога къде съм ми са ли"
        ),
        "mk": (
            "и да не на за се со од што како ова вие ве молам благодарам здраво добар ден нарачка сакам кога "
            "каде сум ми"
        ),
        "kk": "және бұл үшін сіз мен бар жоқ рахмет сәлеметсіз бе қалай тапсырыс",
    },
    "Latn": {
        "en": (
            "the and to of is in it you that for on with this my your have be was are not can please thanks "
            "thank hi hello dear order when where how what why would could i we me do did from will but if "
            "has been any an our just help need want pls refund cancel invoice there so as at by or"
        ),
        "sr": (
            "i da je se u na za sa od ne što sta šta kako ovo vi mi mene meni vas vaš vaša molim hvala "
            "poštovani postovani dobar dan zdravo možete mozete li kada gde zašto zasto moj moju porudžbina "
            "porudžbine porudzbina račun racun želim zelim povraćaj jer ali ili sam smo bih nije nisam nisu "
            "ako još jos novac pozdrav narudžba kad su bi me"
        ),
        "de": (
            "und der die das ist nicht ich sie wir ein eine für mit auf zu den von im dem bitte danke hallo "
            "guten tag meine mein bestellung rechnung wann wo wie warum habe haben kann können noch auch bei "
            "es sehr geehrte an wurde"
        ),
        "fr": (
            "et le la les de des est je vous nous un une pour avec sur pas ne que qui dans bonjour merci mon "
            "ma votre commande facture quand où comment pourquoi il elle ce cette été avez ai au du plaît"
        ),
        "es": (
            "y el la los las de es que no en un una por para con su mi se lo hola gracias buenos días pedido "
            "factura cuando cuándo donde dónde cómo quiero puedo favor me al del pero está ha"
        ),
        "it": (
            "e il la le di è che non in un una per con mi si ho ciao grazie buongiorno ordine fattura quando "
            "dove come perché mio mia del della al vorrei sono gentile"
        ),
        "pt": (
            "e o a os as de é que não em um uma por para com se meu minha olá obrigado obrigada bom dia "
            "pedido fatura quando onde como quero posso do da no na foi está você"
        ),
        "nl": (
            "en de het een is niet ik u je we voor met op te van in dat hallo dank bedankt mijn bestelling "
            "factuur wanneer waar hoe waarom heb kan nog ook bij er naar uw graag"
        ),
        "pl": (
            "i w z na nie się jest to że do o dla jak proszę dziękuję dzień dobry moje mój zamówienie "
            "zamówienia faktura kiedy gdzie dlaczego czy mam mogę po od za witam ale już"
        ),
        "cs": (
            "a je se na v že to s z do o pro jak prosím děkuji dobrý den moje objednávka faktura kdy kde proč "
            "mám mohu ale nebo není jsem"
        ),
        "sv": (
            "och att det i en är på som för med inte jag du vi den till av har kan min tack hej beställning "
            "faktura när var hur ett om"
        ),
        "da": (
            "og at det i en er på som for med ikke jeg du vi den til af har kan min tak hej bestilling "
            "faktura hvornår hvor hvordan et om"
        ),
        "fi": ("ja on ei että se en olen minä te me kiitos hei tilaus lasku milloin missä miten miksi voitteko mutta"),
        "tr": (
            "ve bir bu için ile ne de da mi merhaba teşekkürler lütfen sipariş siparişim fatura nasıl nerede "
            "neden var yok ben siz"
        ),
        "mn": (
            "baina uu bn yu sain ene ter yum gej ymar yaj hezee haana yagaad zahialga bayarlalaa bayrlalaa "
            "minii tanii tanai bol bish mungu tulbur butsaah butsaaj avah hariu bolno yumuu ugnuu"
        ),
        "hu": ("és a az hogy nem van egy ez kérem köszönöm szia jó napot rendelés számla mikor hol hogyan miért"),
        "ro": ("și si de la în nu este un o pentru cu vă mulțumesc bună ziua comanda factura când unde cum"),
        "id": "dan yang di ini itu untuk dengan saya anda tidak apa terima kasih pesanan tolong bisa",
        "vi": "và là của tôi bạn không có cho này xin chào cảm ơn đơn hàng",
    },
}


def _index(table: Mapping[str, str]) -> Mapping[str, tuple[str, ...]]:
    """word → the languages it is frequent in."""
    languages: dict[str, list[str]] = {}
    for language, words in table.items():
        for word in words.split():
            languages.setdefault(word, []).append(language)
    return {word: tuple(found) for word, found in languages.items()}


_BY_WORD = {script: _index(table) for script, table in _FREQUENT.items()}
_BY_LETTER = {
    script: _index({language: " ".join(letters) for language, letters in table.items()})
    for script, table in _LETTERS.items()
}


def script_of(text: str) -> str:
    """The ISO 15924 code of the script most letters are in, '' when there are none."""
    return _script(Counter(text[:_LOOKED_AT]))


def _script(letters: Counter[str]) -> str:
    counts: dict[str, int] = {}
    for letter, times in letters.items():
        script = _script_of_letter(letter)
        if script:
            counts[script] = counts.get(script, 0) + times
    if "Jpan" in counts:
        counts["Jpan"] += counts.get("Hani", 0)
    return max(counts, key=counts.__getitem__) if counts else ""


@lru_cache(maxsize=4096)
def _script_of_letter(letter: str) -> str:
    if not letter.isalpha() and not "\u0e00" <= letter <= "\u0e7f":  # Thai vowel signs are no letters to Unicode
        return ""
    point = ord(letter)
    return next((script for script, low, high in _SCRIPTS if low <= point <= high), "")


def detect(text: str) -> tuple[str, str]:
    """(language, script) of the first 300 characters: ISO 639-1 code or 'und', ISO 15924 code or ''."""
    sample = text[: 2 * _LOOKED_AT]
    if "@" in sample or "www." in sample or "://" in sample:
        sample = " ".join(word for word in sample.split() if not _URL.search(word))
    sample = sample[:_LOOKED_AT].lower()
    script = _script(Counter(sample[:: 1 + len(sample) // 100]))  # some eighty letters tell the script
    if script in _ONE_LANGUAGE:
        return _ONE_LANGUAGE[script], script
    if script not in _BY_WORD:
        return UNKNOWN, script
    return _best(_scores(sample, script)), script


def _scores(sample: str, script: str) -> dict[str, float]:
    """Evidence per language: a frequent word counts one, shared among languages less; a letter of its own, half."""
    scores: dict[str, float] = {}
    by_word, by_letter = _BY_WORD[script], _BY_LETTER[script]
    for word in sample.split():
        languages = by_word.get(word.strip(_PUNCTUATION), ())
        for language in languages:
            scores[language] = scores.get(language, 0.0) + (1.0 if len(languages) == 1 else 0.6)
    if script == "Latn" and sample.isascii():
        return scores
    for letter in by_letter.keys() & set(sample):
        languages = by_letter[letter]
        for language in languages:
            scores[language] = scores.get(language, 0.0) + 0.8 * sample.count(letter) / len(languages)
    return scores


def _best(scores: dict[str, float]) -> str:
    """The language that leads clearly, else 'und'."""
    if not scores:
        return UNKNOWN
    first, *others = sorted(scores, key=lambda language: (-scores[language], language))
    lead = scores[first] - (scores[others[0]] if others else 0.0)
    return first if scores[first] >= 0.6 and lead > 0.15 else UNKNOWN
