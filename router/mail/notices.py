"""Notices that companies and programs put below a mail: confidentiality, viruses, printing, unsubscribing.

Each test is of one paragraph or line, and asks for the wording of a notice, not for its topic: a person who writes
"please unsubscribe me" or "is this confidential?" is not one.
"""

from __future__ import annotations

import re
from functools import cache

# A confidentiality notice names what is confidential (the message) and at least two of these, which lawyers add.
_LEGAL = (
    (
        r"confidential\w*|privileged|intended (?:only |solely |exclusively )?(?:for|recipient)|"
        r"disclos\w+|unauthori[sz]ed|"
        r"in error|disseminat\w+|addressee|strictly prohibited|sole use|copying|liab\w+|delete (?:it|this|the)"
    ),  # en
    r"vertraulich\w*|rechtlich geschützt\w*|empfänger|adressat\w*|irrtümlich|unbefugt\w*|weitergabe|gestattet",  # de
    r"vertrouwelijk\w*|geadresseerde|uitsluitend bestemd|abusievelijk|ten onrechte|onbevoegd\w*",  # nl
    r"confidentiel\w*|destinataires?|par erreur|diffusion|usage exclusif|strictement",  # fr
    r"confidencial\w*|destinatari[oa]s?|destinatário|por error|por engano|por erro|divulga\w+|prohibid\w+|proibid\w+",
    r"riservat\w*|confidenzial\w*|destinatar\w+|per errore|diffusione|vietat\w+|uso esclusivo",  # it
    r"confidențial\w*|destinatar\w*|din greșeală",  # ro
    r"poufn\w+|adresat\w*|omyłk\w+|przeznaczon\w+|zabronion\w+|odbiorc\w+",  # pl
    r"důvěrn\w+|dôvern\w+|adresát\w*|příjemc\w+|omylem|určen\w+",  # cs, sk
    r"bizalmas\w*|címzett\w*|tévedés\w*|jogosulatlan",  # hu
    r"konfidentiell\w*|avsedd?\w*|mottagare\w*|misstag",  # sv
    r"fortrolig\w*|konfidensiel\w*|mottaker\w*|modtager\w*|ved en feil|ved en fejl|beregnet|bestemt",  # no, da
    r"luottamuksel\w+|vastaanottaj\w+|tarkoitettu|erehdyks\w+",  # fi
    r"gizli\w*|alıcı\w*|yanlışlıkla|yetkisiz\w*|kişiye özel|muhatab\w*",  # tr
    r"конфиденциальн\w+|адресат\w*|получател\w+|по ошибке|ошибочно|предназначен\w*|разглаш\w+|запрещ\w+",  # ru
    r"конфіденційн\w+|адресат\w*|одержувач\w*|отримувач\w*|помилков\w+|призначен\w*|розголош\w+|заборонен\w*",  # uk
    (
        r"повер[љ]ив\w+|poverljiv\w+|povjerljiv\w+|примал\w+|primal\w+|primatelj\w*|грешком|greškom|"
        r"намењен\w*|namenjen\w*"
    ),
    r"нууц\w*|хүлээн авагч\w*|зориулагд\w+|андуур\w+|хориглоно",  # mn
    r"سري\w*|سرية|المرسل إليه|المستلم|عن طريق الخطأ|المقصود",  # ar
    r"保密|机密|機密|收件人|收件者|误收|誤收|未经授权|未經授權",  # zh
    r"機密|秘密|宛先|誤って|受信者|誤送信|開示",  # ja
    r"기밀|비밀|수신인|수신자|잘못",  # ko
)
_SUBJECT = (
    r"e-?mails?|messages?|communication|transmission|nachricht|mail|bericht|courriel|mensaje|correo|mensagem|"
    r"messaggio|comunicazione|mesaj\w*|wiadomoś\w+|zpráv\w+|správ\w+|üzenet\w*|meddelande\w*|"
    r"meddelelse\w*|melding\w*|"
    r"viesti\w*|ileti\w*|e-?posta\w*|сообщени\w+|письм\w+|повідомлен\w+|лист\w*|порук\w+|poruk\w+|"
    r"захидал\w*|и-?мэйл\w*|"
    r"имэйл\w*|зурвас\w*"
)
_SHORTEST_LEGAL = 60  # characters; a third of that in scripts that need fewer
_MOST = 4000  # characters of a paragraph that are looked at
# A person speaking: no notice says "I".
_FIRST_PERSON = re.compile(
    r"\b(?:(?-i:I|I'm|I've)|me|my|ich|mein|mir|mich|я|мне|меня|мой|мені|мене|мій|моє|jag|jeg|yo|eu|би|надад|миний)\b",
    re.IGNORECASE,
)
# Something that does not work: only a customer says so.
_COMPLAINS = re.compile(
    r"\b(?:does(?:n.t| not)|did(?:n.t| not)|do(?:n.t| not) (?:save|work)|can(?:.t|not)|broken|wrong|fails?|failed|"
    r"nothing|не працю\w+|не работа\w+|неправильн\w+|не ради|ne radi|ажиллахгүй|буруу|funktioniert nicht|geht nicht|"
    r"falsch\w*|ne (?:marche|fonctionne)|no funciona|não funciona|non funziona|nie działa|bitte [^.]{0,40}ändern)\b",
    re.IGNORECASE,
)
_HEADING = re.compile(
    r"^[\W_]*(?:confidentiality (?:notice|note|statement|disclaimer)|legal (?:notice|disclaimer)|disclaimer|"
    r"haftungsausschluss|vertraulichkeitshinweis|avis de confidentialité|aviso (?:legal|de confidencialidad\w*)|"
    r"note di riservatezza|avviso di riservatezza|конфиденциальность|конфіденційність)[\W_]*$",
    re.IGNORECASE,
)
# Each begins a notice of one line or short paragraph.
_BEGINNINGS = (
    # printing
    (
        r"(?:please )?(?:consider|think of|think about) (?:the |your )?(?:environment|trees|"
        r"nature)[^.]{0,20} before print"
    ),
    r"(?:please )?(?:don.t|do not) print this (?:e-?mail|message) unless|before print\w+,? (?:please )?think",
    r"(?:bitte )?(?:denken|prüfen|überlegen) sie[^.]{0,60}(?:umwelt|druck)|denk aan het milieu",
    (
        r"(?:pensez|avant d.imprimer|n.imprimez)|(?:antes de imprimir|piense en el medio|pense no meio|"
        r"pense antes de impr)"
    ),
    r"(?:prima di stampare|pensa all.ambiente|rispetta l.ambiente)|(?:zanim wydrukujesz|pomyśl o środowisku)",
    r"(?:tänk på miljön|tenk på miljøet|tænk på miljøet|ajattele ympäristöä|lütfen çevreyi|çevreyi düşün)",
    r"(?:пожалуйста,? )?(?:подумайте|позаботьтесь|берегите)[^.]{0,30}(?:природ|окружающ|лес|печат)",
    r"(?:будь ласка,? )?(?:подумайте|збережіть|бережіть|подбайте)[^.]{0,30}(?:довкілл|природ|ліс|друк)",
    r"(?:молимо|mislite|sačuvajte|сачувајте)[^.]{0,40}(?:штампа|odštampa|okolin|prirod|животн)",
    # viruses
    r"(?:virus-?free|virenfrei|virusvrij|sans virus|garanti sans virus|libre de virus|livre de v[ií]rus|sem vírus)\b",
    (
        r"(?:privo di virus|mail priva di virus|wolny od wirusów|bez virů|bez vírusov|virusfri|"
        r"без вирусов|без вірусів)\b"
    ),
    (
        r"(?:this|the) (?:e-?mail|message|mail)[^.]{0,60} (?:checked|scanned)[^.]{0,20} (?:for|"
        r"by)[^.]{0,30} ?(?:virus|avast|avg)"
    ),
    (
        r"(?:diese|die) (?:e-?mail|nachricht)[^.]{0,60}(?:auf viren|virus)|ce(?:t| message| courriel|"
        r"t e-?mail)[^.]{0,80}virus"
    ),
    r"(?:este|el|o|questa|il) (?:correo|mensaje|e-?mail|mensagem|messaggio)[^.]{0,80}v[ií]rus",
    r"(?:ta |niniejsza )?wiadomość[^.]{0,60}wirus|это (?:сообщение|письмо)[^.]{0,60}(?:на наличие вирусов|avast)",
    r"(?:це|цей|цього) (?:повідомлення|лист\w*)[^.]{0,60}(?:на наявність вірусів|avast)",
    r"(?:scanned|checked|protected) by (?:avast|avg|mcafee|norton|eset|kaspersky|mailscanner)",
    # unsubscribing; `please unsubscribe me` and a bare `unsubscribe` are a person's
    r"(?:you (?:are receiv|receiv|have receiv|.re receiv|were sent|got th)\w*)[^.]{0,60} because (?:you|of your|this)",
    r"(?:this (?:e-?mail|message|newsletter) (?:was|is|has been) (?:sent|intended|delivered|mailed) to)\b",
    (
        r"(?:to|if you (?:no longer wish|would (?:like|prefer)|wish|want|don.t want|do not (?:wish|want)))"
        r"[^.]{0,60}(?:unsubscribe|opt[ -]?out|stop receiving)"
    ),
    r"(?:click|go|reply) (?:here|below)?[^.]{0,20} to (?:unsubscribe|opt[ -]?out)|unsubscribe\s*[|·•]",
    r"(?:to )?(?:manage|update|change|edit) your (?:[\w-]+ )?(?:preferences|subscriptions?)\b",
    r"(?:e-?mail|subscription|notification) preferences\b",
    r"(?:view|read) (?:this|it|the) (?:e-?mail|message|newsletter|online)[^.]{0,20} (?:browser|online)",
    r"(?:wenn sie|falls sie|um sich|möchten sie|sie möchten)[^.]{0,80}(?:abmelden|abbestellen|abzumelden)",
    r"sie erhalten diese (?:e-?mail|nachricht)[^.]{0,40}weil",
    r"pour (?:vous|se) (?:désabonner|désinscrire)|vous recevez ce(?:t|tte)? [^.]{0,40}(?:car|parce)",
    r"para (?:darse de baja|cancelar (?:la|su|a sua) (?:suscripci|subscri|inscri)|dejar de recibir|deixar de receber)",
    r"(?:se non desider|per (?:cancellar|annullare|disiscriver)|ricevi questa|hai ricevuto questa)[^.]{0,60}",
    r"(?:recibes este|ha recibido este|você (?:está recebendo|recebeu) este|recebeu este)[^.]{0,40}porque",
    r"u ontvangt de(?:ze|) [^.]{0,40}omdat|aby (?:zrezygnować|wypisać)|otrzymujesz tę [^.]{0,40}ponieważ",
    r"(?:чтобы |если вы[^.]{0,40})(?:отписаться|отказаться от|больше не получать|не хотите получать)",
    r"вы получили это (?:письмо|сообщение)[^.]{0,40}(?:потому|так как|поскольку)",
    r"(?:щоб |якщо ви[^.]{0,40})(?:відписатися|відмовитися від|більше не отримувати|не хочете отримувати)",
    r"ви отримали (?:цей лист|це повідомлення)[^.]{0,40}(?:тому|оскільки|бо)",
    r"(?:ако не желите|ako ne želite)[^.]{0,60}(?:прима|prima)",
    # companies
    (
        r"(?:registered (?:office|in england|company|address)|sitz der gesellschaft|"
        r"geschäftsführer(?:in)?:|handelsregister)"
    ),
    r"(?:registergericht|amtsgericht|ust-?id|hrb \d|geschäftsführung:|vorstand:|siège social|sede legale)",
)
# These only with a link behind them: without one a person asks for it.
_WITH_LINK = (
    r"unsubscribe|opt[ -]?out|click here|manage|abmelden|abbestellen|newsletter|vom newsletter|se désabonner|désabonn|"
    r"se désinscrire|darse de baja|cancelar|annulla|cancella|disiscrivi|uitschrijven|afmelden|wypisz|zrezygnuj|"
    r"odhlásit|"
    r"avregistrera|avsluta|afmeld|avmeld|peruuta|abonelikten|отписаться|відписатися|одјавите се|odjavite se|бүртгэл|"
    r"退订|取消订阅|取消訂閱|配信停止|配信解除|수신거부|수신 거부|إلغاء الاشتراك|view|read online"
)
_BEGINS = re.compile(rf"^[\W_]*(?:{'|'.join(_BEGINNINGS)})", re.IGNORECASE)
_LINKED = re.compile(rf"^[\W_]*(?:{_WITH_LINK})[^\n]{{0,80}}(?:https?://|www\.)", re.IGNORECASE)
# Every confidentiality notice holds one of these; looking for them costs a hundredth of the pattern.
_LEGAL_STEMS_TEXT = (
    "confiden privileg intended unauthori prohibited vertraul geadresseerde vertrouw riservat poufn adresat důvěr "
    "dôver bizalm "
    "konfiden fortrolig luottam gizli kişiye конфиден конфіден адресат предназнач призначен повер pover povjer нууц "
    "سري 保密 机密 機密 秘密 기밀 비밀 recipient destinat empfänger"
)
_LEGAL_STEMS = tuple(_LEGAL_STEMS_TEXT.split())
_ASCII_LEGAL_STEMS = tuple(filter(str.isascii, _LEGAL_STEMS))
_LONGEST_LINE = 600


