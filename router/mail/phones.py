"""Lines that a phone or a mail program puts below what is written: "Sent from my iPhone", "Get Outlook for Android"."""

from __future__ import annotations

import re

# Names that only devices and mail programs have; a language's case may follow.
_NAMES = (
    r"\b(?:i-?phon|i-?pad|i-?pod|ios|android|blackberry|black berry|windows|outlook|samsung|galaxy|huawei|xiaomi|redmi|"
    r"oneplus|nokia|sony|xperia|htc|motorola|wiko|mailbird|yahoo|gmail|proton|gmx|thunderbird|fairemail|tutanota|aol|"
    r"bluemail|zoho|mail\.ru|web\.de|айфон|андроид|андроїд|яндекс|рамблер|rambler|ukr\.net)[\w-]{0,4}(?!\w)"
)
# These too, when nothing follows.
_PROGRAMS = r"(?:spark|airmail|newton|boxer|edison mail|nine|hey|superhuman)"


def _sent(verbs: str, own: str, devices: str) -> str:
    """`verbs`, then a name, or a device of one's `own` (my, mein, mon …), or a device where the line ends."""
    return (
        rf"(?:{verbs})(?:.{{0,40}}?{_NAMES}|.?(?:(?:{own}) .{{0,20}}?\b(?:{devices})\b|.{{0,5}}?\b(?:{devices})\W*$))"
    )


