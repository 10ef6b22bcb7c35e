"""How autoresponders and helpdesks word what they send, in subjects and in texts (rows as in `wording`)."""

from __future__ import annotations

from .wording import Row

_DASHES = r"(?:[:：\-–—|(]|$)"

# ------------------------------------------------------------------ subjects

CERTAIN_REPLY_SUBJECTS: tuple[Row, ...] = (
    (
        "auto",
        (
            r"(?:this is an )?auto(?:mated|matic|matically[- ]generated|generated)?[- ]?"
            r"(?:reply|response|responder|respons|answer|acknowledg\w+)(?: (?:message|from .*|re|to .*))?"
        ),
    ),
    (
        "auto",
        r"this is an auto(?:mated|matic|matically generated).*|\[auto[- ]?(?:reply|response|responder)\].*",
    ),
    (
        "office",
        r"out[- ]of[- ](?:the )?office (?:auto[- ]?)?(?:reply|response|message|notification|notice|assistant)",
    ),
    ("office|ooo|oof", r"out[- ]of[- ](?:the )?office(?=\s?[:(])|(?:ooo|oof)(?=\s?[:(])"),
    ("auto:", r"auto: .{1,80} is out of the office.*"),  # Lotus Notes
    ("vacation", r"vacation(?: (?:reply|response|message|notice|auto[- ]?reply))"),
    ("automat", r"automatische (?:antwort|rückantwort|beantwortung|e-?mail-?antwort)|automatisch antwoord"),
    ("abwesenheit", r"abwesenheits?(?:notiz|nachricht|meldung|benachrichtigung|assistent|hinweis|info\w*)"),
    ("réponse auto", r"réponse automatique(?: d.absence)?"),
    ("absence", r"(?:message|avis|notification) d.absence(?: du bureau)?|absence du bureau"),
    ("risposta", r"risposta automatica(?: di assenza)?"),
    ("fuori", r"fuori (?:ufficio|sede)"),
    ("respuesta", r"respuesta autom[áa]tica"),
    ("fuera", r"fuera de (?:la )?oficina"),
    ("resposta", r"resposta autom[áa]tica"),
    ("ausência", r"(?:mensagem|aviso|notificação) de ausência"),
    ("автоответ", r"автоответ(?:чик)?\w*"),
    ("автомат", r"автоматическ(?:ий ответ|ое уведомление|ое сообщение)|ответ автоматически"),
    ("автовідпов", r"автовідповід\w+"),
    ("автомат", r"автоматичн(?:а відповідь|ий відповідь|е сповіщення|е повідомлення)"),
    ("автомат", r"автоматичен отговор|автомат хариул?т?"),
    ("аутомат", r"аутоматски одговор"),
    ("automat", r"automatski odgovor|automatick[áa] odpove[ďd]|automatická odpověď|automatyczna odpowiedź"),
    ("autoodpow", r"autoodpowied\w+"),
    (
        "automat|automaatvastus",
        r"automatisk[t]? svar|automatiska atbilde|automatinis atsakymas|automatikus válasz|automaatvastus",
    ),
    ("autosvar", r"autosvar"),
    ("frånvaro", r"frånvaromeddelande|frånvaro"),
    ("automaattinen", r"automaattinen (?:vastaus|poissaoloviesti|poissaoloilmoitus)"),
    ("poissaolo", r"poissaolo(?:viesti|ilmoitus)"),
    ("otomatik", r"otomatik (?:yanıt|cevap)"),
    ("ofis d", r"ofis dışında"),
    ("automat", r"răspuns automat"),
    ("automātisk", r"automātiskā atbilde"),
    ("automatisk", r".{1,40} automatiska atbilde"),
    ("trả lời", r"trả lời tự động"),
    ("balasan", r"balasan otomatis"),
    ("αυτόματη", r"αυτόματη απάντηση"),
    ("自动", r"自动(?:回复|答复)"),
    ("自動", r"自動(?:回覆|回信|返信|応答)"),
    ("不在", r"不在(?:通知|のお知らせ|連絡)"),
    ("자동", r"자동 ?(?:응답|회신)"),
    ("부재", r"부재 ?중"),
    ("تلقائي", r"(?:ال)?رد (?:ال)?تلقائي"),
    ("אוטומטית", r"תגובה אוטומטית"),
)
REPLY_SUBJECTS: tuple[Row, ...] = (
    ("auto", r"auto(?=:)"),
    ("auto", r"auto(?:mated|matic)[- ](?:message|e-?mail|notification)\s?" + _DASHES),
    ("office", r"(?:.{0,40}\b)?(?:currently )?out[- ]of[- ](?:the )?office\b"),
    ("out of", r"out of (?:town|country)\b"),
    ("ooo", r"ooo\b"),
    ("oof", r"oof\b"),
    ("vacation", r"(?:on |i am on )?vacation\b(?: (?:until|till|from|through|notification)|\s?" + _DASHES + ")"),
    ("holiday", r"(?:on )?holiday\b(?: (?:until|till|from|notice|message|reply)|\s?" + _DASHES + ")"),
    ("leave", r"(?:on )?(?:annual|maternity|paternity|parental|sick) leave"),
    ("away", r"away (?:from (?:the )?(?:office|my (?:mail|e-?mail|desk))|until|on)\b|i.m away|i am away"),
    ("abwesen", r"abwesen(?:d|heit)\w*"),
    ("ich bin", r"ich bin (?:nicht im büro|im urlaub|abwesend)"),
    ("im urlaub", r"im urlaub"),
    ("urlaubs", r"urlaubs(?:abwesenheit|notiz|vertretung)"),
    ("absen", r"(?:je suis )?absente? (?:du bureau|jusqu)|absence\b"),
    ("congé", r"(?:je suis )?en congés?\b"),
    ("assen", r"assenza (?:dall.ufficio|ufficio)|assente\b"),
    ("ausen", r"(?:estoy )?ausente\b|ausencia\b"),
    ("aus", r"ausente do escritório|ausência\b"),
    ("escritório", r"fora do escritório"),
    ("отпуск", r"(?:я )?(?:сейчас )?(?:в|на) отпуске?\b"),
    ("отсутств", r"отсутстви\w* (?:в офисе|на рабочем)|отсутствую\b"),
    ("на рабоч", r"(?:меня )?нет на рабочем месте"),
    ("не на работе", r"не на работе"),
    ("вне офиса", r"вне офиса"),
    ("відпустці", r"я [ув] відпустці|[ув] відпустці"),
    ("відсутн", r"відсутн\w+ (?:в офісі|на робочому)"),
    ("офіс", r"поза офісом|не в офісі"),
    ("одсу", r"одсут(?:ан|на|ност)\w*"),
    ("odsu", r"odsut(?:an|na|nost)\w*"),
    ("kancelari", r"nisam u kancelariji|van kancelarije"),
    ("канцелари", r"нисам у канцеларији|ван канцеларије"),
    ("odmor", r"na (?:godišnjem )?odmoru"),
    ("одмор", r"на (?:годишњем )?одмору"),
    ("амралт", r"(?:ээлжийн )?амралт(?:тай|ын|аа)?\b"),
    ("оффис", r"оффист байхгүй"),
    ("nieobecno", r"nieobecno\w+"),
    ("poza biurem", r"poza biurem"),
    ("urlop", r"(?:na )?urlopie\b"),
    ("kancelář", r"mimo kancelář"),
    ("nepřítom", r"nepřítom\w+"),
    ("afwezig", r"afwezig\w*"),
    ("niet aanwezig", r"niet aanwezig"),
    ("frånvar", r"frånvar\w+"),
    ("fravær", r"fravær\w*"),
    ("kontoret", r"(?:ikke|inte) på kontoret"),
    ("poissa", r"poissa\w*"),
    ("休暇", r".{0,10}休暇"),
    ("休假", r".{0,10}休假"),
    ("外出", r"外出"),
    ("خارج المكتب", r"خارج المكتب"),
)
ACKNOWLEDGED_SUBJECTS: tuple[Row, ...] = (
    (
        "receiv",
        (
            r".{0,60}(?:we have |we.ve |we )received your (?:request|message|e-?mail|"
            r"inquiry|enquiry|ticket|case|submission)"
        ),
    ),
    ("receiv", r"(?:your )?(?:request|ticket|message|inquiry|enquiry|case)\b.{0,40}(?:received|has been received)"),
    ("ticket", r".{0,40}\b(?:your )?ticket\b.{0,40}(?:created|opened|registered|received|closed|resolved|assigned)"),
    ("thank", r"(?:.{0,30} )?thank you for (?:contacting|your (?:message|e-?mail|request|inquiry|enquiry))"),
    ("eingang|eingegangen", r"eingangsbestätigung|ihre anfrage ist (?:bei uns )?eingegangen"),
    ("accus", r"accusé de réception"),
    ("acus", r"acuse de recibo"),
    ("принят|заявка|зарегистрирован", r"(?:ваш[аеи]? |\[?заявка |обращение ).{0,40}(?:принят|зарегистрирован)\w*"),
    ("зарегистр", r"(?:ваш[аеи]? |\[?заявка |обращение ).{0,40}зарегистрирован\w*"),
    ("отримали", r"ми отримали (?:ваш|вашу|ваше)"),
    ("получили", r"мы получили (?:ваш|вашу|ваше)"),
    ("зареєстр", r"(?:ваш[аеу]? |\[?заявк|звернення ).{0,40}зареєстрован\w*"),
    ("прийнят", r"(?:ваш[аеу]? |\[?заявк|звернення ).{0,40}прийнят\w*"),
    ("primili", r"primili smo va[šs]"),
    ("примили", r"примили смо ваш"),
    ("хүлээн ав", r"(?:таны )?(?:хүсэлт|захидал).{0,30}хүлээн ав"),
)

