"""How mail systems and autoresponders word what they send, as regular expressions in lower case.

Subjects are matched at their start, texts searched in the first lines. Each line is a wording of a mail transfer agent,
a mail program or a language; none may match what a person would write to support.
"""

# ------------------------------------------------------------------ subjects

BOUNCE_SUBJECTS = (
    (
        r"(?:warning:? )?(?:mail|message|delivery)[ :-]*(?:delivery )?(?:failed|failure|error|delayed|"
        r"status notification|failure notice|unsuccessful|report|problem|returned)\b"
    ),
    r"undeliver(?:able|ed)\b|undelivered mail returned|returned (?:mail|to sender)|failure notice",
    r"failed mail|delivery status|delivery notification|delivery (?:has )?failed",
    (
        r"(?:your )?(?:mail|message|e-?mail)(?: to \S+)? (?:could not be|couldn.t be|was not|cannot be|"
        r"can.?t be|has not been|not|wasn.t) (?:be )?delivered"
    ),
    r"mail (?:system )?error",
    r"non[- ]?(?:delivery|remis|distribué|recapitabile|entregado)|nondeliverable|unable to deliver",
    r"unzustellbar|mail undeliverable|unknown user|user unknown",
    r"rejected mail|mail rejected|message rejected|message delayed|could not send message",
    r"mail non (?:distribu|remis)|échec de (?:la )?remise|mancato recapito|no se puede entregar",
    r"niet bezorgd|kan niet worden afgeleverd|nie można dostarczyć|nedoručiteln",
    r"nicht zustellbar|zustellung fehlgeschlagen|rückgabe von mails|correo devuelto|mensagem não entregue",
    r"falha na entrega",
    r"не (?:удалось |может быть |удаётся )?достав(?:лен|ить)|недоставлен|не доставлено|не вдалося доставити",
    r"помилка доставки|ошибка доставки|хүргэгдсэнгүй|хүргэж чадсангүй|испорука није успела",
    r"isporuka nije uspela",
    r"complaint about message from|abuse report|email feedback report|fwd: abuse|spam report|feedback loop",
    r"(?:virus|malware) (?:alert|found|detected|warning)",
    r".{0,40}(?:antivirus|virus scanner).{0,20}(?:alert|found|notification|report)|content filter",
    (
        r"(?:read|read receipt|return receipt|прочитано|прочтено|gelesen|lu|leído|letto|lido|не прочитано|"
        r"not read|deleted|ungelesen gelöscht)\s?(?:\(displayed\))?\s?[:：-]"
    ),
)
REPLY_SUBJECTS = (
    (
        r"(?:this is an )?auto(?:mated|matic|matically generated|generated)?[- ]?(?:reply|response|"
        r"responder|message|answer|notification|acknowledg\w+|e?-?mail)\b"
    ),
    r"autoreply|autoresponse|autoresponder|auto[- ]?(?:reply|response)\b|auto:",
    r"\[auto(?:reply|response|-reply)?\]",
    r"(?:i am |i.m |we are )?(?:currently )?out[- ]of[- ](?:the )?office|ooo\b|oof\b",
    r".{0,40}\bout of (?:the )?office\b(?!.*\?)",
    (
        r"(?:on )?(?:vacation|holiday|annual leave|maternity leave)(?: (?:notice|message|reply|response|"
        r"until|till|from)|[!:]|$)"
    ),
    r"away from (?:the )?(?:office|my (?:mail|e-?mail|desk))|vacation:",
    r"abwesen(?:d|heit)\w*|automatische antwort|automatisch\w* (?:antwort|antwoord|beantwortung)",
    r"ich bin (?:nicht im büro|im urlaub|abwesend)|urlaubs(?:abwesenheit|notiz)|eingangsbestätigung",
    r"réponse automatique|absence du bureau|absent du bureau|message d.absence|(?:je suis )?en congés?\b",
    r"accusé de réception",
    r"risposta automatica|fuori ufficio|fuori sede|assenza (?:dall.ufficio|ufficio)",
    r"respuesta automática|respuesta automatica|fuera de (?:la )?oficina|ausencia de la oficina",
    r"resposta automática|resposta automatica|ausente do escritório|fora do escritório|fora da oficina",
    r"автоответ\w*|автоматическ\w+ (?:ответ|уведомлени|сообщени)\w*|ответ автоматически|я в отпуске",
    r"нет на рабочем месте|вне офиса|отсутстви\w* (?:в офисе|на рабочем)|не на работе",
    r"автовідповід\w*|автоматичн\w+ (?:відповідь|сповіщення|повідомлення)|я у відпустці|я в відпустці",
    r"поза офісом|відсутн\w+ (?:в офісі|на робочому)",
    r"аутоматск\w+ одговор|automatski odgovor|одсутан\b.*|odsutan\b.*|nisam u kancelariji",
    r"нисам у канцеларији|na godišnjem odmoru|на годишњем одмору|van kancelarije",
    r"автомат хариу\w*|автомат хариулт|амралттай байна|оффист байхгүй|ээлжийн амралт",
    r"automatyczna odpowiedź|autoodpowiedź|nieobecno\w+|poza biurem|automatická odpověď|mimo kancelář",
    r"automatisch antwoord|afwezig\w*|niet aanwezig",
    r"automatiskt? svar|autosvar|frånvar\w+|fravær\w*|ikke på kontoret|automaattinen (?:vastaus|poissaolo)",
    r"poissa|otomatik (?:yanıt|cevap)|ofis dışında",
    r"automatikus válasz|răspuns automat|automatinis atsakymas|automātiskā atbilde",
    r".{0,40}automatiska atbilde|automaatvastus",
    r"自动回复|自動回覆|自動返信|不在通知|자동 응답|부재중|الرد التلقائي|תגובה אוטומטית",
)
CHALLENGES = (
    (
        r"(?:please )?(?:confirm|verify|authenticate) (?:your )?(?:e-?mail|message|mail)(?: (?:to|"
        r"delivery|address))?\b.{0,60}$(?<!\?)"
    ),
    (
        r"(?:your (?:message|mail|post)|post) .{0,80}(?:awaits? (?:moderator )?approval|"
        r"requires? (?:approval|confirmation|verification))"
    ),
    r"(?:action|confirmation|verification) required to deliver",
    r"sender (?:verification|authentication|confirmation)|\[?(?:tmda|boxbe|spamarrest|challenge)\b",
    r"authorization required for",
)