_PHONE_EN = (
    r"(?:(?:mobile|cell|smart|wireless|android|windows)[ -]?)?(?:phone|device|handheld|tablet|mobile|cell|handset)"
)
_PHONE_DE = r"(?:handy|smartphone|tablet|telefon|phone|mobiltelefon|mobil|mobilgerät|gerät)s?"
_PHONE_NORDIC = r"(?:mobil|mobiltelefon|telefon|tablet|smartphone|nettbrett|surfplatta|enhet)(?:en|et|n)?"
_PHONE_RU = r"(?:мобильного |мобильной )?(?:телефона|смартфона|планшета|устройства|почты mail|мобильного|мобилы)"
_PHONE_UK = r"(?:мобільного |мобільної )?(?:телефону|телефона|смартфона|планшета|планшету|пристрою|мобільного)"
_PHONE_SR = r"(?:мобилног |mobilnog )?(?:телефона|telefona|таблета|tableta|уређаја|uređaja|мобилног|mobilnog)"
# "Sent from my iPhone", by language: what starts the line; the second table ends it.
_SENT = (
    (
        rf"sent (?:from|via|using|with|on) (?:my |a |an )?(?:{_PHONE_EN}|{_PROGRAMS})\W*$|"
        rf"sent (?:from|via|using|with|on) my (?!old|new).{{0,30}}?{_PHONE_EN}\b|"
        rf"sent (?:from|via|by|using|with|on) .{{0,40}}?{_NAMES}|"
        r"get (?:the )?(?:free )?(?:outlook|yahoo mail|bluemail|typeapp|aqua mail) .{0,20}?(?:for|on) |"
        r"via (?:i-?phone|i-?pad|android)$|yahoo mail: search|"
        r"(?:yahoo|aol) mail (?:on|for) (?:android|i-?phone|ios|i-?pad)\W*$"
    ),
    (
        _sent("gesendet (?:von|vom|mit|aus|über)", "meinem|meiner", _PHONE_DE)
        + rf"|(?:von|vom|mit) .{{0,40}}?(?:{_NAMES}|{_PHONE_DE}\b).{{0,20}} gesendet\W*$|"
        rf"diese nachricht wurde (?:von|mit) .{{0,60}}?(?:{_NAMES}|{_PHONE_DE}\b)|"
        r"(?:holen sie sich|laden sie) outlook|outlook für .{1,12} (?:beziehen|herunterladen)|mobil gesendet\W*$"
    ),
    (
        _sent(
            "(?:verzonden|verstuurd) (?:vanaf|met|via|vanuit)", "mijn", "mobiel|telefoon|toestel|tablet|smartphone|gsm"
        )
        + r"|outlook voor .{1,12} (?:ophalen|downloaden)"
    ),
    (
        _sent(
            "envoyé (?:de|d|depuis|à partir de?|avec|via)",
            "mon|ma",
            "appareil|téléphone|portable|smartphone|mobile|tablette",
        )
        + r"|(?:obtenir|obtenez|télécharger|téléchargez) outlook"
    ),
    (
        _sent(
            "(?:enviad[oa]|enviat) (?:desde|de|do|da|des|via|a través|a partir|con|com)",
            "mi|meu|minha|del meu|el meu",
            "móvil|celular|teléfono|telemóvel|telefone|dispositivo|smartphone|tablet|mòbil",
        )
        + r"|(?:obtener|obtenga|descargar|obter|obtenha|baixar) (?:o )?outlook"
    ),
    (
        _sent("inviato (?:da|dal|dall|con|tramite)", "mio", "cellulare|telefono|dispositivo|smartphone|tablet")
        + "|(?:ottieni|scarica) outlook"
    ),
    _sent("trimis (?:de pe|din|cu|de la)", "meu|un", "telefon|telefonul|mobil|dispozitiv|tabletă"),
    rf"elküldve .{{0,30}}?(?:{_NAMES}|készülék|telefon)",
    (
        _sent("wysłan[eoy]? (?:z|ze|za pomocą|przy użyciu)", "mojego", "telefonu|smartfona|urządzenia|tabletu|komórki")
        + "|pobierz (?:aplikację )?outlook"
    ),
    (
        _sent(
            "(?:odesláno|odoslané|posláno|poslané) (?:z|ze|zo|pomocí)",
            "mého|môjho|mojho",
            "telefonu|telefónu|mobilu|mobilního telefonu|zařízení|zariadenia|tabletu",
        )
        + "|získa[tť] (?:aplikaci )?outlook"
    ),
    (
        _sent("(?:sendt?|skickat) (?:fra|från|med|via)", "min|mitt", _PHONE_NORDIC)
        + "|(?:hent|skaffa|hämta|få|skaff deg|skaff|last ned) outlook"
    ),
    rf"lähetetty .{{0,30}}?(?:{_NAMES}|puhelime\w+|laittee\w+)|hanki outlook",
    rf"saadetud minu .{{0,30}}?(?:{_NAMES}|telefon)",
    (
        _sent(
            "(?:отправлено|послано|написано) (?:с|со|из|через|при помощи|с помощью)", "моего|моей|мобильной", _PHONE_RU
        )
        + r"|отправлено (?:из|с|через) .{0,20}почт[ыу] mail|(?:скачать|получить|загрузить) outlook"
    ),
    (
        _sent("(?:відправлено|надіслано|написано) (?:з|із|зі|через|за допомогою)", "мого|моєї", _PHONE_UK)
        + "|(?:отримати|завантажити|отримайте) outlook"
    ),
    _sent("(?:послато|послано|poslato|poslano) (?:са|с|из|преко|sa|s|iz|preko)", "мог|mog|svog|свог", _PHONE_SR),
    _sent("изпратено от", "моя|моето|моят", "телефон|смартфон|таблет|устройство"),
    (
        rf"миний .{{0,20}}?(?:{_NAMES}|утас).{{0,12}} ?илгээ(?:в|сэн)|"
        r"(?:i-?phon|i-?pad|утас|outlook).{0,10}(?:оос|аас|наас|ээс) илгээ(?:в|сэн|лээ)"
    ),
    (
        rf"(?:أُ?رسلت?|تم الإرسال|مرسل[ةه]?) (?:من|بواسطة|عبر) .{{0,20}}?(?:{_NAMES}|هاتف|جوال)|الحصول على outlook|"
        rf"נשלח מ.{{0,20}}?(?:{_NAMES}|הסלולרי|טלפון|נייד|i-?phone)"
    ),
    (
        r"(?:发|發|寄|来|來)自.{0,12}?(?:手机|手機|i-?phon|i-?pad|邮箱|郵箱|outlook|mail|android|平板)|"
        r"[從从]我的 ?.{0,20}?(?:手机|手機|i-?phon|i-?pad|android|outlook|galaxy).{0,12}?(?:傳送|发送)|"
        r"(?:获取|取得|下載|下载).{0,8}outlook|通过.{0,12}?(?:邮箱|手机|outlook|mail).{0,8}(?:发送|客户端)"
    ),
    rf"나의 .{{0,20}}?(?:{_NAMES}|휴대|아이폰|갤럭시).{{0,8}}에서 보냄|đã gửi từ .{{0,20}}?(?:{_NAMES}|điện thoại)",
    rf"στάλθηκε από .{{0,20}}?(?:{_NAMES}|κινητό)",
)
_ENDS_SENT = (
    r"(?:i-?phon|i-?pad|android|outlook|galaxy|tablet|スマートフォン|スマホ|携帯)[^.!?]{0,10}(?:から送信|より送信)",
    (
        r"(?:i-?phon|i-?pad|android|samsung|galaxy|outlook|gmail|아이폰|갤럭시|삼성|휴대|스마트폰|핸드폰|안드로이드|"
        r"네이버 ?메일|모바일)[^.!?]{0,16}(?:에서|으로) ?(?:보냄|보냈습니다|전송|발송)(?:됨)?\.?$"
    ),
    r"(?:i-?phon|i-?pad|android|samsung|cihaz|telefon|outlook).{0,10}(?:dan|den|mdan|umdan|ımdan|imden) gönderildi",
    r"için outlook.u (?:edinin|alın|indirin)|용 outlook|outlook.{0,12} を入手",
)
_BEGINS = re.compile(rf"(?:{'|'.join(_SENT)})", re.IGNORECASE)
_ENDS = re.compile("|".join(_ENDS_SENT), re.IGNORECASE)
# How the lines above begin and end; looking here first costs a hundredth of the patterns.
_FIRST_LETTERS_TEXT = (
    "sen get via yah aol mai ple ges von die hol lad out mob ver env obt tél des bai inv ott sca tri elk wys "
    "pob ode odo "
    "pos zís ski hen ska häm få las läh han saa отп пос нап ска пол заг від над отр зав изп мин iph i-p ipa "
    "ута أرس أُر "
    "تم مرس الح נשל 发自 發自 寄自 来自 來自 從我 从我 获取 取得 下載 下载 通过 나의 đã στά"
)
_FIRST_LETTERS = frozenset(_FIRST_LETTERS_TEXT.split())
_LAST_STEMS = ("送信", "보냄", "보냈", "전송", "발송", "gönderildi", "edinin", "alın", "indirin", "용 outlook", "入手")
_DECORATION = " \t*_>[("
_WITH_LINK = re.compile(  # a link behind it makes any name of one or two words a program's
    r"^(?:sent (?:from|using|with)|gesendet (?:von|mit)|envoyé (?:depuis|avec)|enviado (?:desde|con|com)|"
    r"inviato (?:da|con)|verzonden (?:met|vanaf)|отправлено (?:с|из)|надіслано (?:з|із)) "
    r"(?!dhl|ups|gls|dpd|fedex|usps|hermes)\S{1,30}(?: \S{1,30})?$",
    re.IGNORECASE,
)
_EXCUSE = re.compile(
    r"(?:please )?(?:excuse|pardon|forgive) (?:the |my |any )?(?:brevity|typos|errors)\b", re.IGNORECASE
)
_LINK = re.compile(  # a link behind it makes any name a program's
    r"^(?:sent (?:from|via|by|using|with)|gesendet (?:von|mit)|envoyé (?:de|depuis|avec)|"
    r"enviado (?:desde|de|do|con|com)|"
    r"inviato (?:da|con)|verzonden (?:met|via|vanaf)|отправлено (?:с|из|через)|надіслано (?:з|із|"
    r"через)|get|download)\b",
    re.IGNORECASE,
)
_LINK = re.compile(r"[<(\[]\s{0,3}(?:https?|itms)[^<>\s]{0,500}[>)\]]|https?://\S{1,500}$", re.IGNORECASE)
_MOST_WORDS = 12


