"""What the sender newly wrote: plain text without quoted replies, forwards and the lines that introduce them.

Three forms introduce a quote: an attribution (`On Monday Jane wrote:`), a separator (`-----Original Message-----`) and
a header block (`From: … Sent: … To: …`). Lines that start with `>` are quotes wherever they stand, so answers between
them stay. When nothing else is left, what is behind the introduction is the text: the sender forwarded it.
"""

from __future__ import annotations

import re

from .hypertext import QUOTE_MARK

_LONGEST = 600  # characters of an attribution, over at most four lines
_WINDOW = 4

# "wrote", by language; it ends the line, or the name and a colon follow (German, Nordic languages, Dutch).
_WROTE = (
    r"wrote|writes|has written|said|sent",  # English
    r"schrieb|schreibt|geschrieben|schreef|geschreven|heeft het volgende geschreven",  # German, Dutch
    r"a écrit|écrit|a ecrit",  # French
    r"escribió|escribio|ha escrito|ha escrit|escreveu|escreveram",  # Spanish, Portuguese
    r"ha scritto|scrive",  # Italian
    # Polish, Czech, Slovak
    r"napisał|napisała|napisał\(a\)|napisa[lł]\(?a?\)?|pisze|napsal|napsal\(a\)|napsala|napísal|napísala",
    # Serbian, Latin script
    r"je napisao|je napisala|je napisao/la|napisao je|napisala je|napisao|napisala|piše",
    r"је написао|је написала|је написао/ла|написао је|написала је|написао|написала|пише",  # Serbian, Cyrillic
    r"написал|написала|написал\(а\)|пишет|писал|писала",  # Russian
    r"написав|написала|написав\(ла\)|написав\(-ла\)|пише|писав|писала",  # Ukrainian
    r"бичсэн|бичсэн нь|бичжээ|бичив|бичлээ|бичсэн байна",  # Mongolian
    r"skrev|skriver|skrifaði|kirjoitti|kirjutas",  # Nordic
    r"yazdı|şunu yazdı|şunları yazdı|tarihinde yazdı",  # Turkish
    r"έγραψε|viết|đã viết|a scris|írta|ezt írta|rašė|rakstīja",
    r"写道|寫道|のメッセージ|書きました|님이 작성|작성",
    r"كتب|כתב|כתבה",
)
_VERB = rf"(?:{'|'.join(_WROTE)})"
_ENDS_WITH_VERB = re.compile(rf"(?:^|[\s>,)\"'”]){_VERB}\s*[:：]?[\s*_-]*$", re.IGNORECASE)
_DASHED = re.compile(rf"^\s*-{{3,}}.{{1,200}}{_VERB}\s*-{{3,}}\s*$", re.IGNORECASE)
# A quote that starts on the line where the text ends, as some programs for the web join them.
_SHARED_LINE = re.compile(r"^(.{1,400}?\S)(?:-{2,}|[ \t])[ \t]*(On \w{3}, [^\n]{6,200}? wrote:[ \t]*)$", re.MULTILINE)
_VERB_THEN_NAME = re.compile(rf"\s{_VERB}\s+[^:：]{{1,200}}[:：]\s*[*_]*\s*$", re.IGNORECASE)
_DATED = re.compile(r"\d")
_ADDRESS = re.compile(r"[^\s<>\"]@[^\s<>\"]|<[^<>]*>")
# Words that attributions start with; used to find where a wrapped one begins.
_OPENINGS = (
    r"on|at|am|den|le|el|em|en|il|in data|op|w dniu|dnia|dne|dňa|dana|дана|у|на|pe|pą|på|kl|vào|a",
    r"\d{1,4}[-./ ]",
    r"(?:mon|tue|wed|thu|fri|sat|sun|mo|di|mi|do|fr|sa|so)[a-z]*\.?,?",
    r"(?:пн|вт|ср|чт|пт|сб|вс|нд|понед|втор|сред|вівт|серед|четв|пят|п.ятн|суб|воск|неді)[а-яіїє]*\.?,?",
)
_OPENS = re.compile(rf"^[\s*_\-]*(?:{'|'.join(_OPENINGS)})\s", re.IGNORECASE)
# No verb at all: a date, then `Name <address>:`.
_DATE = re.compile(r"\d{1,4}[-./]\d{1,2}[-./]\d{1,4}|\d{1,2}[:.]\d{2}|\b(?:19|20)\d\d\b|\d{4}年", re.ASCII)
_DATE_AND_ADDRESS = re.compile(r"^[\s*_]*[\d\w].*<[^<>]*@[^<>]*>\s*[:：]?\s*$")

