"""What a subject says about the conversation: reply and forward prefixes, ticket tags, and whether it says anything."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

LONGEST = 500  # characters of a subject that are compared and kept

# Prefixes that mail clients put before an answer, by language; RFC 5256 section 2.1 knows only the first word.
_REPLY = frozenset(
    (
        *("re", "aw", "antw", "antwort", "antwoord", "sv", "vs", "svar", "svarende", "vastaus"),
        *("ré", "rép", "rep", "réponse", "resp", "respuesta", "res", "resposta", "r", "rif", "ris", "risposta"),
        *("odp", "odpověď", "odpoveď", "odg", "odgovor", "одг", "одговор", "отв", "ответ", "отг", "відп", "відповідь"),
        *("хариу", "хариулт", "ynt", "yan", "yanıt", "cevap", "απ", "απάντηση", "vá", "válasz", "răsp", "rasp"),
        *("ats", "atb", "bls", "balas", "trả lời", "ตอบ", "ตอบกลับ", "رد", "الرد", "رد على", "پاسخ", "השב", "תשובה"),
        *("回复", "回覆", "答复", "答覆", "回信", "返信", "답장", "회신", "re回复"),
    )
)
_FORWARD = frozenset(
    (
        *("fw", "fwd", "forwarded", "wg", "weitergeleitet", "doorst", "doorgestuurd", "vb", "vl", "vid", "videresendt"),
        *("videresend", "vidarebefordrat", "välitetty", "tr", "transf", "transféré", "rv", "reenviado", "renv", "enc"),
        *("encaminhado", "i", "inoltra", "inoltro", "pd", "podaj dalej", "předáno", "přep", "posr", "prosleđeno"),
        *("prosledjeno", "proslijeđeno", "прослеђено", "проследено", "препр", "пер", "перес", "пересл", "переслано"),
        *("вд", "перенапр", "дамжуулсан", "дамж", "ilt", "i\u0307lt", "iletilen", "σχετ", "πρθ", "προώθηση"),
        *("továbbítás", "továbbított", "redir", "trs", "teruskan", "chuyển tiếp", "ส่งต่อ", "إعادة توجيه", "إعادة إرسال"),
        *("تحويل", "بازفرست", "ارسال مجدد", "הועבר", "העברה", "转发", "轉寄", "轉發", "転送", "전달"),
    )
)
# These stand before an answer and elsewhere ("Ref: 4711"), so they are taken off and prove nothing.
_OTHER = frozenset(("ref", "réf", "betr", "betreff", "external", "extern", "externe", "ext"))
_PREFIXES = _REPLY | _FORWARD | _OTHER
# Clients write these in capitals; otherwise a person may have: "Res: reservation for two", "vs: the other lamp".
_SPOKEN = frozenset(("r", "rep", "res", "resp", "ris", "vs"))
_LONGEST_PREFIX = 32  # with its counter and blanks

_COUNTER = re.compile(r"\s*(?:\[\d{1,3}\]|\(\d{1,3}\)|[\^*]?\d{1,3})\s*$")
_COLON = re.compile("[:：﹕]")
_BRACKET = re.compile(r"[\[【]([^\[\]【】]{1,60})[\]】]\s*")
_WRAPPER = re.compile(r"\[fwd?:", re.IGNORECASE)
_TRAILER = re.compile(r"\((?:fwd?|forwarded)\)$", re.IGNORECASE)
_INVISIBLE = re.compile("[\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]")  # clients write رد with a mark
_DIGIT = re.compile(r"\d")

_DESK = (  # what a conversation is called at help desks; an order or an invoice may be asked about more than once
    r"ticket(?:s|nummer|nr)?|case|incident|service request|vorgang(?:s?nummer|s?nr)?|aktenzeichen|dossier"
    r"|zaak(?:nummer)?|caso|chamado|protocolo|sprawa|zgłoszeni[ea]|požadavek|ärende(?:nummer)?|sak|sag(?:snummer)?|tiketti"
    r"|talep|тікет|звернення|заявка|запит|тикет|обращение|запрос|захтев|предмет|хүсэлт|تذكرة|工单|工單|チケット|案件|티켓"
)
_TAG = re.compile(
    r"\bref:(?P<ref>[\w.!-]{4,80}):ref\b"
    r"|##(?P<hashes>[\w-]{1,40})##"
    r"|[\[(【](?P<name>[^\W\d_][\w.:& -]{0,40})?#[ ]?(?P<hash>[\w-]{1,40})\s?[\])】]"
    r"|\[(?P<key>(?-i:[A-Z][A-Z0-9]{1,9})-\d{1,10})\]"
    rf"|(?<!\w)(?:{_DESK})[ ]?(?:id|no|nr|number|nummer)?[ :.#№-]{{0,3}}(?P<desk>\d[\w-]{{2,40}})",
    re.IGNORECASE,
)
# Before the sign: a desk's word or its host ("[help.acme.example #77]"). A size or an error may stand there as well.
_DESK_NAME = re.compile(
    rf"(?:{_DESK})[ .]?(?:id|no|nr|number|nummer)?[ :.-]*|(?:[\w-]+\.)+[a-z]{{2,}} ?", re.IGNORECASE
)
_NONE: frozenset[str] = frozenset()
_ORDERS = re.compile(
    r"order|invoice|bestell|rechnung|pedido|comm?ande|заказ|замовл|рахун|поруџб|porudžb|захиал", re.IGNORECASE
)


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Words that say nothing about a matter: greetings, questions, orders, web forms, "no subject", and small words.
_EMPTY = _words(
    """
    hello hi hey dear good morning afternoon evening day help test mail email e info faq none no without subject
    untitled new my your our the a an for from about with and not is it on in to of at by me you please thanks thank
    hallo hi guten tag morgen hilfe kein betreff ohne neue neuer meine mein ihre ihr der die das ein eine zu zum zur
    von vom mit und für bitte danke dank hulp geen onderwerp mijn vraag van het een voor over
    bonjour salut aide sans objet sujet nouveau nouvelle mon ma mes votre vos le la les un une de du des sur pour par
    et merci hola ayuda sin asunto nuevo nueva mi mis su el los las una con del sobre para por gracias
    olá ola oi sem assunto novo nova meu minha seu o os as um uma da do dos das em com obrigado
    ciao salve aiuto senza oggetto nuovo nuova mio il lo gli di della del per grazie
    hej hei moi terve apua ingen intet emne ämne rubrik utan uden uten aihe aihetta ei hjälp hjælp hjelp tack takk
    cześć dzień dobry pomoc bez tematu temat nowy nowa moje ahoj dobrý den předmět předmětu prosím
    merhaba selam yardım konu konusuz yok yeni soru bir
    привіт вітаю добрий доброго день дня без теми тема нове нова моє мій моя про на для від по з та і до дякую
    привет добрый утро вечер без темы новое новый мой моя мое о об от с и не спасибо
    здраво добар дан без наслова наслов помоћ нова ново мој моја о за од са и хвала
    zdravo dobar dan bez naslova naslov pomoć moj moja za od sa hvala
    сайн байна уу гарчиггүй тусламж миний шинэ нэг
    γεια καλημέρα βοήθεια χωρίς θέμα سلام مرحبا السلام عليكم مساعدة سؤال طلب بدون موضوع عن في من שלום עזרה ללא נושא
    """
)
_FORM_STEMS = _words(
    """
    form forms formu conta konta websi webfo submi messa nachr mensa mensag berich besked medde wiado zpráv zprav
    viest mesaj anfra enqui inqui reque deman richi solic notif alert subsc regis newsl repor repo
    форма форми форму сообщ повід зверн обращ заявк порук захте захтј хүсэл мэдэг
    """
)
_EMPTY_STEMS = _FORM_STEMS | _words(
    """
    quest probl troub issue order suppo feedb compl infor urgen assis custo frage beste auftr rückf
    comma pregu consu pedid doman ordin pergu dúvid duvid vraag pytan zamów zapyt dotaz objed fråga spørs bestä besti
    ordre kysym tilau sipar sorun deste питан запит замов допом пробл помил вопро запро заказ помощ ошибк здрав
    питањ поруџ pitan porud poruk zahte zdrav асуул захиа тусла санал гомдо ερώτη παραγ πρόβλ استفس مشكلة
    שאלה הזמנה פנייה הודעה
    """
)
# Scripts without blanks between words: what is left without these is counted two characters a word.
_UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]")
_EMPTY_PHRASES = re.compile(
    "你好|您好|问题|問題|订单|訂單|帮助|幫助|咨询|諮詢|求助|请问|請問|[无無]主[题題旨]|お?問い?合わ?せ|質問|注文|ヘルプ"
    "|こんにちは|件名なし|無題|お願い|フォーム|表单|表單|留言|สวัสดี|คำถาม|ติดต่อ|สอบถาม|ไม่มีหัวเรื่อง"
)
_EMPTY_KOREAN = re.compile("^(?:질문|문의|주문|도움|안녕|문제|제목|없음|메시지)")
_TOKEN = re.compile(r"[^\W_]+")
_NUMBER = re.compile(r"\d{4}")
_YEAR = re.compile(r"(?:19|20)\d\d")


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """A subject as threads compare it."""

    base: str  # without prefixes, for people
    key: str  # without tags and case: equal keys are one subject
    tags: frozenset[str]  # ticket numbers, without what stands around them
    loose: frozenset[
        str
    ]  # those that may be something else: "Ticket 48213" a seat, "[ISO-9001]" a norm, "(#12)" a flat
    is_reply: bool  # a mail client says that this is an answer


@lru_cache(maxsize=4096)  # a subject is asked for up to four times, and the same ones come again
def read(subject: str) -> Subject:
    """What is in a subject (its first 998 characters)."""
    base, is_reply = _stripped(subject)
    cut = base[:LONGEST]
    tags, loose = _tags(cut)
    bare = _TAG.sub(lambda tag: " " if _number(tag) else tag[0], cut) if tags else cut
    key = " ".join(bare.casefold().split()).strip(" -–—:;,.!?…|*#~_\"'()[]")
    return Subject(base=base, key=key, tags=tags, loose=loose, is_reply=is_reply)


def base_subject(subject: str) -> str:
    """The subject without reply and forward prefixes, list tags before them, and doubled spaces; ticket tags stay.

    Doing it twice changes nothing.
    """
    return _stripped(subject)[0]


# ------------------------------------------------------------------ prefixes


def without_reply(subject: str) -> str:
    """The subject without the reply prefixes it begins with; forward prefixes, tags and names of lists stay."""
    while (colon := _COLON.search(subject, 0, _LONGEST_PREFIX)) and _answers(subject, 0, colon):
        subject = subject[colon.end() :].lstrip()
    return subject


def _stripped(subject: str) -> tuple[str, bool]:
    """(base subject, whether a prefix said that it is an answer)."""
    text = " ".join(subject[:998].split())
    if not text.isascii():
        text = " ".join(_INVISIBLE.sub("", text).split())
    is_reply = False
    while True:
        shorter, answers = _without_head(_without_tail(text))
        is_reply = is_reply or answers
        if shorter == text:
            return text, is_reply
        text = shorter


def _without_tail(text: str) -> str:
    """Without "(fwd)" behind (RFC 5256 section 2.1)."""
    while text.endswith(")") and (found := _TRAILER.search(text, len(text) - 11)):
        text = text[: found.start()].rstrip()
    return text


def _without_head(text: str) -> tuple[str, bool]:
    """(without what stands before the last leading prefix, ticket tags apart; whether it is an answer)."""
    at, behind, is_reply = 0, 0, False
    tags: list[str] = []
    kept: list[str] = []
    while True:
        if text.startswith("[", at) and text.endswith("]") and _WRAPPER.match(text, at):
            at, text = at + 1, text[:-1]  # "[Fwd: …]"
        elif bracket := _BRACKET.match(text, at):
            at = bracket.end()
            if _is_ticket(bracket[0]):
                tags.append(bracket[0].strip())
        elif (colon := _COLON.search(text, at, at + _LONGEST_PREFIX)) and _prefix(text[at : colon.start()]):
            is_reply = is_reply or _answers(text, at, colon)
            at = behind = colon.end() + (text[colon.end() : colon.end() + 1] == " ")
            kept = list(tags)
        else:
            break
    return " ".join((*kept, text[behind:])).strip() if behind else text, is_reply


def _prefix(head: str) -> str:
    """The prefix that this is, whatever its case, counter and full stop; '' when it is none."""
    word = head.strip()
    if word and word[-1] in "0123456789])":
        word = _COUNTER.sub("", word)
    word = word.rstrip(".").casefold()
    return word if word in _PREFIXES else ""


def _answers(text: str, at: int, colon: re.Match[str]) -> bool:
    """Whether the prefix that stands in `text` from `at` to its colon says that this is an answer."""
    head = text[at : colon.start()]
    word = _prefix(head)
    return word in _REPLY and (word not in _SPOKEN or (head.isupper() and not text[colon.end() :].isupper()))


def _is_ticket(bracket: str) -> bool:
    """Whether what stands in brackets is a number of a conversation and not the name of a list."""
    return bracket[1:].lstrip()[:1].isdigit() or bracket[1] == "#" or bool(_tags(bracket)[0])


# ------------------------------------------------------------------ ticket tags


def _tags(text: str) -> tuple[frozenset[str], frozenset[str]]:
    """(the ticket numbers in a subject, those of them that are loose): `[#123]`, `[Ticket#12]`, `##12##`, `ref:…:ref`,
    loosely `Case 0012`, `[SUP-12]`, `[acme #12]`, `[#12]` and all in round brackets."""
    if not _DIGIT.search(text):
        return _NONE, _NONE
    found = [(number, _is_loose(tag)) for tag in _TAG.finditer(text) if (number := _number(tag))]
    marked = frozenset(number for number, loose in found if not loose)
    return frozenset(number for number, _ in found), frozenset(number for number, _ in found) - marked


def _is_loose(tag: re.Match[str]) -> bool:
    if not (number := tag["hash"]):
        return bool(tag["key"] or tag["desk"])
    if tag[0][0] == "(":
        return True
    if tag["name"]:
        return _DESK_NAME.fullmatch(tag["name"]) is None
    return len(_DIGIT.findall(number)) < 3 or _YEAR.fullmatch(number) is not None


def _number(tag: re.Match[str]) -> str:
    if tag["name"] and _ORDERS.search(tag["name"]):
        return ""
    number = tag[tag.lastgroup or 0].casefold().strip("-")
    return number if _DIGIT.search(number) and not (tag["desk"] and _YEAR.fullmatch(number)) else ""


# ------------------------------------------------------------------ does it say anything


def says_something(key: str) -> bool:
    """Whether a subject's key names a matter: a number, or one word that is not "hello", "question" or the like."""
    return _weight(key) > 0