# ------------------------------------------------------------------ first lines of the text

BOUNCE_TEXTS = (
    r"hi\. this is the .{1,60} program",  # qmail
    r"this message was created automatically by mail delivery software",  # exim
    r"this is the (?:mail (?:delivery )?system|postfix program|mail delivery subsystem)",
    r"this is an automatically generated delivery status notification",
    r"this is a delivery status notification|delivery status notification",
    r"i.m afraid i wasn.t able to deliver your message",
    r"i'm sorry to have to inform you that (?:your|the) message",
    (
        r"(?:your|the|this) (?:e-?mail |mail |following )?(?:message|mail|"
        r"e-?mail)\b.{0,120}?(?:could not be|couldn.t be|was not|cannot be|has not been|can.t be|"
        r"did not reach|could not reach|wasn.t|was undeliverable|is undeliverable)\s*(?:be )?(?:delivered|"
        r"sent|some|the|successfully)?"
    ),
    (
        r"(?:the )?(?:following|below) (?:address(?:es)?|recipient(?:\(?s\)?)?).{0,60}(?:had|have|has|"
        r"failed|could not|were|permanent|delivery)"
    ),
    (
        r"(?:unable|failed|failure|could not|couldn.t|cannot) to? ?deliver (?:the |your |a |"
        r"this )?(?:message|mail|e-?mail|following)"
    ),
    r"delivery to the following (?:recipient|address)\S* (?:has been delayed|failed|was aborted)",
    r"could not deliver (?:message|mail) to",
    r"(?:message|mail) (?:delivery|could not be delivered|from \S+ to \S+ (?:failed|rejected))",
    r"[-*= ]{3,}\s*(?:failed recipients|transcript of session|the following addresses had)",
    r"\*{3,}\s*message from .{1,60}(?:security|antivirus|gateway|scan)",
    r"unknown (?:user|recipient|address)|user unknown|no such (?:user|mailbox|recipient)",
    r"mailbox (?:is )?(?:full|unavailable|not found|disabled)",
    r"(?:recipient|mailbox|account).{0,40}over quota",
    r"(?:sie haben|ihre (?:nachricht|e-?mail|mail)).{0,100}(?:nicht zugestellt|konnte nicht|unzustellbar)",
    r"votre message n.a pas pu|su mensaje no (?:pudo|ha podido)|il (?:tuo|suo) messaggio non",
    (
        r"(?:ваше )?(?:письмо|сообщение|повідомлення|лист).{0,60}(?:не (?:было |может быть |удалось |"
        r"вдалося |було )?доставлен\w*|не вдалося доставити|не удалось доставить)"
    ),
    r"сообщение не доставлено|this is an email abuse report",
    r"this is an? (?:e-?mail )?(?:abuse|feedback) (?:report|loop)|below is a copy of the message that",
)
REPLY_TEXTS = (
    (
        r"this is an? (?:auto(?:mated|matic|matically)?[- ]?(?:generated )?|computer[- ]generated |"
        r"system[- ]generated )(?:reply|response|message|e-?mail|notification|answer)"
    ),
    r"(?:please )?(?:do not|don.t) (?:reply|respond) to this (?:e-?mail|message|mail|address)",
    r"please do not reply\b|replies to this (?:e-?mail|message|address) (?:are not|will not)",
    (
        r"i(?: am|.m| will be| shall be|.ll be) (?:currently |presently )?(?:out of (?:the )?office|"
        r"on (?:annual |sick |maternity |parental )?(?:leave|vacation|holiday)|away (?:from (?:the|"
        r"my) (?:office|desk|e-?mail|mail)|until|on))"
    ),
    (
        r"thank you for (?:your|the) (?:e-?mail|message|mail)\.?\s+(?:i am|i.m|i will be|"
        r"we are) (?:currently |now )?(?:out|on|away|closed)"
    ),
    (
        r"(?:your (?:message|e-?mail|request|ticket) (?:has been|was) received and|"
        r"we have received your (?:message|e-?mail|request) and will).{0,60}(?:automat|ticket|case number)"
    ),
    r"(?:i no longer work|.{2,60} (?:is no longer with|no longer works|has left) )(?:at|for|here|the company)?",
    r"ich bin (?:zur ?zeit |derzeit |momentan |bis |vom |ab |am |im ).{0,60}(?:nicht|abwesend|urlaub|büro)",
    r"diese (?:e-?mail|nachricht) wurde automatisch|dies ist eine automatisch",
    r"je suis (?:actuellement )?(?:absent|en congé|hors du bureau)",
    r"ceci est un (?:message|e-?mail|courriel) automatique|actualmente (?:estoy|me encuentro) fuera",
    r"este es un (?:mensaje|correo) automático",
    r"questo è un messaggio automatico|sono fuori ufficio|estou ausente",
    r"esta é uma (?:mensagem|resposta) automática|dit is een automatisch",
    r"ik ben (?:momenteel )?(?:afwezig|niet aanwezig|op vakantie)",
    (
        r"(?:это|данное|настоящее) (?:письмо|сообщение)?\s*(?:является |— |- )?(?:автоматическ\w+|"
        r"создано автоматически|сгенерировано автоматически|сформировано автоматически|"
        r"отправлено автоматически)"
    ),
    r"(?:пожалуйста, )?не отвечайте на это (?:письмо|сообщение)",
    r"я (?:сейчас |нахожусь |буду )?(?:в отпуске|вне офиса)|меня нет (?:в офисе|на рабочем месте)",
    (
        r"(?:це|цей лист|це повідомлення) (?:є )?(?:автоматичн\w+|створен\w+ автоматично|"
        r"надіслан\w+ автоматично|згенерован\w+ автоматично)"
    ),
    r"(?:будь ласка, )?не відповідайте на цей лист|я (?:зараз |буду )?(?:у|в) відпустці",
    r"мене немає (?:в|у) офісі",
    r"ово је аутоматск\w+|ovo je automatsk\w+|(?:молимо|molimo) (?:не одговарајте|ne odgovarajte)",
    r"(?:тренутно |trenutno )?(?:сам на годишњем|sam na godišnjem|нисам у канцеларији|nisam u kancelariji)",
    r"энэ (?:бол )?автомат|автоматаар илгээ|энэ захидалд (?:бүү хариул|хариулах шаардлагагүй)",
    r"би (?:одоо )?(?:амралттай|ээлжийн амралт)",
    r"to (?:deliver|complete delivery of) your (?:message|mail).{0,80}(?:click|confirm|reply)",
    r"this message (?:is|was) (?:sent )?by .{0,40}(?:challenge|spam arrest|tmda)",
    r"click (?:here|the link below) to (?:confirm|verify) (?:that )?you (?:are|sent)",
    r"(?:please )?ignore this (?:e-?mail|message)\b|(?:lūdzu|ludzu) (?:ignorējiet|ignorejiet)",
    r"(?:просим|просьба|пожалуйста,?) (?:проигнор|игнор)\w*",
)

# Every wording of a text holds one of these stems; looking for them first is fifty times as fast as the patterns.
BOUNCE_STEMS = (
    "deliver|this is the |program|failed|failure|unknown|no such|mailbox|quota|message from|following|below|could not|"
    "was not|couldn|cannot be|has not been|can't be|reach|wasn't|n’t|nicht|konnte|unzustellbar|pas pu|no pudo|"
    "no ha podido|messaggio non|доставлен|доставить|abuse|feedback|sorry to have to|transcript"
)
REPLY_STEMS = (
    "auto|generated|not reply|not respond|t reply|t respond|replies to|out of|leave|vacation|holiday|away|"
    "mail. i|mail.\ni|mail. we|mail.\nwe|message. i|message.\ni|message. we|message.\nwe|"
    "received|no longer|has left|"
    "ich bin|absent|en congé|hors du|fuera|ausente|afwezig|aanwezig|vakantie|автомат|отпуск|"
    "офис|рабоч|отвечайте|відпустц|офісі|відповідайте|аутомат|одговарајте|odgovarajte|годишњем|godišnjem|канцеларији|"
    "kancelariji|амрал|хариул|click|arrest|tmda|challenge|ignor|игнор|deliver"
)