_SEPARATORS = (
    r"original message|original appointment|reply message|forwarded message|forwarded by\b.*|forwarded mail",
    r"ursprüngliche nachricht|urspruengliche nachricht|originalnachricht|weitergeleitete nachricht",
    r"message d.origine|message original|message initial|message transféré|message transmis",
    r"courriel original",
    r"mensaje original|mensaje reenviado|mensagem original|mensagem encaminhada|missatge original",
    r"messaggio originale|messaggio inoltrato|oorspronkelijk bericht|doorgestuurd bericht",
    r"oprindelig meddelelse|original meddelelse|opprinnelig melding|videresendt melding",
    r"ursprungligt meddelande",
    r"originalmeddelande|vidarebefordrat meddelande|alkuperäinen viesti|välitetty viesti",
    r"wiadomość oryginalna|oryginalna wiadomość|wiadomość przekazana|przekazana wiadomość",
    r"původní zpráva|přeposlaná zpráva|pôvodná správa|orijinal mesaj|özgün ileti|iletilen mesaj",
    r"исходное сообщение|оригинальное сообщение|пересылаемое сообщение|пересланное сообщение|исходное письмо",
    r"вихідне повідомлення|оригінальне повідомлення|початкове повідомлення|переслане повідомлення",
    r"оригінал повідомлення",
    r"оригинална порука|прослеђена порука|originalna poruka|prosleđena poruka|prosledjena poruka",
    r"izvorna poruka",
    r"эх захидал|эх зурвас|дамжуулсан захидал|дамжуулсан зурвас|анхны захидал",
    r"原始邮件|原始郵件|转发邮件|轉寄郵件|元のメッセージ|転送メッセージ|원본 메시지|전달된 메시지|الرسالة الأصلية",
)
_SEPARATOR = re.compile(rf"^[\s>*_]*[-_=]{{2,}}[\s*]*(?:{'|'.join(_SEPARATORS)})[\s*:]*[-_=]*[\s*]*$", re.IGNORECASE)
_FORWARDED = (
    r"begin forwarded message|begin doorgestuurd bericht|inizio messaggio inoltrato",
    r"anfang der weitergeleiteten nachricht|début du message transféré|début du message réexpédié",
    r"inicio del mensaje reenviado|início da mensagem encaminhada|початок листа,? що пересилається",
    r"начало переадресованного сообщения|początek przekazywanej wiadomości|početak prosleđene poruke",
)
_BEGIN_FORWARDED = re.compile(rf"^[\s*]*(?:{'|'.join(_FORWARDED)})\s*:\s*$", re.IGNORECASE)
_RULE = re.compile(r"^[\s>*]*[-_=*]{3,}\s*$")
_TITLED_RULE = re.compile(r"^\s*[-_=]{3,}\s?[^-_=]{3,60}[-_=]{3,}\s*$")  # in a language we do not know
_BLANKS = re.compile(r"\n\s*\n(?:\s*\n)+")

