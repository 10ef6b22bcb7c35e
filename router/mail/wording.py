"""How mail systems word what they send: bounces, reports, challenges. Regular expressions in lower case.

A row is (stem, pattern): the pattern is only tried where its stem stands in the text, so each match must hold its stem.
Subjects are matched at their start; texts only where a line or a sentence begins, never inside a person's sentence.
Behind a CERTAIN subject the subject ends, or goes on with a colon, a dash or a bracket: nobody else writes them so.
The others are words that people write too ("Delivery failed": a parcel), so the text must agree.
"""

from __future__ import annotations

Row = tuple[str, str]

CERTAIN_BOUNCE_SUBJECTS: tuple[Row, ...] = (
    ("undeliver", r"undelivered (?:mail|message)(?: returned to sender)?|undeliverable(?: (?:mail|e-?mail|message))?"),
    ("undeliver", r"(?:mail|message) undeliverable"),
    (
        "mail|delivery",
        (
            r"(?:warning: )?(?:(?:e-?)?mail|message)[ -]delivery[ -](?:failed|failure|warning|"
            r"error)|delivery failure: (?:message|user .*)"
        ),
    ),
    ("mail", r"(?:e-?)?mail(?: delivery)? (?:system )?(?:failure|failed|status report|delayed)|mail system error"),
    ("mail", r"(?:returned|failed|rejected|nondeliverable|undelivered|delayed) mail(?: \(.*)?|mail rejected"),
    (
        "deliver",
        (
            r"(?:mail )?delivery status notification|delivery notification: delivery "
            r"has .*|notice: mail delivery status\.?|delivery (?:report|notification) "
            r"\(.*"
        ),
    ),
    ("failure", r"failure notice|delivery failure notice|(?:mail )?delivery failure notification"),
    ("deliver", r"non[- ]?delivery (?:report|notification|notice)|could not deliver (?:e-?mail|message) to .*"),
    ("message|delayed", r"(?:message )?\S+ delayed \d+ hours?|warning: (?:message|could not send message) .*"),
    (
        "message|mail",
        r"(?:message|mail) you sent blocked by .*|(?:message|mail) (?:status )?- (?:undeliverable|delivery failure)",
    ),
    ("postmaster notify", r"postmaster notify: .*"),
    ("smtp", r"postfix smtp server: errors from .*"),
    ("unsolicited", r"considered unsolicited bulk email.*"),
    ("unzustellbar", r"unzustellbar(?:e (?:nachricht|mail|e-mail))?"),
    ("mails", r"rückgabe von mails"),
    ("remis", r"non remis|mail non remis|remise impossible"),
    ("recapit", r"mancato recapito(?: della posta)?|non recapitabile"),
    ("correo", r"correo devuelto|correo no entregado"),
    ("entregue", r"(?:mensagem |e-?mail )?não entregue"),
    ("onbestelbaar", r"onbestelbaar"),
    ("niedostarcz", r"niedostarczon\w+(?: poczta| wiadomość)?"),
    ("nedoručiteln", r"nedoručiteln[éáý](?: zpráva)?"),
    ("недоставл", r"недоставленн?[аоеы]\w{0,2}(?: (?:сообщение|письмо|повідомлення|лист))?"),
    ("доставлен", r"(?:ваше )?(?:сообщение|письмо|повідомлення) не доставлен[оа]\b.*"),
    ("доставити", r"не вдалося доставити (?:повідомлення|лист)"),
    ("доставить", r"не удалось доставить (?:сообщение|письмо)"),
    ("配信", r"配信不能通知|メール配信エラー"),
    ("退信", r"系统退信|退信通知|退信"),
    ("complaint about message", r"complaint about message from .*"),
    ("abuse report", r"(?:fwd?: )?(?:e-?mail )?abuse report(?: from .*)?"),
    ("feedback", r"(?:e-?mail )?feedback (?:loop )?report"),
    ("cron <", r"cron <\S{1,60}@\S{1,80}>.*"),
    ("logwatch", r"logwatch for .*"),
    ("notification message", r"(?:aws|amazon ses) .{0,20}notification message"),
)
BOUNCE_SUBJECTS: tuple[Row, ...] = (
    ("undeliver", r"undeliver(?:ed|able)\b"),
    (
        "deliver",
        r"(?:permanent |failed |e-?mail )*delivery(?: has| is)? (?:failed|failure|error|problem|report|delayed|delay)",
    ),
    (
        "deliver",
        r"(?:failed|failure|unsuccessful|returned) delivery|delivery (?:notification|status|warning|unsuccessful)",
    ),
    ("deliver", r"(?:sorry, )?(?:your |the )?(?:mail|message|e-?mail)\b.{0,80}\b(?:not|n.t)\b.{0,12}(?:be )?delivered"),
    ("deliver", r"(?:unable|failed|failure) to deliver|(?:mail|message) delivery|e-?mail delivery|non[- ]?delivery"),
    ("return|undelivered", r"returned (?:to sender|e-?mail|message)|undelivered mail"),
    (
        "mail",
        (
            r"(?:delayed|failed|rejected|returned|blocked) (?:mail|e-?mail)|(?:mail|"
            r"e-?mail) (?:error|failed|problem|rejected)"
        ),
    ),
    ("mail", r"(?:there was an |an )?error (?:sending|delivering) your (?:e-?)?mail|error mail report"),
    (
        "message|warning",
        r"message (?:rejected|delayed|blocked|not delivered|status)|warning: could not send|could not send message",
    ),
    ("unknown", r"unknown user"),
    ("user unknown", r"user unknown"),
    (
        "zustell|zugestellt",
        r"(?:nicht zustellbar|zustellung (?:fehlgeschlagen|der nachricht|verzögert))|.{0,40}nicht zugestellt",
    ),
    ("remise", r"(?:échec|notification d.échec) de (?:la )?remise|.{0,20}état de remise"),
    ("distribu", r"(?:mail|message) non distribu"),
    ("entreg", r"no se (?:puede|pudo|ha podido) entregar|falha na entrega|no entregado|notificación de entrega"),
    ("recapit|consegna", r"impossibile recapitare|mancata consegna"),
    ("bezorg", r"niet bezorgd|bezorging mislukt"),
    ("afgeleverd", r"(?:kan )?niet (?:worden )?afgeleverd"),
    ("dostarcz", r"nie można dostarczyć|nie dostarczono"),
    ("levere|leveringsfejl", r"kunne ikke leveres|kan inte levereras|leveringsfejl"),
    ("достав", r"не (?:удалось |удаётся |вдалося )?достав(?:ить|ити|лен)\w*|(?:ошибка|помилка|сбой) доставки"),
    ("недоставл", r"недоставлен\w*"),
    ("испорук|испоручена", r"испорука (?:није успела|поруке)|порука није испоручена"),
    ("isporu", r"isporuka (?:nije uspela|poruke)|poruka nije isporučena"),
    ("хүргэ", r"(?:.{0,20} )?(?:хүргэгдсэнгүй|хүргэж чадсангүй|хүргэгдээгүй)"),
    ("spam report", r"spam report"),
    ("feedback loop", r"feedback loop"),
    ("virus", r"(?:.{0,40}\b)?(?:anti)?virus (?:alert|found|detected|warning|scanner|notification|report)"),
    ("malware", r"malware (?:alert|found|detected|warning)"),
    ("content filter", r"content filter"),
)
RECEIPT_SUBJECTS: tuple[Row, ...] = (
    ("read", r"(?:not read|read(?: receipt)?(?: \(displayed\))?)\s?[:：-]"),
    ("receipt", r"return receipt\s?[:：(-]"),
    ("deleted", r"deleted\s?[:：]"),
    ("gel", r"(?:gelesen|ungelesen gelöscht|gelezen)\s?[:：]"),
    ("l", r"(?:lu|non lu|leído|no leído|letto|lido|lest|läst|læst|luettu)\s?[:：]"),
    ("проч", r"(?:не )?проч(?:итано|тено)\s?[:：]"),
    ("okun", r"okundu\s?[:：]"),
    ("已读", r"已读\s?[:：]"),
    ("開封", r"開封(?:済み|確認)\s?[:：]"),
)
CHALLENGE_SUBJECTS: tuple[Row, ...] = (
    ("confirm", r"please confirm (?:your )?(?:e-?mail|message|mail)\b|confirm your (?:e-?mail|message)\b"),
    ("verif", r"(?:please )?verify (?:your )?(?:e-?mail|message|mail)\b"),
    ("authenticate", r"(?:please )?authenticate your (?:e-?mail|message|mail)\b"),
    ("approval", r"(?:your )?(?:message|mail|post)\b.{0,80}awaits? (?:moderator )?approval"),
    ("require", r"(?:your )?(?:message|mail|post) .{0,80}requires? (?:approval|confirmation|verification)"),
    ("required to deliver", r"(?:action|confirmation|verification) required to deliver"),
    ("sender", r"sender (?:verification|authentication|confirmation)"),
    ("authorization required", r"authorization required for"),
    ("tmda", r"\[tmda\]"),
    ("spamarrest", r"\[?spamarrest\]?"),
    ("your message to", r"your message to \S+ requires"),
)

