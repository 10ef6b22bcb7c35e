"""What mail programs write above a text that they quote or forward, by language.

Sources: the localised strings of Gmail, Outlook (desktop, web, mobile), Apple Mail, Thunderbird and Yahoo. A row is a
language, so that a missing form is seen; the forms of all rows are searched together, for people write in one language
with a program in another.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

SENDER, DATE, RECIPIENT, TOPIC = "sender", "date", "recipient", "topic"

# "wrote": what ends `On Monday, Jane <jane@x.example> wrote:`, or stands between date and name.
_WROTE: Mapping[str, str] = {
    "en": r"wrote|writes|has written|said|sent",
    "de": r"schrieb|schrieben|schreibt|geschrieben",
    "nl": r"schreef|geschreven",
    "fr": r"a [ée]crit|écrit",
    "es": r"escribi[óo]|ha escrito",
    "ca": r"va escriure|ha escrit",
    "pt": r"escreveu|escreveram",
    "it": r"ha scritto|scrive",
    "ro": r"a scris",
    "pl": r"napisał\(a\)|napisała?|pisze|napisana przez",
    "cs, sk": r"napsal\(a\)|napsala?|píše|napísal\(a\)|napísala?",
    "hu": r"ezt írta|írta",
    "sr, hr, Latin": r"je napisao/la|je napisala?o?|napisala? je|napisao(?:/la)? je|napisao(?:/la)?|napisala|piše",
    "sr, Cyrillic": r"је написао/ла|је написала?о?|написала? је|написао(?:/ла)? је|написао(?:/ла)?|написала|пише",
    "ru": r"написала?|написал\(а\)|пишет|писала?",
    "uk": r"написав|написала|написав\(ла\)|написав\(-ла\)|написав/-ла|пише|писав|писала",
    "bg": r"написа",
    "mn": r"бичсэн(?: нь| байна)?|бичжээ|бичив|бичлээ",
    "sv, no, da": r"skrev|skriver|skreiv",
    "is, fi, et": r"skrifaði|kirjoitti|kirjutas",
    "lt, lv": r"rašė|rakstīja",
    "tr": r"yazdı|yazmış",
    "el": r"έγραψε",
    "vi": r"đã viết|viết",
    "id": r"menulis",
    "ar": r"كتبت|كتب|تمت كتابة ما يلي بواسطة|كتب/كتبت",
    "he, fa": r"כתבה?|מאת|نوشت",
}
# Written without a space before them.
_WROTE_JOINED: Mapping[str, str] = {
    "zh": r"写道|寫道|写到|来信",
    "ja": r"のメッセージ|のメール|書きました|が書いたメール",
    "ko": r"님이 작성(?:했습니다|하였습니다)?|작성",
}
# A person who speaks of what was written: no attribution unless a quote follows.
_SPEAKERS = (
    r"i|you|we|they|he|she|it|who|which|that|someone|nobody|agent|я|ти|ви|ми|ты|вы|мы|он|она|вони|"
    r"они|він|вона|хто|кто"
)

_SEPARATORS: Mapping[str, str] = {
    "en": (
        r"original message|original appointment|original email|reply message|forwarded message|forwarded mail"
        r"|forwarded by\b.{0,200}|forwarded letter|end of forwarded message"
    ),
    "de": (
        r"urspr(?:ü|ue)ngliche (?:nachricht|e-?mail|mail)|original-?nachricht|original-?mail"
        r"|weitergeleitete (?:nachricht|e-?mail)|antwort nachricht"
    ),
    "nl": r"oorspronkelijk bericht|oorspronkelijke bericht|doorgestuurd bericht",
    "fr": (
        r"message d.origine|message original|message initial|message transf[ée]r[ée]|message transmis"
        r"|courriel original|e-mail d.origine|message réexpédié"
    ),
    "es, ca": r"mensaje original|mensaje reenviado|missatge original|missatge reenviat",
    "pt": r"mensagem original|mensagem encaminhada|mensagem reencaminhada",
    "it": r"messaggio originale|messaggio inoltrato",
    "ro": r"mesaj original|mesajul original|mesaj redirec[țt]ionat|mesaj redirec[ţt]ionat",
    "pl": (
        r"wiadomość oryginalna|oryginalna wiadomość|wiadomość przekazana|przekazana wiadomość"
        r"|treść przekazanej wiadomości|przekazywana wiadomość"
    ),
    "cs, sk": (
        r"původní zpráva|původní e-mail|přeposlaná zpráva|přeposlaný e-mail|pôvodná správa"
        r"|preposlaná správa(?: --- forwarded message)?"
    ),
    "hu": r"eredeti üzenet|továbbított üzenet",
    "sr, hr, Latin": (
        r"originalna poruka|izvorna poruka|prvobitna poruka|prosleđena poruka|prosledjena poruka"
        r"|proslijeđena poruka"
    ),
    "sr, Cyrillic": r"оригинална порука|изворна порука|првобитна порука|прослеђена порука",
    "ru": (
        r"исходное сообщение|оригинальное сообщение|пересылаемое сообщение|пересланное сообщение|исходное письмо"
        r"|пересланное письмо|пересылаемое письмо|перенаправленное сообщение"
    ),
    "uk": (
        r"вихідне повідомлення|оригінальне повідомлення|початкове повідомлення|переслане повідомлення"
        r"|оригінал повідомлення|перенаправлене повідомлення|оригінальний лист|пересланий лист|пересилається лист"
    ),
    "bg": r"оригинално писмо|препратено писмо|препратено съобщение|оригинално съобщение",
    "mn": (
        r"эх захидал|эх зурвас|эх мессеж|анхны захидал|анхны зурвас|дамжуулсан (?:захидал|зурвас|мессеж)"
        r"|дамжуулсан имэйл|эх имэйл"
    ),
    "sv": r"ursprungligt meddelande|originalmeddelande|vidarebefordrat meddelande|vidarebefordrat mejl",
    "no": r"opprinnelig melding|original melding|videresendt melding|vidaresend melding",
    "da": r"oprindelig meddelelse|original meddelelse|videresendt meddelelse|oprindelig besked|videresendt besked",
    "fi, et": (
        r"alkuperäinen viesti|välitetty viesti|edelleenlähetetty viesti|edastatud kiri|algne kiri|algne sõnum"
        r"|edastatud sõnum"
    ),
    "tr": r"orijinal (?:mesaj|ileti)|özgün (?:ileti|mesaj)|iletilen (?:mesaj|ileti)|yönlendirilen (?:mesaj|ileti)"
    r"|yönlendirilmiş (?:mesaj|ileti)|i̇letilen (?:mesaj|ileti)",
    "ar, he": r"الرسالة الأصلية|رسالة أصلية|رسالة معاد توجيهها|رسالة مُعاد توجيهها|رسالة محولة|הודעה מקורית|"
    r"הודעה שהועברה",
    "zh": r"原始邮件|原始郵件|原始訊息|原邮件|转发邮件|轉寄郵件|轉寄的郵件|转发的邮件|转发邮件信息|已转发邮件|轉寄訊息",
    "ja": r"元のメッセージ|転送メッセージ|転送されたメッセージ|forwarded message|オリジナルメッセージ",
    "ko": r"원본 메시지|전달된 메시지|원본 메일|전달된 메일|원본메시지",
    "vi, el": r"thư gốc|tin nhắn gốc|thư đã chuyển tiếp|αρχικό μήνυμα|προωθημένο μήνυμα|διαβιβασμένο μήνυμα",
}
# Apple Mail's line, and others that end with a colon.
_FORWARDED: Mapping[str, str] = {
    "en": r"begin forwarded message|forwarded message|forwarded mail",
    "de": r"anfang der weitergeleiteten (?:nachricht|e-?mail)|weitergeleitete nachricht",
    "nl": r"begin doorgestuurd bericht",
    "fr": r"début du message (?:transféré|réexpédié)",
    "es": r"inicio del mensaje reenviado",
    "pt": r"in[ií]cio da mensagem (?:encaminhada|reencaminhada)",
    "it": r"inizio messaggio inoltrato",
    "ro": r"începe mesajul redirecționat|începutul mesajului redirecționat|început mesaj redirecționat",
    "pl": r"początek przekazywanej wiadomości",
    "cs, sk": r"začátek přeposílané zprávy|začiatok preposlanej správy",
    "hu": r"továbbított levél kezdete",
    "sr, hr": (
        r"početak prosleđene poruke|почетак прослеђене поруке|započni proslijeđenu poruku"
        r"|početak proslijeđene poruke"
    ),
    "ru": r"начало переадресованного сообщения|начало пересылаемого сообщения|начало пересланного сообщения",
    "uk": r"початок листа,? що пересилається|початок пересланого (?:листа|повідомлення)",
    "mn": r"дамжуулсан (?:захидлын|зурвасын) эхлэл",
    "sv": r"vidarebefordrat brev|vidarebefordrat meddelande börjar här|början på vidarebefordrat brev",
    "no": r"videresendt melding|begynnelse på videresendt melding",
    "da": r"start på videresendt besked|begynd videresendt besked|start på videresendt meddelelse",
    "fi": r"välitetty viesti alkaa|välitetyn viestin alku",
    "tr": r"ileti başlangıcı|iletilmiş mesajın başlangıcı|iletilen mesajın başlangıcı|"
    r"yönlendirilmiş iletinin başlangıcı",
    "ar, he": r"بداية الرسالة المحولة|بداية الرسالة المُعاد توجيهها|بدء الرسالة المحولة|תחילת ההודעה שהועברה",
    "zh": r"开始转发的邮件|下面是被转发的邮件|開始轉寄郵件|以下是轉寄的郵件|转发的邮件",
    "ja": r"転送されたメッセージ|転送メール|転送されたメール",
    "ko": r"전달된 메시지|전달된 메일",
    "vi": r"bắt đầu thư được chuyển tiếp",
}

# Header names that are written above what is quoted: (sender, date, recipient, topic).
_FIELDS: Mapping[str, tuple[str, str, str, str]] = {
    "en": ("from|reply-to|sender", "sent|date|sent at|sent on", "to|cc|bcc", "subject"),
    "de": ("von|absender|antwort an", "gesendet|datum|gesendet am", "an|cc|kopie|bcc|kopie (cc)", "betreff|thema"),
    "nl": ("van", "verzonden|datum|verzonden op", "aan|cc|kopie", "onderwerp"),
    "fr": (
        "de|expéditeur|répondre à",
        "envoyé|envoyé le|date|date d'envoi|date d’envoi|message du|envoyé à",
        "à|a|pour|cc|copie|copie à|destinataire|cci",
        "objet|sujet",
    ),
    "es": ("de|remitente", "enviado|enviado el|fecha|fecha de envío", "para|a|cc|cco", "asunto"),
    "ca": ("de", "enviat|data|enviat el", "per a|a|cc", "assumpte|tema"),
    "pt": ("de|remetente", "enviado|enviada|enviado em|enviada em|data|enviado a", "para|cc|cco", "assunto"),
    "it": ("da|mittente", "inviato|data|inviato il", "a|per|cc|ccn", "oggetto"),
    "ro": (
        "de la|expeditor|expeditorul",
        "trimis|data|dată|data trimiterii",
        "către|catre|la|cc|pentru|destinatar|destinatarul",
        "subiect|subiectul",
    ),
    "pl": ("od|nadawca", "wysłano|wysłane|data|data wysłania", "do|dw|udw|adresat|odbiorca|kopia", "temat"),
    "cs": ("od|odesílatel", "odesláno|datum|posláno", "komu|kopie|příjemce|pro", "předmět|věc"),
    "sk": ("od|odosielateľ", "odoslané|dátum", "komu|pre|kópia|kopie", "predmet|vec"),
    "hu": ("feladó|küldő", "dátum|elküldve|küldve|küldés dátuma", "címzett|másolat|másolatot kap", "tárgy"),
    "sr, hr, Latin": (
        "od|pošiljalac|šalje|pošiljatelj|posiljalac",
        "poslato|poslano|datum|poslato dana",
        "za|prima|kome|kopija|primalac|primatelj|cc|kopija za",
        "predmet|naslov|tema",
    ),
    "sr, Cyrillic": ("од|пошиљалац", "послато|датум", "за|прима|коме|копија|прималац|кк", "предмет|наслов|тема"),
    "ru": ("от|отправитель|от кого", "отправлено|дата|дата отправки", "кому|копия|получатель|скрытая копия", "тема"),
    "uk": (
        "від|відправник|від кого",
        "надіслано|відправлено|дата|дата надсилання",
        "кому|копія|отримувач|одержувач|кому:",
        "тема",
    ),
    "bg": ("от|подател", "изпратено|дата", "до|копие|получател", "относно|тема"),
    "mn": (
        "хэнээс|илгээгч|илгээсэн хүн|-аас",
        "илгээсэн|огноо|илгээсэн огноо",
        "хэнд|хуулбар|хүлээн авагч",
        "гарчиг|сэдэв",
    ),
    "sv": ("från", "skickat|datum|skickat den", "till|kopia|cc", "ämne"),
    "no": ("fra", "sendt|dato", "til|kopi|cc", "emne"),
    "da": ("fra", "sendt|dato", "til|kopi|cc", "emne"),
    "fi": (
        "lähettäjä",
        "lähetetty|päivämäärä|lähetysaika|päiväys",
        "vastaanottaja|kopio|kopio:|vast.ott|saaja",
        "aihe",
    ),
    "et": ("saatja|kellelt", "saadetud|kuupäev", "saaja|adressaat|kellele|koopia", "teema"),
    "tr": ("kimden|gönderen", "gönderildi|tarih|gönderme tarihi|gönderilme tarihi", "kime|bilgi|alıcı", "konu"),
    "el": ("από", "στάλθηκε|ημερομηνία", "προς|κοιν|κοιν.", "θέμα"),
    "vi": ("từ|người gửi", "ngày|đã gửi|vào", "đến|tới|đồng gửi", "chủ đề|tiêu đề"),
    "ar": (
        "من|المرسل",
        "تاريخ الإرسال|التاريخ|أرسلت|تم الإرسال|المرسلة|التاريخ والوقت",
        "إلى|نسخة|نسخة إلى",
        "الموضوع",
    ),
    "he": ("מאת", "נשלח|תאריך", "אל|עותק|העתק|לעותק", "נושא"),
    "zh": (
        "发件人|寄件者|寄件人|發件人|发送者",
        "发送时间|日期|寄件日期|傳送時間|发件时间|時間|时间|已发送|寄件時間|发送日期",
        "收件人|收件者|抄送|副本|抄送人",
        "主题|主旨|主題",
    ),
    "ja": ("差出人|送信者|from", "送信日時|日付|日時|送信日|送信済み", "宛先|cc", "件名"),
    "ko": (
        "보낸 사람|보낸사람|발신|발신인|발신자",
        "보낸 날짜|날짜|보낸날짜|전송 날짜|보냄|보낸 시간",
        "받는 사람|받는사람|참조|수신|수신인|수신자",
        "제목",
    ),
}


def _any(*tables: Mapping[str, str]) -> str:
    return "|".join(words for table in tables for words in table.values())


def _kinds() -> dict[str, str]:
    """Header name → what it tells. One name may be two things in two languages; the earlier one of SENDER … wins."""
    kinds: dict[str, str] = {}
    for place, kind in enumerate((SENDER, DATE, RECIPIENT, TOPIC)):
        for row in _FIELDS.values():
            for name in row[place].split("|"):
                kinds.setdefault(name, kind)
    return kinds


_KINDS = _kinds()
_LONGEST_NAME = max(map(len, _KINDS)) + 12
_AROUND_NAME = " \t>*_"
_VERB = rf"(?:[\s>,)\"'”](?:{_any(_WROTE)})|{_any(_WROTE_JOINED)})"
_LONGEST_VERB = 80  # characters, with what decorates its end
_ENDS_WITH_VERB = re.compile(rf"{_VERB}\s*+[:：]?[\s*_-]*+$", re.IGNORECASE)
# "wrote" before the name, in the languages that put it there.
_HAS_VERB = re.compile(
    rf"[\s>,)\"'”](?:{'|'.join(words for language, words in _WROTE.items() if language != 'en')})[\s(]", re.IGNORECASE
)
_SPOKEN = re.compile(
    rf"\b(?:{_SPEAKERS})\s+(?:ha[sd] |have |уже |вже )?(?:{_any(_WROTE)})\s*+[:：]?\s*+$", re.IGNORECASE
)
ADDRESSED = re.compile(r"[^\s<>\"]@[^\s<>\"]|<(?!https?:)[^<>]*>")
# Words that attributions start with; used to find where a wrapped one begins.
_OPENINGS = (
    (
        r"on|at|am|den|le|el|em|no dia|en|il|in data|op|w dniu|dnia|dne|dňa|dana|дана|у|на|pe|pą|på|kl|"
        r"vào|a|în|în data|в|"
        r"în ziua|в дата|tarihinde|في|בתאריך|в"
    ),
    r"\d{1,4}[-./ ]",
    r"(?:mon|tue|wed|thu|fri|sat|sun|mo|di|mi|do|fr|sa|so)[a-z]*\.?,?",
    r"(?:пн|вт|ср|чт|пт|сб|вс|нд|понед|втор|сред|вівт|серед|четв|пят|п.ятн|суб|воск|неді)[а-яіїє]*\.?,?",
)
_OPENS = re.compile(rf"^[\s*_\-]*+(?:{'|'.join(_OPENINGS)})\s", re.IGNORECASE)
DATED = re.compile(
    r"(?<![\d.])\d{1,4}\s?[-./]\s?\d{1,2}\s?[-./]\s?\d{1,4}(?!\.?\d)|"
    r"(?<![\d.])\d{1,2}[:.]\d{2}(?!\.?\d)|\b(?:19|20)\d\d\b|\d{4}\s?[年년]|[٠-٩]{4}"
)
# No verb at all: a date, then `Name <address>:`.
_DATE_AND_ADDRESS = re.compile(r"^[\s*_]*+\w[^\n]*[<(][^<>()@]*+@[^<>()]*+[>)][^:：@<]{0,30}[:：]?\s*$")
_TIME = re.compile(r"\d{1,2}[:.]\d\d\b")
# `2026-03-03 10:00 GMT+01:00 Jane`: Gmail's older form, whose address a web page has taken away.
_STAMPED = re.compile(r"^\d{4}-\d\d-\d\d \d{1,2}:\d\d (?:GMT|UTC)(?:[+-]\d{1,2}(?::\d\d)?)?,? [^.?!:]{1,80}:?\s*$")
_CLOSES_ADDRESS = re.compile(rf"^[ \t]{{0,4}}>(?:{_VERB})?\s*[:：]\s*$", re.IGNORECASE)
_DASH = r"[-_=\u2010-\u2015\u2500\u2501]"
_DASHED = re.compile(rf"^\s*+-{{3,}}+.{{1,200}}{_VERB}\s*-{{3,}}\s*$", re.IGNORECASE)
_SEPARATOR = re.compile(
    rf"^[\s>*]*+{_DASH}{{2,}}+[\s*]*+(?:{_any(_SEPARATORS)})[\s*:]*+(?:{_DASH}[-\s*_=\u2010-\u2015\u2500\u2501]*+)?(?=$|(\S))",
    re.IGNORECASE,
)
_LONGEST_SEPARATOR = 400  # characters that are looked at; fields behind it may be longer
_BEGIN_FORWARDED = re.compile(rf"^[\s*>]*(?:{_any(_FORWARDED)})\s*[:：]\s*$", re.IGNORECASE)
_MAILTO = re.compile(r"[<\[(]?mailto:", re.IGNORECASE)
_INNER_FIELD = re.compile(r"[^\W\d_][^\W\d_ .’'-]{0,18}(?: [^\W\d_]{1,12}){0,2}\s?[:：]")


def field_of(line: str) -> str:
    """What kind of header field the line is: SENDER, DATE, RECIPIENT, TOPIC, or '' for any other line."""
    head = line[:_LONGEST_NAME]
    colon = head.find(":")
    if colon < 0:
        colon = head.find("：")
    return _KINDS.get(head[:colon].strip(_AROUND_NAME).lower(), "") if colon > 0 else ""


def is_separator(line: str) -> bool:
    """Whether the line is `-----Original Message-----` in some language; header fields may stand behind it (Yahoo)."""
    found = _SEPARATOR.match(line[:_LONGEST_SEPARATOR])
    return found is not None and (found[1] is None or bool(field_of(line[found.start(1) :])))


def begins_forwarded(line: str) -> bool:
    """Whether the line is `Begin forwarded message:` in some language."""
    return len(line) <= 120 and bool(_BEGIN_FORWARDED.match(line))


def is_dashed(line: str) -> bool:
    """Whether the line is `---- On Tue, 3 Mar 2026 Jane wrote ----`, as Zoho writes it."""
    return len(line) <= 300 and bool(_DASHED.match(line))


def is_block_on_one_line(line: str) -> bool:
    """Whether a sender's field is followed by two others on its line, or by a date: `From: … Sent: … To: …`."""
    if not 20 < len(line) <= 1500 or field_of(line) != SENDER:
        return False
    kinds = {kind for one in _INNER_FIELD.finditer(line) for kind in _endings_of(one[0])}
    return len(kinds - {SENDER}) >= 2 or (DATE in kinds and "@" in line and bool(DATED.search(line)))