def is_notice(paragraph: str) -> bool:
    """Whether the paragraph (or line) was put there by a company or a program."""
    paragraph = paragraph[:_MOST].strip()
    if len(paragraph) < 8:
        return False
    if len(paragraph) <= _LONGEST_LINE and (_BEGINS.match(paragraph) or _is_linked(paragraph)):
        return not _asks(paragraph)
    if _HEADING.match(paragraph) and (paragraph.isupper() or paragraph[-1] == ":"):
        return True
    if len(paragraph) < (_SHORTEST_LEGAL if paragraph.isascii() else _SHORTEST_LEGAL // 3):
        return False
    lower = paragraph.lower()
    if not _holds_legal_stem(lower):
        return False
    is_legal, has_subject = _legal_patterns()
    if len({one.lower()[:8] for one in is_legal.findall(lower)}) < 2 or not has_subject.search(paragraph):
        return False
    return not _FIRST_PERSON.search(paragraph)


@cache
def _legal_patterns() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """(what makes a notice legal, what it is about); compiled when first needed, for that takes milliseconds."""
    legal = rf"\b(?:{'|'.join(_LEGAL[:-4])})\b|{'|'.join(_LEGAL[-4:])}"
    subject = rf"\b(?:{_SUBJECT})\b|رسالة|البريد|邮件|郵件|信件|メール|메일"
    return re.compile(legal, re.IGNORECASE), re.compile(subject, re.IGNORECASE)


def _holds_legal_stem(lower: str) -> bool:
    for stem in _ASCII_LEGAL_STEMS if lower.isascii() else _LEGAL_STEMS:  # noqa: SIM110 - `any` takes twice as long
        if stem in lower:
            return True
    return False


def _is_linked(paragraph: str) -> bool:
    return ("http" in paragraph or "www." in paragraph) and bool(_LINKED.match(paragraph))


def _asks(paragraph: str) -> bool:
    """A person's question, wish or complaint begins like a notice: `If you want me to unsubscribe, …?`."""
    if "http" not in paragraph and ("?" in paragraph or _COMPLAINS.search(paragraph)):
        return True
    return bool(_FIRST_PERSON.search(paragraph[:120]))