# Header names that mail programs write above what they quote, by what they mean.
_FROM = (
    r"from|von|de|da|van|od|fra|från|lähettäjä|kimden|gönderen|от|від|од|хэнээс|илгээгч|expéditeur",
    r"absender|remitente|mittente",
    r"nadawca|отправитель|відправник|пошиљалац|pošiljalac|发件人|寄件者|寄件人|差出人|送信元|보낸 사람|보낸사람|من",
)
_OTHER = (
    r"sent|date|to|cc|bcc|subject|reply-to|gesendet|datum|an|betreff|kopie|envoyé|envoyé le|date d.envoi|à",
    r"objet|copie|enviado|enviado el|fecha",
    r"para|asunto|assunto|enviada em|enviado em|data|inviato|a|oggetto|verzonden|aan|onderwerp|wysłano",
    r"wysłane|do|dw|temat",
    r"odesláno|komu|předmět|kopie|sendt|dato|til|emne|skickat|till|ämne|kopia|lähetetty|päivämäärä",
    r"vastaanottaja|aihe|gönderildi|kime|konu|tarih",
    r"отправлено|дата|кому|копия|тема|надіслано|відправлено|копія|послато|за|прима|предмет|наслов|датум",
    r"poslato|za|prima|predmet|naslov",
    r"илгээсэн|огноо|хэнд|хуулбар|гарчиг|сэдэв|发送时间|日期|收件人|抄送|主题|寄件日期|收件者|主旨|送信日時|日付",
    r"宛先|件名|보낸 날짜|날짜|받는 사람|받는사람|제목|참조",
)
_FIELD = re.compile(
    rf"^[\s>*_]{{0,8}}(?:({'|'.join(_FROM)})|({'|'.join(_OTHER)}))\s{{0,2}}[*_]{{0,2}}\s?[:：]", re.IGNORECASE
)
_ENDS = "-_=*：\x02 "  # last characters of lines that may introduce a quote, beside those with a colon in them
_QUOTED = re.compile(r"^[ \t]{0,4}>(?!From )")


def remove_quotes(text: str) -> str:
    """`text` without what was quoted or forwarded; '' only when every line is a quote."""
    if " wrote:" in text:
        text = _SHARED_LINE.sub(r"\1\n\2", text)
    new, introduced = _unquoted(text.split("\n"))
    written = _BLANKS.sub("\n\n", "\n".join(new)).strip()
    if written or not introduced:
        return written
    return "\n".join(line for line in text.split("\n") if not _QUOTED.match(line) and line != QUOTE_MARK).strip()


def _unquoted(lines: list[str]) -> tuple[list[str], bool]:
    """(kept lines, whether a quote was introduced). Introductions at the very top are dropped, not cut at."""
    kept: list[str] = []
    written = introduced = False  # written: something else than white space was kept
    at = 0
    while at < len(lines):
        line = lines[at]
        if _QUOTED.match(line):
            at += 1
            continue
        if not line or (line[-1] not in _ENDS and ":" not in line and not _quote_follows(lines, at + 1)):
            written = written or bool(line)
            kept.append(line)
            at += 1
            continue
        start, behind = _introduction(lines, at, kept)
        if behind:
            introduced = True
            del kept[start:]
            while kept and (not kept[-1].strip() or _RULE.match(kept[-1]) or _TITLED_RULE.match(kept[-1])):
                kept.pop()
            written = any(one.strip() for one in kept)
            if written and not _quote_follows(lines, behind):
                break
            at = behind
            continue
        if line.strip():
            written = True
        kept.append(line)
        at += 1
    return kept, introduced


def _introduction(lines: list[str], at: int, kept: list[str]) -> tuple[int, int]:
    """(how many kept lines stay, where the quote begins); the second is 0 when this line introduces nothing."""
    line = lines[at]
    end = line.rstrip(" *_\t")
    if line == QUOTE_MARK:
        return len(kept), _behind_mark(lines, at)
    if not end or len(line) > _LONGEST:
        return 0, 0
    if end[-1] in "-_=:：" and (_SEPARATOR.match(line) or _BEGIN_FORWARDED.match(line)):
        return len(kept), _behind_fields(lines, at + 1)
    if _FIELD.match(line):
        behind = _header_block(lines, at, after_rule=_last_is_rule(kept))
        if behind:
            return len(kept), behind
    return _attribution(lines, at, kept, end)