# ------------------------------------------------------------------ first lines of the text

_THIS_IS = r"(?:note: |please (?:note|be advised)(?: that)? )?this (?:is|was) an? (?:one[- ]time |fully |system )?"
_OF_MAIL = (
    r"(?:e-?mail )?(?:reply|response|message|e-?mail|mail|notification|answer|acknowledge?ment|"
    r"notice|alert|confirmation)\b"
)
# … unless a person tells where it stood: "this is an automated message appears when I log in".
_NOT_TOLD = (
    r"(?!\W{1,3}(?:appears?|comes|pops|shows|keeps|is (?:all|what|shown|displayed)|"
    r"(?:when(?:ever)?|that|which) (?:i|we)\b|(?:every|each) time|i (?:get|got|see|saw|receive)))"
)
# … and unless the address is a mistake: that a person says.
_NOT_WRONG = (
    r"(?!\W{1,3}(?:(?:it|this|that|which) )?(?:is|.s|was) (?:wrong|old|incorrect|outdated|my old|a (?:mistake|typo)))"
)
# Only machines say this of their own mail.
MACHINE_TEXTS: tuple[Row, ...] = (
    ("auto", _THIS_IS + r"auto(?:mated|matic|matically)?(?:[- ]generated)? " + _OF_MAIL + _NOT_TOLD),
    ("generated", _THIS_IS + r"(?:computer|system|machine)[- ]generated " + _OF_MAIL + _NOT_TOLD),
    (
        "automatically",
        (
            r"this (?:e-?mail|message|mail|notification|reply) (?:was|is|has been) "
            r"(?:automatically (?:generated|created|sent|composed)|(?:generated|created|sent|composed) automatically)"
        ),
    ),
    (
        "generated by",
        r"this (?:e-?mail|message|mail|notification) (?:was|is|has been) generated by (?:a|an|our|the) auto",
    ),
    ("no person behind", r"there is no person behind this (?:e-?mail|message|address)"),
    ("if you", r"if you (?:did not|didn.t|have not|haven.t) .{3,80}(?:ignore|disregard) this (?:e-?mail|message|mail)"),
    (
        "automatisch",
        r"(?:bitte beachten sie, dass )?(?:diese (?:e-?mail|nachricht|antwort) (?:wurde|wird|ist) automatisch)",
    ),
    ("automatis", r"(?:dies|das|es) (?:ist|handelt sich um) eine[r]? automatisch\w*"),
    (
        "automatique",
        r"(?:ceci est|il s.agit d.)\s?un(?:e)? (?:message|e-?mail|courriel|réponse|mail) (?:envoyé )?automatique",
    ),
    ("automatiquement", r"ce (?:message|courriel|e-?mail|mail) (?:a été|est) (?:généré|envoyé) automatiquement"),
    (
        "autom",
        (
            r"(?:este|esta|éste) es una? (?:mensaje|correo|respuesta|notificación) "
            r"(?:electrónico )?(?:generado )?autom[áa]tic"
        ),
    ),
    ("autom", r"(?:este mensaje|este correo) (?:ha sido|fue|es|se ha) (?:generado|enviado) (?:de forma )?autom[áa]tic"),
    ("autom", r"(?:esta é uma (?:mensagem|resposta)|este é um e-?mail) (?:gerada |enviada )?autom[áa]tic"),
    ("automatic", r"(?:questo|questa) è una? (?:messaggio|risposta|e-?mail) (?:generat[oa] )?automatic"),
    ("automatis", r"dit is een automatisch|dit (?:bericht|e-?mailbericht) (?:is|werd|wordt) automatisch"),
    ("automat", r"(?:ta|to) (?:wiadomość|jest automatyczna)(?: została)? ?(?:wygenerowana |wysłana )?automatyczn"),
    ("automat", r"to jest (?:wiadomość )?automatyczn|(?:toto|tento|tato) .{0,30}automatick"),
    ("automat|automaatti", r"(?:detta|dette|det) (?:är|er) (?:ett|et|en) automati[sc]k|tämä on automaatti"),
    (
        "otomatik",
        r"bu (?:bir )?(?:e-?posta|mesaj|ileti|otomatik).{0,30}otomatik|bu (?:bir )?otomatik (?:mesaj|yanıt|e-?posta)",
    ),
    (
        "авто",
        (
            r"(?:это|данное|настоящее|вы получили) (?:письмо|сообщение|ответ|уведомление)?\s*(?:является |было |— |- )?"
            r"(?:авто(?:матическ\w+|ответ\w*)|(?:создано|сгенерировано|сформировано|отправлено|выслано) автоматически|"
            r"автоматически)"
        ),
    ),
    ("автомат", r"(?:письмо|сообщение|уведомление) (?:создано|сгенерировано|сформировано|отправлено) автоматически"),
    (
        "авто",
        (
            r"(?:це|цей лист|цей електронний лист|це повідомлення|лист) (?:є |було )?(?:авто(?:матичн\w+|відповід\w+)|"
            r"(?:створен\w+|надіслан\w+|згенерован\w+|сформован\w+) автоматично|автоматично)"
        ),
    ),
    ("аутомат", r"(?:ово је|ова порука је|овај имејл је|порука је) (?:генерисана |послата |послат )?аутоматск\w+"),
    (
        "automatsk",
        (
            r"(?:ovo je|ova poruka je|ovaj (?:mejl|imejl|e-?mail) je|poruka je) (?:generisana "
            r"|poslata |poslat )?automatsk\w+"
        ),
    ),
    ("автомат", r"энэ(?:хүү|хүүхэн)? (?:бол )?(?:захидал|захиа|имэйл|мэйл|мессеж)?\s?(?:нь )?(?:бол )?автомат"),
    ("自动", r".{0,12}(?:系统)?自动(?:发送|回复|生成)"),
    ("自動", r".{0,14}自動(?:送信|配信|返信|応答)"),
    ("자동", r".{0,14}자동(?:으로)? ?(?:발송|응답|회신|생성)"),
    ("تلقائي", r"هذ[هاي]+ (?:رسالة|رد|الرسالة).{0,14}تلقائي"),
)
# Machines say this, and now and then a person: nobody who says "I" may stand beside it.
IMPERSONAL_TEXTS: tuple[Row, ...] = (
    (
        "repl",
        r"(?:please )?(?:do not|don.t) reply(?: directly)? to this (?:e-?mail|message|mail|address|automated)"
        + _NOT_WRONG,
    ),
    ("respond", r"(?:please )?(?:do not|don.t) respond to this (?:e-?mail|message|mail|address)" + _NOT_WRONG),
    (
        "repl",
        (
            r"(?:please )?do not reply\s?(?:[.!*\n]|$|as )|replies to this (?:e-?mail|"
            r"message|address) (?:are not|will not|cannot)"
        ),
    ),
    (
        "monitored|in use|active|attended|checked|used|read",
        (
            r"(?:please note(?: that)? )?(?:this|the) (?:e-?mail )?(?:mailbox|inbox|"
            r"e-?mail address|address|account|e-?mail inbox)"
            r"\b.{0,60}\b(?:is|are) (?:not|no longer|un)\s?(?:monitored|in use|active|"
            r"attended|being monitored|checked|used|read)"
        ),
    ),
    ("antwort", r"bitte antworten sie nicht (?:direkt )?auf diese|bitte nicht (?:auf diese .{0,20})?antworten"),
    ("antwort", r"auf diese (?:e-?mail|nachricht|mail) (?:bitte |kann |können sie )?.{0,20}(?:antworten|geantwortet)"),
    ("répond", r"(?:merci de|veuillez) ne pas (?:y )?répondre"),
    (
        "respond",
        (
            r"(?:por favor,? )?no responda (?:a )?este? (?:mensaje|correo|e-?mail)|"
            r"(?:por favor,? )?não responda (?:a )?est[ea]"
        ),
    ),
    ("rispond", r"(?:si prega di )?non rispondere a questa? (?:e-?mail|messaggio|mail)"),
    (
        "beantwoord",
        r"(?:gelieve |u kunt )?(?:niet op )?dit bericht niet (?:te )?beantwoorden|beantwoord (?:dit|deze) .{0,20}niet",
    ),
    ("odpowiad", r"prosimy (?:na nią )?nie odpowiadać"),
    (
        "отвеч",
        (
            r"(?:пожалуйста, |просьба )?не отвеча(?:йте|ть) на (?:это|данное|него) "
            r"?(?:письмо|сообщение)?|отвечать на (?:него|это письмо) не нужно"
        ),
    ),
    ("відпов", r"(?:будь ласка,? |прохання )?не відповіда(?:йте|ти) на (?:цей|це|нього) ?(?:лист|повідомлення)?"),
    ("одгов", r"(?:молимо(?: вас)?(?: да)? )?не одговара(?:јте|ти) на ов(?:у|ај) (?:поруку|мејл|имејл)"),
    ("odgov", r"(?:molimo(?: vas)?(?: da)? )?ne odgovara(?:jte|ti) na ov(?:u|aj) (?:poruku|mejl|imejl|e-?mail)"),
    ("хариу", r"(?:энэ|уг) (?:захидал|захиа|имэйл|мэйл)\w{0,3} (?:битгий |бүү )?хариу"),
    ("勿", r".{0,8}请勿(?:直接)?回复"),
    ("返信", r".{0,20}(?:このメールに|本メールに).{0,20}返信"),
)
ACKNOWLEDGED_TEXTS: tuple[Row, ...] = (
    (
        "receiv",
        (
            r"(?:thank you\W+)?(?:this is to (?:confirm|let you know|acknowledge) "
            r"(?:that )?)?(?:we|i) (?:have |can confirm we have )?"
            r"(?:successfully )?received your (?:support )?(?:message|e-?mail|mail|"
            r"request|inquiry|enquiry|ticket|report|question)\b"
        ),
    ),
    (
        "receiv",
        (
            r"your (?:support )?(?:message|e-?mail|mail|request|inquiry|enquiry|ticket|"
            r"case)\b.{0,60}(?:has been|was) (?:successfully )?received"
        ),
    ),
    (
        "ticket",
        (
            r"(?:a |your |the )?(?:new )?(?:support )?ticket\b.{0,60}(?:has been|"
            r"was|is now) (?:created|opened|registered|received|assigned)"
        ),
    ),
    (
        "request",
        r"your (?:support )?request .{0,60}(?:has been|was) (?:created|registered|received|logged|assigned|submitted)",
    ),
    (
        "thank",
        (
            r"thank(?:s| you) for (?:contacting|writing to|reaching out|getting in "
            r"touch|your (?:e-?mail|message|mail|request|inquiry|enquiry))"
        ),
    ),
    ("anfrage|nachricht", r"(?:vielen dank für )?ihre (?:anfrage|nachricht)|wir haben ihre anfrage"),
    ("nachricht", r"(?:vielen dank für ihre|wir haben ihre) nachricht"),
    ("reçu", r"nous avons bien reçu (?:votre|ta|vos)|votre (?:message|demande) a bien été reçue?"),
    (
        "recibid",
        (
            r"(?:hemos|ha sido) recibido su (?:mensaje|solicitud|consulta)|su (?:mensaje|"
            r"solicitud|consulta) ha sido recibid[oa]"
        ),
    ),
    ("получ", r"(?:мы |нами )?получ(?:или|ено) ваш\w* (?:письмо|сообщение|обращение|запрос|заявк)"),
    (
        "ваш",
        r"ваш[аеу]? (?:обращение|заявка|запрос|письмо|сообщение|заявку)\b.{0,60}(?:получен|принят|зарегистрирован)\w*",
    ),
    ("отрим", r"(?:ми )?отримали ваш\w* (?:лист|повідомлення|звернення|запит|заявк)"),
    ("ваш", r"ваш[аеу]? (?:звернення|заявк[ау]|запит|лист|повідомлення)\b.{0,60}(?:отриман|прийнят|зареєстрован)\w*"),
    ("примили", r"примили смо (?:ваш\w*|вашу)"),
    ("primili", r"primili smo (?:vaš\w*|vas\w*)"),
    ("хүлээн ав", r"(?:бид )?таны (?:хүсэлт|захидал|захиа|имэйл)\w*(?: \S+){0,3} хүлээн ав"),
)
# What else an acknowledgement says, beside that something came in: a number of its own, or when somebody looks at it.
PROMISES = (
    r"\b(?:ticket|case|reference|request|tracking) ?(?:number|no\.?|id|#|nr|is)|\[?ticket ?#|automat|автомат|аутомат|"
    r"(?:will|shall|.ll) (?:\w+ )?(?:be in touch|get back to you|respond|reply|answer|contact you|review|attend)"
    r"[^?]{0,60}(?:within|shortly|soon|hour|day)|"
    r"(?:melden uns|bearbeit\w+|antwort\w*)[^?]{0,60}(?:in kürze|schnellst|baldmöglich|stunden|werktag)|"
    r"dans les (?:meilleurs|plus brefs)|a la (?:mayor )?brevedad|lo antes posible|"
    r"(?:ответим|свяжемся|рассмотр)[^?]{0,60}(?:врем|час|дн|скор)|(?:відповімо|"
    r"зв.яжемося|розглян)[^?]{0,60}(?:час|год|дн|найближч)|"
    r"(?:одговори|јави)ћемо[^?]{0,60}(?:рок|пре|ускоро)|(?:odgovori|javi)ćemo[^?]{0,60}(?:rok|pre|uskoro)|"
    r"(?:хариу|холбогд)[^?]{0,60}(?:хугацаа|цаг)|(?:удахгүй|хугацаа|цаг)[^?]{0,60}(?:хариу|"
    r"холбогд)|(?:специалист|спеціаліст|менеджер|оператор)[^?]{0,40}(?:свяжется|зв.яжеться|ответит)|"
    r"номером? ?№?\d|(?:заявк|обращени|звернен)\w* ?(?:№|#|номер)"
)
