"""Lines that a phone or a mail program puts below what is written: "Sent from my iPhone", "Get Outlook for Android"."""

from __future__ import annotations

import re

_DEVICES = (
    r"(?:i-?phon\w*|i-?pad\w*|i-?pod|i-?os|android|blackberry|black berry|windows|outlook|samsung|galaxy|"
    r"huawei|honor|xiaomi|"
    r"redmi|oneplus|pixel|nokia|sony|xperia|htc|lg|motorola|wiko|mail|mailbird|yahoo|gmail|proton|spark|gmx|web\.de|"
    r"thunderbird|fairemail|nine|edison|airmail|newton|boxer|hey|zoho|tutanota|aol|"
    r"phone|smartphone|mobile|cell|handheld|tablet|device|app|wireless|handy|mobil|telefon|gerät|téléphone|portable|"
    r"móvil|celular|teléfono|telemóvel|cellulare|telefono|dispositivo|appareil|toestel|telefoon|mobiel|telefonu?|"
    r"komórk|puhelime|matkapuhelime|телефон|смартфон|мобильн|мобільн|почт|пошт|пристро|устройств|"
    r"мобилн|утас|гар утас|"
    r"手机|手機|電話|携帯|휴대|هاتف|جوال|הסלולרי|טלפון)"
)
# "Sent from my iPhone", by language: what starts the line; the second table ends it.
_SENT = (
    (
        r"sent (?:from|via|by|using|with|on) (?:(?!.{0,3}(?:office|address|account|home|house|company|"
        r"country|bank|work)\b)"
        rf"my (?!old|new)|.{{0,40}}?\b{_DEVICES})|get (?:outlook|yahoo mail|bluemail|typeapp|"
        rf"the) .{{0,20}}?(?:for|on) |"
        r"via (?:mobile|phone|i-?phone|i-?pad|android)$|(?:yahoo mail|aol mail|mail\.ru).{0,4}(?:: search|on |for )|"
        r"please excuse (?:brevity|(?:the|my|any) (?:brevity|typos))"
    ),
    (
        rf"gesendet (?:von|mit|aus|über) .{{0,40}}?{_DEVICES}|von mein.{{1,50}} gesendet|von .{{1,20}} gesendet$|"
        r"diese nachricht wurde (?:von|mit) .{1,60} (?:gesendet|verschickt)|diese nachricht wurde von mein|"
        r"(?:holen sie sich|laden sie) outlook|outlook für .{1,12} (?:beziehen|herunterladen)|mobil gesendet"
    ),
    (
        r"verzonden (?:vanaf|met|via|vanuit)|verstuurd (?:vanaf|met|via|vanuit)|"
        r"outlook voor .{1,12} (?:ophalen|downloaden)"
    ),
    (
        rf"envoyé (?:de|depuis|à partir|avec|via) (?:mon|ma|l|.{{0,30}}?{_DEVICES})|"
        r"(?:obtenir|obtenez|télécharger|téléchargez) outlook"
    ),
    (
        rf"enviad[oa] (?:desde|de|do|da|via|a través|a partir|con|com) (?:mi|meu|.{{0,30}}?{_DEVICES})|"
        r"(?:obtener|obtenga|descargar|obter|obtenha|baixar) (?:o )?outlook|enviat des"
    ),
    rf"inviato (?:da|dal|dall|con|tramite) ?.?(?:mio|.{{0,30}}?{_DEVICES})|(?:ottieni|scarica) outlook",
    rf"trimis (?:de pe|din|cu|de la) .{{0,20}}?{_DEVICES}|elküldve .{{0,20}}?(?:készülék|i-?phon|i-?pad|telefon)",
    rf"wysłan[eoy]? (?:z|ze|za pomocą|przy użyciu) ?.{{0,30}}?{_DEVICES}|pobierz (?:aplikację )?outlook",
    rf"(?:odesláno|odoslané|posláno|poslané) (?:z|ze|zo|pomocí) .{{0,30}}?{_DEVICES}|získa[tť] (?:aplikaci )?outlook",
    (
        rf"(?:sendt?|skickat) (?:fra|från|med|via) .{{0,30}}?{_DEVICES}|"
        r"(?:hent|skaffa|hämta|få|skaff deg|skaff|last ned) outlook"
    ),
    rf"lähetetty .{{0,30}}?{_DEVICES}|hanki outlook|saadetud minu",
    (
        rf"(?:отправлено|послано|написано) (?:с|из|через|при помощи|мобильн).{{0,30}}?{_DEVICES}|"
        r"отправлено (?:с|из) (?:моего )?(?:i-?phon|айфона|mail\.ru)|(?:скачать|получить|загрузить) outlook"
    ),
    (
        rf"(?:відправлено|надіслано|написано) (?:з|із|зі|через|за допомогою).{{0,30}}?{_DEVICES}|"
        r"(?:отримати|завантажити|отримайте) outlook"
    ),
    rf"(?:послато|послано|poslato|poslano) (?:са|с|из|преко|sa|s|iz|preko) .{{0,30}}?{_DEVICES}",
    r"изпратено от",
    (
        r"миний .{1,30} илгээ(?:в|сэн)|(?:i-?phon|i-?pad|утас|outlook).{0,10}(?:оос|аас|наас|"
        r"ээс) илгээ(?:в|сэн|лээ)"
    ),
    rf"(?:أُ?رسلت?|تم الإرسال|مرسل[ةه]?) (?:من|بواسطة|عبر) .{{0,20}}?{_DEVICES}|الحصول على outlook|נשלח מ",
    (
        r"(?:发|發|寄|来|來)自(?:我的|.{0,12}(?:手机|手機|i-?phon|i-?pad|邮箱|outlook|mail))|[從从]我的 ?.{1,20}傳送|"
        r"(?:获取|取得|下載|下载).{0,8}outlook|通过.{1,12}(?:发送|客户端)"
    ),
    r"나의 .{1,20}에서 보냄|đã gửi từ|στάλθηκε από",
)
_ENDS_SENT = (
    r"(?:i-?phon|i-?pad|android|outlook|galaxy|tablet|mail|アプリ|スマートフォン|携帯)[^.!?]{0,10}(?:から送信|より送信)",
    r"(?:에서|으로) ?(?:보냄|보냈습니다|전송|발송)(?:됨)?\.?$",
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
_WITH_LINK = re.compile(  # a link behind it makes any name a program's
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