def _endings_of(words: str) -> set[str]:
    """What the last one, two or three of the words are as a field's name; `GMT+1Subject:` has none before it."""
    parts = words.rstrip(" :：").lower().split(" ")
    found = {_KINDS.get(" ".join(parts[-count:]), "") for count in (1, 2, 3)}
    if not found - {""}:
        found = {kind for name, kind in _KINDS.items() if len(name) > 2 and parts[-1].endswith(name)}
    return found - {""}


# Whoever writes so tells or asks something: `your colleague wrote:`, `Please send it to …:`, `… wrote to me:`.
_TOLD = re.compile(
    r"^\s*(?:please|bitte|veuillez|por favor|пожалуйста|прошу|будь ласка|molim|молим)\b|"
    r"\b(?:your|our|my|ihre?|unsere?|votre|notre|vos|nos|vuestro|nuestro|ваш\w{0,3}|наш\w{0,3}|мой|моя|мій|"
    r"vaš\w{0,3}|naš\w{0,3}|танай|манай|миний)\s+(?!(?:request|mail|e-?mail|message)\b)[^\W\d_]+[^<>@]{0,80}$|"
    r"\b(?:wrote|said|replied|answered|schrieb|написал\w{0,2})\s+(?:to\s+)?(?:me|us|mir|uns|мне|нам|мені)\s*[:：]\s*$",
    re.IGNORECASE,
)