def _behind_mark(lines: list[str], at: int) -> int:
    """Where the quote of a marked place begins: at the next `>` line if one is near (an attribution in any language
    stands between), else right behind the mark's header block."""
    for near in range(at + 1, min(at + 2 + _WINDOW, len(lines))):
        if _QUOTED.match(lines[near]):
            return near
    return _behind_fields(lines, at + 1)


def _behind_fields(lines: list[str], at: int) -> int:
    """The first line at or behind `at` that is neither blank, a rule nor a header field."""
    while at < len(lines) and (not lines[at].strip() or _RULE.match(lines[at]) or _FIELD.match(lines[at])):
        at += 1
    return at


def _last_is_rule(kept: list[str]) -> bool:
    last = next((line for line in reversed(kept[-3:]) if line.strip()), "")
    return bool(_RULE.match(last))


def _header_block(lines: list[str], at: int, *, after_rule: bool) -> int:
    """Where a block of From, Sent, To, Subject ends; 0 when there are too few of them to be one."""
    senders = others = 0
    end = behind = at
    blanks = 0
    while end < len(lines) and end - at < 14 and blanks < 2:
        line = lines[end]
        found = _FIELD.match(line)
        if found:
            senders += bool(found[1])
            others += bool(found[2])
            behind = end + 1
            blanks = 0
        elif not line.strip():
            blanks += 1
        elif end - behind >= 2:  # a field may be wrapped over three lines, no more
            break
        end += 1
    enough = senders and others >= (1 if after_rule else 2)
    return behind if enough else 0


def _attribution(lines: list[str], at: int, kept: list[str], end: str) -> tuple[int, int]:
    """An attribution that ends on this line, wrapped over at most four."""
    if _DASHED.match(lines[at]):
        return len(kept), at + 1
    colon = end[-1] in ":：-"
    if not colon and not _quote_follows(lines, at + 1):
        return 0, 0
    if not colon and end[-1] not in ">)\"'”" and not _ENDS_WITH_VERB.search(end):
        return 0, 0
    window = ""
    for back in range(_WINDOW):
        if back > len(kept):
            break
        piece = lines[at] if back == 0 else kept[-back]
        if back and not piece.strip():
            break
        window = f"{piece.strip()} {window}".strip()
        if len(window) > _LONGEST:
            break
        if _is_attribution(window, quoted=_quote_follows(lines, at + 1)):
            return len(kept) - _wrapped_back(kept, back, window), at + 1
    return 0, 0


def _wrapped_back(kept: list[str], back: int, window: str) -> int:
    """How many kept lines belong to the attribution: where it has no date, the dated line above it too."""
    if _DATE.search(window):
        return back
    for further in range(back + 1, min(_WINDOW, len(kept)) + 1):
        piece = kept[-further].strip()
        if not piece or len(piece) > 200 or piece[-1] in ".!?:":
            return back
        if _DATE.search(piece):
            return further
    return back


def _is_attribution(window: str, *, quoted: bool) -> bool:
    """Whether a line (or some joined) says who wrote what follows: a verb with a date or an address, or both."""
    dated, addressed = _DATED.search(window), _ADDRESS.search(window)
    if not (dated or addressed):
        return quoted and bool(_ENDS_WITH_VERB.search(window)) and len(window) < 120
    if _ENDS_WITH_VERB.search(window) or (dated and _VERB_THEN_NAME.search(window)):
        return quoted or bool(addressed) or bool(_OPENS.match(window)) or bool(_DATE.search(window))
    if not (quoted or window[-1] in ":："):
        return False
    return bool(addressed and _DATE.search(window) and _DATE_AND_ADDRESS.match(window))


def _quote_follows(lines: list[str], at: int) -> bool:
    """Whether the next line that is not blank is a quote."""
    for line in lines[at : at + 4]:
        if line and not line.isspace():
            return ">" in line[:5] and bool(_QUOTED.match(line))
    return False