def is_sent_from(line: str) -> bool:
    """Whether the line is a phone's or program's own, not a sentence about one."""
    line = line.lstrip(_DECORATION)
    head = line[:3].lower()
    begins = head in _FIRST_LETTERS or head[:2] in _FIRST_LETTERS
    if len(line) > 700 or not (begins or _may_end(line)):
        return False
    bare = _LINK.sub("", line).rstrip() if "http" in line else line
    if len(bare) > 120 or "?" in bare or "," in bare.rstrip(".") or len(bare.split()) > _MOST_WORDS:
        return False
    if bare != line and _WITH_LINK.match(bare):
        return True
    return bool((begins and _BEGINS.match(bare)) or _ENDS.search(bare))


def is_excuse(line: str) -> bool:
    """Whether the line begs pardon for what a phone writes; a program's only below its "Sent from"."""
    return len(line) <= 120 and bool(_EXCUSE.match(line.lstrip(_DECORATION)))


def _may_end(line: str) -> bool:
    if line.isascii():  # as none of those ends is
        return False
    lower = line.lower()
    return any(stem in lower for stem in _LAST_STEMS)


def phone_line(text: str) -> tuple[int, int] | None:
    """(start, end) of a "Sent from my phone" that stands alone between paragraphs; None when there is none."""
    start = 0
    for paragraph in text.split("\n\n"):
        end = start + len(paragraph)
        if (
            start > 0
            and end < len(text)
            and len(paragraph) <= 120
            and "\n" not in paragraph
            and is_sent_from(paragraph)
        ):
            return start, end
        start = end + 2
    return None
