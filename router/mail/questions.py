"""The sentences of a mail that ask something: by their mark, by their first words, or by a particle at their end.

A question mark inside an address of the web asks nothing, nor does a greeting or a line of a footer. No native speaker
has checked the tables.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from router.values import Entity

from .beginnings import ByLetter
from .reading import Reading

QUESTION = "question"
_AT_MOST = 12
_MOST_SENTENCES = 400
_MARKS = _ENDS = ("?", "？", "؟", ";")  # a semicolon asks in Greek
_LOOKED_AT = 6_000  # characters
_LONGEST_VALUE = 200
_LONGEST = 600  # characters of a sentence
_MOST_WORDS = 40  # of a sentence without a mark
_LETTERS = re.compile(r"[^\W\d_]{2}|[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]")
_OF_FIRST_WORD = 80  # characters it lies in
_WRAPPED = 50  # a line at least this long goes on in the next one


def _list(line: str) -> list[str]:
    return line.split()


def _words(*lines: str) -> frozenset[str]:
    return frozenset(" ".join(lines).split())


def _phrases(*lines: str) -> frozenset[tuple[str, ...]]:
    return frozenset(tuple(phrase.replace("_", " ").split()) for line in lines for phrase in line.split())


# What a question begins with when one word is enough.
_ASKS = _words(
    "чи хіба невже підкажіть підскажіть скажіть",  # uk
    "подскажите скажите неужели разве",  # ru
    "zašto zasto зашто dokle докле",  # sr
    "хэзээ хаана яагаад яаж хэн хэдэн хэд ямар hezee haana yagaad yaj",  # mn
    "wann warum weshalb wieso wieviel woher",  # de
    "pourquoi combien",  # fr
    "dónde cuándo cómo cuánto cuánta cuántos cuántas quién cuál qué",  # es
    "czy dlaczego",  # pl
    "zda proč kdy kolik",  # cs
    "varför hvorfor hvornår hvordan",  # sv da
    "milloin missä miten miksi mistä mikä kuka paljonko kuinka voitteko voisitteko voinko onko saanko voiko",  # fi
    "nerede nereden neden niçin nasıl hangi",  # tr
    "هل متى أين اين كيف لماذا",  # ar
    "waarom hoeveel",  # nl
)
# Words that ask, unless a comma tells that they only open a clause ("When I opened it, ...").
_MAY_ASK = _words(
    "коли де чому як скільки хто який яка яке які куди звідки навіщо",  # uk
    "когда где почему как сколько кто какой какая какое какие куда откуда зачем",  # ru
    "kada kad gde gdje kako koliko ko tko koji koja koje kuda odakle šta sta што шта када кад где гдје како колико ко",
    "који која које куда одакле",
    "wo was wer welche welcher welches wohin",  # de
    "où quand comment quel quelle quels quelles",  # fr
    "donde cuando cuanto onde quando quanto qual quais",  # es pt
    "dove quanto quale quali come perché perchè",  # it
    "waar wanneer wat wie welke hoe",  # nl
    "kiedy gdzie ile kto jaki jaka jakie co",  # pl
    "kde jaký jaká jaké kdo",  # cs
    "var vad vem vilken vilket hva hvad hvem hvor hvilken hvilket",  # sv da
)
_AUXILIARIES = _words(
    "is are was were will would can could do does did has have had shall should may might isn't aren't wasn't won't "
    "can't",
    "couldn't don't doesn't didn't hasn't haven't shouldn't wouldn't's",
)
_OPEN = _words("where when what why how who which whose where's what's how's who's when's")
_ENGLISH = _phrases(
    *(f"how_{word}" for word in ["long", "much", "many", "soon", "often", "far", "to", "come", "about"]),
    "what_happened what_about what_time what_kind what_if why_not which_one who_is any_update any_updates any_news",
    "anyone any_idea any_chance any_progress",
    *(
        f"{verb}_{who}"
        for verb in ["can", "could", "would", "will", "may"]
        for who in ["you", "i", "we", "it", "they", "anyone", "someone"]
    ),
    *(
        f"{verb}_{who}"
        for verb in ["may", "do", "don't", "did", "didn't", "have", "haven't"]
        for who in ["you", "i", "we", "they"]
    ),
    *(
        f"{verb}_{who}"
        for verb in ["is", "isn't", "was", "wasn't", "has", "hasn't", "does", "doesn't", "did", "will", "won't"]
        for who in ["it", "this", "that", "there", "my", "the", "our", "your", "anyone", "someone", "he", "she"]
    ),
    *(f"are_{who}" for who in ["you", "there", "we", "they", "these", "those", "my", "the"]),
    *(f"should_{who}" for who in ["i", "we", "it"]),
)
_OTHERS = _phrases(
    # uk ru sr
    "можете_підказати можете_сказати можете_надіслати чи_можете чи_можна можна_дізнатися можна_уточнити могли_б",
    "не_могли_б ви_можете що_робити що_мені що_з що_далі що_сталося",
    "можете_подсказать можете_сказать можно_узнать можно_уточнить могли_бы не_могли_бы вы_можете что_делать что_с",
    "что_мне что_случилось что_дальше",
    "да_ли је_ли da_li je_li mogu_li могу_ли",
    # de fr es pt it nl pl cs sv da
    "können_sie könnten_sie könnt_ihr können_wir kann_ich kann_man könnte_ich haben_sie gibt_es ist_es ist_das ist_die",
    "ist_der ist_meine ist_mein wird_es würden_sie darf_ich wie_lange wie_viel wie_kann wie_ist wie_geht wie_bekomme",
    "wie_funktioniert wie_hoch wie_soll muss_ich soll_ich sind_sie wären_sie",
    "est-ce_que est-ce_qu'il pouvez-vous_me pouvez-vous pourriez-vous puis-je avez-vous serait-il y_a-t-il a-t-il "
    "qu'est-ce_que",
    "pueden_decirme puede_decirme me_pueden me_puede podrían_decirme podría_decirme podría_enviarme podrían_enviarme",
    "por_qué es_posible puedo_cambiar",
    "por_que será_que podem_me poderia_me poderiam_me pode_me vocês_podem você_pode é_possível o_que",
    "potete_dirmi può_dirmi potreste_dirmi potrebbe_dirmi potete_inviarmi è_possibile posso_avere mi_potete",
    "kunt_u kunnen_jullie kan_ik kan_je kun_je heeft_u zou_u zouden_jullie is_het is_er",
    "jak_długo jak_mogę jak_dostać mogliby_państwo mogą_państwo",
    "můžete_mi mohli_byste je_možné jak_dlouho jak_mohu jak_můžu",
    "kan_ni kan_du kan_jag kan_jeg kan_i kan_dere har_ni har_du har_i finns_det när_kommer när_får när_kan hur_lång "
    "hur_länge",
    "hur_kan hur_gör hur_mycket når_kommer når_får når_kan er_det skulle_ni kunne_du kunne_dere",
    # tr, mn
    "ne_zaman ne_kadar kaç_gün",
)
_INDIRECT = re.compile(
    r"(?:please |pls |kindly |could you |can you )?(?:tell me|let me know|let us know|advise|inform me|"
    r"i(?: would|'d) like to know|i want to know|i wonder|i am wondering) "
    r"(?:where|when|what|why|how|who|which|whether|if (?:it|this|that|there|i can|you can|my|the) )"
)
# Endings of sentences that ask without a mark.
_PARTICLES = _words("вэ бэ уу үү юу юү ve uu yu mısınız müsünüz misiniz musunuz mıyım miyim müyüm mı mü")
_ASKING_ENDS = (
    "吗", "嗎", "呢", "ですか", "ますか", "でしょうか", "ませんか",
    "나요", "까요", "습니까", "입니까", "인가요", "는지요", "을까요",
)  # fmt: skip
_CHINESE = (
    "什么时候",
    "什麼時候",
    "怎么",
    "怎麼",
    "哪里",
    "哪裡",
    "为什么",
    "為什麼",
    "多少",
    "能不能",
    "是否",
    "可不可以",
)
_ASIAN = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]")

# Sentences that ask in form only: courtesy, footers, salutations.
_RHETORICAL_FORMS = (
    r"how (?:are|do) (?:you|things|it)\b(?!.{25})|how's it going|what's up|"
    r"(?:any |more |have |got |still have )?(?:more )?questions\b(?=.{0,12}$)|need (?:more |any )?(?:help|"
    r"assistance)\b(?=.{0,8}$)|"
    r"do you (?:really )?need to print|(?:really |please )?(?:print|need to print)|how did we do|rate (?:us|our)|"
    r"did (?:we|you find).{0,30}helpful|was this (?:e-?mail|answer|helpful)|"
    r"(?:у вас|залишилися|остались|есть|є|маєте) (?:питання|вопросы)(?=.{0,12}$)|як (?:ви|ваші|справи)(?=.{0,15}$)|як "
    r"справи|"
    r"как (?:вы|ваши|дела|поживаете)(?=.{0,15}$)|како сте|kako ste|како си|kako si|"
    r"(?:та |тань )?сайн (?:байна )?уу|сайн байцгаана уу|sain (?:baina )?uu|сонин сайхан|"
    r"wie geht(?:'s| es (?:ihnen|dir|euch))|(?:haben sie |noch )?fragen(?=.{0,8}$)|comment (?:allez|ça va)|ça va|des "
    r"questions|"
    r"(?:cómo|como) (?:está|estás|están|vai|vão|estão)(?=.{0,12}$)|qué tal|tudo bem|come (?:sta|stai|va)(?=.{0,12}$)|"
    r"jak się masz|hoe gaat het|"
    r"nasılsın(?:ız)?|hur mår|hvordan går det(?=.{0,6}$)|hvordan har du det|mitä kuuluu|كيف حالك"
)
_RHETORICAL = ByLetter(((_RHETORICAL_FORMS,), ""))


# What may stand in front of the question itself: a greeting up to its comma, small words.
_OPENERS = _words(
    "hi hello hey dear good ok okay so and also but please pls thanks thank sorry well then now yes no sir madam "
    "guys team",
    "добрий доброго вітаю привіт шановні шановна шановний здрастуйте і й та а але отже тож ще також скажіть дякую",
    "добрый доброе здравствуйте привет уважаемые уважаемый и а но ещё еще также ну так тогда пожалуйста спасибо",
    "здраво поштовани добар хвала zdravo poštovani postovani dobar hvala ćao cao a ali onda molim молим али онда",
    "сайн байна уу эрхэм sain baina za за",
    "hallo guten sehr und aber also bitte danke moin bonjour salut et mais alors donc merci hola buenos buenas "
    "estimados y pero",
    "olá ola bom boa e mas ciao salve buongiorno gentile ma allora hoi goedendag goedemorgen en maar dzień cześć a "
    "ale więc witam",
    "dobrý ahoj hej hei moi och men tack og tak merhaba selam iyi ve peki",
)
_CLOSERS = " \t)]}\"'»”’*_>"
_ABBREVIATED = _words(
    "no nr mr mrs ms dr prof e.g i.e vs approx inc ltd tel р рр г гг ул вул м тел бр br str z.b bzw ca d.h usw п т.д "
    "ст ном о он"
)
_STOPS = ("! ", "? ", "… ", ". ", "؟ ")
_STOP = "\x00"  # the text of a mail holds no control characters


def find(reading: Reading) -> list[Entity]:
    """Every sentence that asks, in order, with its span; its value is one line of at most 200 characters."""
    text = reading.lower[:_LOOKED_AT]
    latin = text.isascii()
    marks = [mark for mark in _MARKS if mark in text]
    marked = "?" in text or (not latin and bool(marks))
    words = reading.words
    anywhere = reading.asian or not words.isdisjoint(_PARTICLES) or not words.isdisjoint(_ANYWHERE)
    if not (marked or anywhere) and not _may_ask(reading):
        return []
    if not marked:
        marks = []
    found: list[Entity] = []
    for start, end in islice(_sentences(text, latin=latin), _MOST_SENTENCES):
        said = text[start:end]
        for mark in marks:
            if mark in said:
                break
        else:
            if not anywhere and _first_word(said) not in _INTERESTING:
                continue
        entity = _question(reading, said, start)
        if entity:
            found.append(entity)
            if len(found) == _AT_MOST:
                break
    return found


def _may_ask(reading: Reading) -> bool:
    """Whether a word that asks stands at the beginning of a sentence: cheaper than to look at every sentence."""
    hits = reading.words & _NEEDED
    if hits & _TOLD:
        return True
    lower = reading.lower
    for word in hits:
        for at, _ in reading.places(word, 60):
            before = lower[at - 14 if at > 14 else 0 : at].rstrip(" ")
            if not before or not before[-1].isalnum() or before.rpartition(" ")[2].strip(_AROUND) in _OPENERS:
                return True
    return False


def _first_word(said: str) -> str:
    first = said[:_OF_FIRST_WORD].split(None, 1) or said.split(None, 1)
    return first[0].strip(_AROUND) if first else ""


def _sentences(text: str, *, latin: bool) -> Iterator[tuple[int, int]]:
    """The spans of sentences, their marks included: a short line ends one, a long line goes on in the next."""
    offset = 0
    start = -1
    for line in _stopped(text, latin=latin).split("\n"):
        begins, offset = offset, offset + len(line) + 1
        if not line or line.isspace():
            if start >= 0:
                yield start, begins - 1
            start = -1
            continue
        if start < 0:
            start = begins
        at = line.find(_STOP)
        while at >= 0:
            if text[begins + at] != "." or not _abbreviation(line, at):
                yield start, begins + at + 1
                start = begins + at + 1
            at = line.find(_STOP, at + 1)
        if len(line) < _WRAPPED or line[-1] in ".!?:…":
            if start < begins + len(line):
                yield start, begins + len(line)
            start = -1
    if start >= 0:
        yield start, len(text)


def _stopped(text: str, *, latin: bool) -> str:
    """The text, as long as it was, with one sign where sentences may end."""
    for stop in _STOPS:
        if stop in text:
            text = text.replace(stop, _STOP + " ")
    if not latin:
        for stop in "。！？":
            text = text.replace(stop, _STOP)
        if ";" in text and _GREEK.search(text):
            text = text.replace(";", _STOP)
    return text


_GREEK = re.compile("[α-ω]")


def _abbreviation(line: str, at: int) -> bool:
    """Whether the full stop there belongs to a short form or to a figure (`21. November`)."""
    last = line[max(0, at - _LONGEST_SHORT_FORM - 1) : at].rpartition(" ")[2].lstrip("(\"'")
    return last in _ABBREVIATED or (last.isdigit() and len(last) < 3)


_LONGEST_SHORT_FORM = 6  # characters


def _question(reading: Reading, lower: str, start: int) -> Entity | None:
    said = lower.rstrip(_CLOSERS)
    lead = 0 if lower[:1].isalnum() else len(lower) - len(lower.lstrip(" \t\n-*•>\"'«“(–—"))
    if said[-3:].rstrip("!.").endswith(_ENDS) and _asks(said):
        lead = max(lead, lower.rfind("¿"))
        if len(said) - lead < 60 and _RHETORICAL.match(said, lead):
            return None
    elif len(lower) > _LONGEST or not _unmarked(said[lead:]):
        return None
    end = start + len(lower.rstrip())
    start += lead
    value = reading.text[start : min(end, start + 2 * _LONGEST_VALUE)]
    if not value.isprintable() or "  " in value or value[-1:] == " ":  # else it is one line as it stands
        value = " ".join(value.split())
    return Entity(kind=QUESTION, value=value[:_LONGEST_VALUE].rstrip(), start=start, end=end)


def _asks(said: str) -> bool:
    """Whether a sentence with a mark has words before it; an address of the web that ends with the mark has none."""
    if said.endswith(";") and not _GREEK.search(said):
        return False
    last = said[-80:].rpartition(" ")[2]
    return "://" not in last and not last.startswith("www.") and _LETTERS.search(said) is not None


def _unmarked(said: str) -> bool:
    """Whether a sentence without a mark asks: by its first words, by a particle or an ending."""
    if not said.isascii() and _ASIAN.search(said):
        bare = said.rstrip("。.! ")
        return bare.endswith(_ASKING_ENDS) or (not _KANA.search(bare) and any(one in bare for one in _CHINESE))
    head = said[:_OF_FIRST_WORD].split(None, 4)[:4]
    if len(head) < 2:
        return False
    first = head[0].strip(_AROUND)
    if first in _OPENERS:
        said = _without_opener(said)
        head = said[:_OF_FIRST_WORD].split(None, 4)[:4]
        if len(head) < 2:
            return False
        first = head[0].strip(_AROUND)
    if first not in _BEGINS and not _ends_asking(said, head[1]) and not (first in _TELLING and _INDIRECT.match(said)):
        return False
    if said.count(" ") > _MOST_WORDS:
        return False
    words = [word.strip(_AROUND) for word in head]
    last = said[-24:].rpartition(" ")[2].strip(_AROUND)
    if last in _PARTICLES:
        return not _RHETORICAL.match(said) or len(said) > 40
    return _begins(said, words)


def _ends_asking(said: str, second: str) -> bool:
    """Whether a particle asks, at the end or behind the first word, where the first word does not."""
    return (
        said[-24:].rpartition(" ")[2].strip(_AROUND) in _PARTICLES
        or second.strip(_AROUND) in _LI
        or ("zaman" in said and "ne zaman" in said)
    )


def _begins(said: str, words: list[str]) -> bool:
    first, second = words[:2]
    if first in _ASKS or (second in _LI and len(first) > 2) or "ne zaman" in said:
        return True
    if tuple(words[:2]) in _PAIRS or tuple(words[:3]) in _PAIRS or (first in _OPEN and second in _AUXILIARIES):
        return not _RHETORICAL.match(said)
    if first in _TELLING:
        return _INDIRECT.match(said) is not None
    return first in _MAY_ASK and "," not in said


def _without_opener(said: str) -> str:
    comma = said.find(",", 0, 40)
    if comma > 0 and said[:comma].count(" ") < 4:
        return said[comma + 1 :].lstrip()
    words = said.split(None, 3)
    at = 0
    while at < len(words) - 1 and at < 3 and words[at].strip(_AROUND) in _OPENERS and words[at] not in _MAY_ASK:
        at += 1
    return " ".join(words[at:])


_AROUND = ",.!:;()\"'«»„“”*_-–—?"
_KANA = re.compile("[\u3040-\u30ff]")
_PAIRS = _ENGLISH | _OTHERS
_LI = frozenset({"ли", "li"})
_ANYWHERE = _LI | {"zaman"}
_TELLING = _words("please pls kindly could can tell let advise inform i")
_TOLD = _words("могли tell know advise inform wonder wondering")
_NEEDED = (_ASKS | _MAY_ASK | _OPEN | _TOLD | {phrase[0] for phrase in _PAIRS}) - {"не"}
_BEGINS = _ASKS | _MAY_ASK | _OPEN | {phrase[0] for phrase in _PAIRS}
_INTERESTING = _BEGINS | _OPENERS | _TELLING