def says_exactly(key: str) -> bool:
    """Whether a key names its matter so closely that nobody writes it twice about two: a number or three telling
    words, and not what a web form or a program calls all its mail."""
    return _weight(key) >= _EXACT


_EXACT = 3


@lru_cache(maxsize=4096)
def _weight(key: str) -> int:
    """How many telling words a key has, at most 3, which a number outweighs; a form's name never says it exactly."""
    tokens = _TOKEN.findall(key)
    words, is_form = 0, False
    for token in tokens:
        if token in _FORM_STEMS or token[:5] in _FORM_STEMS:
            is_form = True
        elif token.isascii():
            words += len(token) > 1 and not (token in _EMPTY or token[:5] in _EMPTY_STEMS or token.isdigit())
        elif _UNSPACED.search(token):
            rest = _EMPTY_PHRASES.sub("", token)
            is_form = is_form or rest != token
            words += len(rest) // 2
        elif _EMPTY_KOREAN.match(token):
            is_form = True
        else:
            words += len(token) > 1 and not (token in _EMPTY or token[:5] in _EMPTY_STEMS)
    if _NUMBER.search(key) and any(_NUMBER.search(t) and not _YEAR.fullmatch(t) for t in tokens):
        words += _EXACT
    return min(words, _EXACT - is_form)