# ------------------------------------------------------------------ first lines of the text

# What one mail transfer agent or report generator opens its text with; it proves itself.
CERTAIN_BOUNCE_TEXTS: tuple[Row, ...] = (
    ("hi. this is", r"hi\. this is the .{1,60}(?:program|at \S)"),  # qmail
    ("automatically by", r"this (?:message|e-?mail) was created automatically by"),  # exim, Facebook
    ("system at", r"this is the mail (?:delivery )?system at (?:host )?\S"),  # postfix
    ("postfix program", r"this is the postfix program at host"),
    ("delivery status", r"this is an? (?:automatically[- ]generated )?(?:mail )?delivery status notification"),
    ("delivery failure", r"this is a delivery failure notification"),
    ("mail delivery subsystem", r"this is the mail delivery subsystem"),
    ("sorry to have to inform", r"i.m sorry to have to inform you that (?:your|the) message"),
    ("problem delivering your", r"there was an? (?:temporary )?problem delivering your (?:message|mail)"),  # Gmail
    ("able to deliver your", r"i.m afraid i wasn.t able to deliver your message"),
    ("transcript", r"(?:-{3,} )?transcript of session follows|a transcript of the attempts to send"),
    ("addresses had", r"-{3,} the following addresses had (?:permanent fatal|transient non-fatal|delivery)"),
    ("had trouble delivering", r"we had trouble delivering your message"),
    ("relates to a message you sent", r"this report relates to a message you sent"),  # Oracle
    ("delivered to", r"your (?:mail|message|e-?mail) (?:sent on|to|with)\b.{0,120}could not be delivered to:? ?<"),
    ("following", r"(?:we were |i was )?unable to deliver (?:your |the |a )?message to (?:the )?following"),
    ("following", r"delivery to the following (?:recipient|address)\S* (?:has been delayed|failed|was aborted)"),
    ("intended recipients", r"your message did not reach some or all of the intended recipients"),  # Exchange 2003
    ("failed to these", r"delivery has failed to these recipients"),  # Exchange 2007 and later, and in other languages:
    ("empfänger oder gruppen", r"[^?\n]{0,80}empfänger oder gruppen"),
    ("destinataires ou groupes", r"[^?\n]{0,80}destinataires ou groupes"),
    ("destinatarios o grupos", r"[^?\n]{0,80}destinatarios o grupos"),
    ("destinatari o gruppi", r"[^?\n]{0,80}destinatari o gruppi"),
    ("destinatários ou grupos", r"[^?\n]{0,80}destinatários ou grupos"),
    ("geadresseerden of groepen", r"[^?\n]{0,80}geadresseerden of groepen"),
    ("mottagare eller grupper", r"[^?\n]{0,80}mottagare eller grupper"),
    ("modtagere eller grupper", r"[^?\n]{0,80}modtagere eller grupper"),
    ("mottakerne eller gruppene", r"[^?\n]{0,80}mottakerne eller gruppene"),
    ("adresatów lub grup", r"[^?\n]{0,80}adresatów lub grup"),
    ("příjemcům nebo skupinám", r"[^?\n]{0,80}příjemcům nebo skupinám"),
    ("alıcılara veya gruplara", r"[^?\n]{0,80}alıcılara veya gruplara"),
    ("получателям или группам", r"[^?\n]{0,80}получателям или группам"),
    ("одержувачам або групам", r"[^?\n]{0,80}одержувачам або групам"),
    ("收件人或组", r"[^?\n]{0,80}收件人或组"),
    ("受信者またはグループ", r"[^?\n]{0,80}受信者またはグループ"),
    ("not a member of this", r"you are not a member of this mailing list"),
    ("report for an e", r"this is an? [a-z -]{4,40} report for an e-?mail message received from"),
    ("mail abuse report", r"this is an e-?mail abuse report for"),
    ("feedback", r"this is an? e-?mail feedback (?:report|loop)"),
    ('{"notification', r'\{"notificationtype":'),
    ('"type" : "notification', r'\{\s{0,4}"type" : "notification"'),
    ("создано автоматически", r"это письмо создано автоматически сервером"),
    ("メールシステム", r"※?本メールは.{0,30}メールシステムより"),
)
# What the others say; the server's answer or the returned mail has to stand beside it.
BOUNCE_TEXTS: tuple[Row, ...] = (
    (
        "your",
        (
            r"(?:sorry, |we.re sorry\W+|unfortunately,? )?your (?:e-?mail |mail |following )?(?:message|mail|e-?mail)\b"
            r"(?:(?!says?\b|said\b|tells?\b|parcel|package)[^?]){0,160}?(?:could "
            r"not be|couldn.t be|was not|cannot be|has not been|can.t be|did not "
            r"reach|could not reach|"
            r"wasn.t|(?:was|is|were) undeliverable|was rejected|was blocked|has been (?:rejected|delayed|blocked))"
        ),
    ),
    (
        "message|mail",
        (
            r"(?:a|the|this|following) (?:attached )?(?:message|e-?mail)[^?]{0,160}?(?:not "
            r"(?:yet )?(?:be|been)|undeliver|was not)"
        ),
    ),
    ("was not sent", r"(?:your |the )?(?:message|mail|e-?mail) was not sent"),
    ("following", r"(?:the )?following (?:e-?mail )?(?:address(?:es)?|recipients?(?:\(s\))?|message|mail)\b"),
    ("below", r"(?:the )?(?:message|recipient|address)s?\S* below\b|below is (?:a copy|the) .{0,30}(?:message|mail)"),
    (
        "deliver",
        r"(?:we (?:were )?|i was |system )?(?:unable|failed|failure|could not|couldn.t|cannot) (?:to )?deliver\b",
    ),
    (
        "deliver",
        (
            r"delivery (?:of (?:e-?)?mail to|to .{1,80}(?:failed|been|aborted|delayed)|has (?:failed|been)|"
            r"attempt|failed|is delayed|failure)\b"
        ),
    ),
    ("error", r"(?:an |there was an )?error (?:occurred|while|in|delivering)\b.{0,40}(?:send|deliver|your)"),
    (
        "mail|message",
        r"(?:e-?mail|message|mail) (?:delivery|could not be delivered|from \S+ to \S+ (?:failed|rejected))",
    ),
    ("failed recipients", r"[-*= ]{0,6}failed recipients"),
    ("message from", r"\*{0,6}\s?message from\b.{1,60}"),
    ("unknown", r"(?:unknown (?:user|recipient|address)|user unknown)"),
    ("no such", r"no such (?:user|mailbox|recipient)"),
    ("mailbox", r"(?:the )?(?:recipient.s )?mailbox\b.{0,60}(?:full|unavailable|not found|disabled|over quota|exceed)"),
    ("quota", r"(?:the )?(?:recipient|mailbox|account|user).{0,60}over (?:its )?quota"),
    ("reason", r"reason for (?:non-?delivery|failure)"),
    ("original message", r"the original message was received"),
    ("zugestellt", r"(?:sie haben|ihre|die) (?:nachricht|e-?mail|mail)?.{0,120}nicht zugestellt"),
    ("zustell|folgende", r"(?:zustellung|zustell\w+|folgende (?:empfänger|adressen?))\b.{0,60}"),
    ("unzustellbar", r"(?:ihre|die) (?:nachricht|e-?mail|mail).{0,80}unzustellbar"),
    ("konnte", r"(?:ihre|die) (?:nachricht|e-?mail|mail).{0,80}konnte"),
    (
        "votre|remis|message|courriel|e-mail|email",
        r"(?:votre|le) (?:message|courriel|e-?mail).{0,80}(?:n.a pas (?:pu|été)|remis)|échec de (?:la )?remise",
    ),
    ("pas pu", r"votre (?:message|courriel|e-?mail) n.a pas pu"),
    ("mensaje|entregar", r"(?:su|el) mensaje .{0,80}no (?:pudo|se pudo|ha podido|se ha)|no se pudo entregar"),
    ("messaggio", r"il (?:tuo|suo|seguente) messaggio .{0,60}non"),
    ("mensagem", r"(?:sua|a) mensagem .{0,80}não (?:pôde|foi|pode)"),
    ("bericht", r"(?:uw|je|het) bericht .{0,80}(?:niet|kon)"),
    ("wiadomo", r"(?:twoja |państwa )?wiadomo\w+ .{0,80}nie (?:została|mogła|można)"),
    (
        "levere|kunne|meddelandet",
        r"(?:det gick inte att leverera|din besked kunne|meddelelsen kunne|meddelandet kunde|.{0,20}ikke leveres)",
    ),
    ("доставл", r"(?:ваше |ваш |це |это )?(?:письмо|сообщение|повідомлення|лист)[^?]{0,80}не [^?]{0,20}доставлен"),
    ("достави", r"(?:к сожалению, |на жаль, )?(?:не удалось|не вдалося) доставить?и?"),
    ("испоруч|порука", r"(?:ваша )?порука .{0,60}(?:није|не може)"),
    ("isporu|poruka", r"(?:vaša )?poruka .{0,60}(?:nije|ne može)"),
    ("хүрг", r"(?:таны )?(?:захидал|зурвас|мэйл|имэйл).{0,60}хүрг"),
    ("送信|配信できませんでした", r".{0,40}送信できませんでした|.{0,40}配信できませんでした"),
    ("投递", r".{0,30}无法投递|.{0,30}投递失败"),
    ("退", r".{0,20}退信"),
)
RECEIPT_TEXTS: tuple[Row, ...] = (
    (
        "message|receipt|the mail",
        (
            r"(?:your message|this is a (?:return |read )?receipt|the message|the "
            r"mail)\b[^?]{0,300}(?:read|displayed|opened)"
        ),
    ),
    ("deleted", r"your message[^?]{0,200}was deleted"),
    ("receipt", r"this is a (?:return|read|delivery) receipt|(?:note: )?this (?:return )?receipt only acknowledges"),
    ("gelesen", r"(?:ihre nachricht|das ist eine|dies ist eine)[^?]{0,300}gelesen"),
    ("bestätigung", r"(?:das|dies) ist eine (?:empfangs|lese)bestätigung"),
    ("votre message|lecture", r"votre message[^?]{0,200}a été lu|ceci est un accusé de lecture"),
    (
        "mensaje|mensagem|messaggio",
        r"(?:su|el|o seu|a sua|il tuo|il suo) (?:mensaje|mensagem|messaggio)[^?]{0,200}(?:leído|lida|lido|letto)",
    ),
    ("проч", r"(?:ваше |это )?(?:сообщение|письмо|повідомлення|уведомление)[^?]{0,200}проч(?:ит|т)"),
)
CHALLENGE_TEXTS: tuple[Row, ...] = (
    (
        "deliver|release",
        r"(?:in order )?to (?:deliver|complete (?:the )?delivery of|release) your (?:message|e-?mail|mail)\b",
    ),
    (
        "your m|your e",
        r"your (?:message|mail|e-?mail)\b[^?]{0,60}(?:is|has been|was) (?:being )?(?:held|quarantined|suspended)",
    ),
    ("received your message", r"i received your message about .{0,160}this is a one-time"),
    ("challenge", r"this (?:message|mail) (?:is|was) (?:sent )?by .{0,40}challenge"),
    (
        "tmda|mail-delivery agent",
        r"this (?:message|mail) was (?:created|sent) .{0,30}tmda|(?:tmda|mail-delivery agent) ",
    ),
    ("spam arrest", r".{0,80}(?:using|protected by|sent by) spam arrest"),
    ("boxbe", r".{0,80}(?:via|by|using|with) boxbe\b"),
    ("spam", r".{0,60}(?:anti-?spam uol|antispam (?:system|service|software) )"),
    (
        "protect|using",
        (
            r"(?:i am|i.m|this (?:e-?mail )?(?:account|address|mailbox) is) (?:protected|"
            r"protecting|using)\b.{0,80}(?:spam|junk|click)"
        ),
    ),
    (
        "click",
        (
            r"(?:please )?click (?:on )?(?:here|the link below|the following link)\b.{0,30}to "
            r"(?:confirm|verify|prove) (?:that )?(?:you|your)"
        ),
    ),
    (
        "reply",
        (
            r"(?:please )?(?:just |simply )?reply to this (?:message|e-?mail|mail) "
            r"(?:to|and)\b.{0,60}(?:deliver|confirm|releas|approv)"
        ),
    ),
    ("confirm", r"(?:please )?confirm (?:that )?(?:you (?:sent|are)|your message)\b"),
    ("being held until", r"(?:is|your mail to .{1,120} is|the message is) being held until"),
    ("with the subject", r"your mail to .{1,80}with the subject"),
)