def is_attribution(window: str, *, quoted: bool) -> bool:
    """Whether a line (or some joined) says who wrote what follows: a verb with a date or an address, or both.

    `quoted`: a line that starts with `>` follows.
    """
    window = _MAILTO.sub("<", window)
    colon = window[-1] in ":："
    if not quoted and _TOLD.search(window):
        return False
    addressed, dated = ADDRESSED.search(window), any(map(str.isdigit, window))
    ends = _ends_with_verb(window)
    if not (dated or addressed):
        return quoted and ends and len(window) < 120
    if _STAMPED.match(window):
        return True
    if not (ends or colon or quoted):
        return False
    date = DATED.search(window)
    if ends:
        if quoted or (addressed and (colon or date)):
            return True
        spoken = _SPOKEN.search(window) and not _TIME.search(window)  # `3 March 2026, 10:00, you wrote:` is The Bat's
        return bool(colon and (date or _OPENS.match(window)) and not spoken)
    if not (date or quoted):
        return False
    if dated and colon and _HAS_VERB.search(window) and (quoted or addressed or _OPENS.match(window)):
        return True
    if not addressed or not _DATE_AND_ADDRESS.match(window):
        return False
    return quoted or bool(date and date.start() < window.rfind("@"))


def _ends_with_verb(window: str) -> bool:
    last = window.rstrip(" \t\u00a0\u3000*_-")[-1:]
    if not (last.isalpha() or last in ":：)"):  # as no verb ends; a sentence does
        return False
    return bool(_ENDS_WITH_VERB.search(window, max(0, len(window) - _LONGEST_VERB)))


def ends_like_one(line: str) -> bool:
    """Whether a line without a colon at its end may be an attribution still: it ends with the verb, or is stamped."""
    return bool(_ENDS_WITH_VERB.search(line[-40:]) or (line[0].isdigit() and _STAMPED.match(line)))


def is_complete(window: str) -> bool:
    """Whether an attribution begins here: with an address, or with a word or date that attributions start with."""
    return bool(ADDRESSED.search(window) or _OPENS.match(window))


def closes_address(line: str) -> bool:
    """Whether the line is `>:` or `> wrote:`: the end of an attribution whose address was broken, not a quote."""
    return len(line) <= 60 and bool(_CLOSES_ADDRESS.match(line))
