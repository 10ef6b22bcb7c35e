"""How absence notes sound, and how a person who asks for something does (rows as in `wording`).

An absence note says that its writer is away and what happens meanwhile, and asks for nothing. A customer who is away
says that too ("I am on vacation until Monday, please deliver on Tuesday"), but asks, or speaks of an order.
"""

from __future__ import annotations

from .wording import Row

_AWAY = (
    r"(?:please note (?:that )?|unfortunately,? )?(?:i|we)(?: am|.m| are|.re| will be| shall be|.ll be) "
    r"(?:currently |presently |now |still )?"
)
ABSENCE_TEXTS: tuple[Row, ...] = (
    ("out of", _AWAY + r"(?:out of (?:the )?(?:office|town|country))"),
    ("leave", _AWAY + r"on (?:(?:annual|sick|maternity|paternity|parental|medical|study) )?leave"),
    ("vacation", _AWAY + r"on (?:a )?vacation"),
    ("holiday", _AWAY + r"on (?:a )?holidays?"),
    ("business trip", _AWAY + r"on a business trip"),
    ("sabbatical", _AWAY + r"on sabbatical"),
    ("away", _AWAY + r"away\b"),
    ("travel", _AWAY + r"travell?ing"),
    ("out ", _AWAY + r"out (?:until|from|on|today|this)"),
    ("my office", _AWAY + r"(?:not in|out from) my office"),
    ("the office", _AWAY + r"(?:not in|out from) the office"),
    ("unavailable", _AWAY + r"unavailable"),
    ("closed", _AWAY + r"closed"),
    ("out of", r"(?:currently |presently )?out of (?:the )?office (?:until|from|till|through|with)"),
    ("away", r"(?:currently )?away (?:from (?:the|my) (?:office|desk|e-?mail|mail)|until)"),
    ("mail while", r"i will not be (?:reading|checking|able to (?:read|check)) my (?:e-?mail|mail) while"),
    ("office", r"(?:the|our) office is closed"),
    ("office", r"i will not be in (?:the|my) office"),
    ("absence", r"(?:during|in) my absence"),
    ("i have", r"i have (?:left (?:the|my)|moved to a (?:new|different))"),
    ("no longer", r"i (?:no longer work|am no longer (?:with|working|employed))\b"),
    (
        "no longer",
        (
            r"(?!the |my |your |it |this |that )\S[^\n.!?]{1,40} (?:is no longer "
            r"(?:with|employed|working (?:at|for|with))|no longer works (?:here|at|"
            r"for))\b"
        ),
    ),
    (
        "has left",
        (
            r"(?!the |my |your |it |this |that )\S[^\n.!?]{1,40} has left (?:the|"
            r"our) (?:company|firm|organi[sz]ation|agency|team|university)"
        ),
    ),
    (
        "ich bin",
        (
            r"ich bin (?:zur ?zeit |derzeit |momentan |aktuell |bis |vom |ab |am "
            r"|im |in |leider |wieder |heute |noch )[^?]{0,60}(?:nicht|abwesend|urlaub|"
            r"büro|erreichbar)"
        ),
    ),
    ("abwesend", r"ich bin [^?\n]{0,40}abwesend"),
    (
        "ich",
        (
            r"(?:derzeit|zur ?zeit|momentan|aktuell|leider|vom [^?\n]{1,40}) bin "
            r"ich [^?]{0,60}(?:nicht|abwesend|urlaub|büro|erreichbar)"
        ),
    ),
    ("befinde", r"ich befinde mich [^?]{0,40}(?:urlaub|elternzeit|dienstreise)"),
    (
        "je ",
        (
            r"je (?:suis|serai) (?:actuellement |pr[ée]sentement )?(?:absente?|en "
            r"(?:congés?|vacances|déplacement)|hors du bureau)"
        ),
    ),
    ("absent", r"(?:actuellement )?absente? (?:du bureau|jusqu)"),
    ("estoy", r"(?:actualmente |ahora )?estoy (?:actualmente )?(?:fuera|de vacaciones|ausente|de viaje)"),
    ("estar", r"(?:estaré|estarei|vou estar) (?:fuera|de vacaciones|ausente|fora|de férias)"),
    ("encuentr", r"(?:actualmente |en este momento )?me encuentro (?:fuera|de vacaciones|ausente)"),
    ("esto", r"(?:neste momento |atualmente )?estou (?:ausente|fora|de férias|em férias)"),
    (
        "sono|sarò",
        (
            r"(?:al momento |attualmente )?(?:sono|sarò) (?:attualmente |al momento "
            r")?(?:fuori (?:ufficio|sede)|in ferie|assente)"
        ),
    ),
    ("sarò", r"sarò (?:fuori (?:ufficio|sede)|in ferie|assente)"),
    (
        "ik ben",
        (
            r"ik ben (?:momenteel |op dit moment |tot |t/m |van )?[^?\n]{0,30}(?:afwezig|"
            r"niet aanwezig|op vakantie|met verlof|niet op kantoor|vrij)"
        ),
    ),
    (
        "ben ik",
        (
            r"(?:momenteel|op dit moment|van [^?\n]{1,40}) ben ik [^?\n]{0,30}(?:afwezig|"
            r"niet aanwezig|op vakantie|met verlof)"
        ),
    ),
    (
        "jestem|przebywam",
        (
            r"(?:obecnie |aktualnie |w dniach [^?\n]{1,40})?(?:jestem |przebywam "
            r")[^?\n]{0,30}(?:nieobecn|na urlopie|poza biurem)"
        ),
    ),
    (
        "przebywam",
        r"(?:obecnie |aktualnie |do [^?\n]{1,20} )?przebywam [^?\n]{0,20}(?:na urlopie|poza biurem|na zwolnieniu)",
    ),
    ("nieobecn", r"(?:w dniach [^?\n]{1,40})?(?:jestem|będę) nieobecn"),
    (
        "jsem",
        (
            r"(?:v současné době |momentálně |do [^?\n]{1,20} )?(?:jsem|nejsem) [^?\n]{0,40}(?:mimo "
            r"kancelář|na dovolené|nepřítom|v kanceláři)"
        ),
    ),
    ("dovolen", r"(?:momentálně |do [^?\n]{1,20} )?(?:jsem |čerpám )[^?\n]{0,30}dovolen"),
    (
        "jag är",
        (
            r"jag är (?:för närvarande |just nu )?[^?\n]{0,20}(?:ledig|bortrest|på "
            r"semester|inte på kontoret|frånvarande|tjänstledig)"
        ),
    ),
    (
        "jeg er",
        (
            r"jeg er (?:for tiden |i øjeblikket |desværre )?[^?\n]{0,20}(?:på ferie|"
            r"på kontoret|fraværende|bortreist|ute av kontoret|ikke til stede)"
        ),
    ),
    ("olen", r"olen (?:tällä hetkellä |parhaillaan )?[^?\n]{0,30}(?:lomalla|poissa|vapaalla|matkoilla)"),
    ("izin", r"[^?\n]{0,60}(?:yıllık )?izinde(?:yim| olacağım)"),
    ("ofis", r"[^?\n]{0,60}ofis(?:te| dışında)(?: değilim|yım| olacağım)"),
    (
        "я",
        (
            r"я (?:сейчас |временно |нахожусь |буду |уехал\w? |в настоящее время "
            r"|до [^?\n]{1,20} )*(?:нахожусь )?(?:[вн]а? отпуске?|вне офиса|в командировке|"
            r"отсутствую|на больничном)"
        ),
    ),
    (
        "нахожусь",
        r"(?:в настоящее время |сейчас |в данный момент )?(?:я )?нахожусь (?:[вн]а? отпуске?|вне офиса|в командировке)",
    ),
    ("отсутств", r"(?:с [^?\n]{1,40} )?(?:я )?(?:буду )?отсутств(?:ую|овать) (?:в офисе|на рабочем|до|с|по)"),
    ("меня ", r"меня (?:сейчас )?(?:нет|не будет) (?:в офисе|на рабочем|на месте|до)"),
    (
        "я ",
        (
            r"(?:(?:з|до) [^?\n.]{1,40} )?я (?:зараз |наразі |тимчасово |перебуваю |буду |до [^?\n]{1,20} )*"
            r"(?:перебуваю )?(?:[ув] відпустці|поза офісом|у відрядженні|відсутн\w+|на лікарняному)"
        ),
    ),
    ("перебуваю", r"(?:зараз |наразі |на даний момент )?(?:я )?перебуваю (?:[ув] відпустці|поза офісом|у відрядженні)"),
    ("мене ", r"мене (?:зараз |наразі )?(?:немає|не буде) (?:[ув] офісі|на робочому|на місці|до)"),
    ("відсутн", r"(?:з [^?\n]{1,40} )?(?:я )?(?:буду )?відсутн(?:ій|я) (?:[ув] офісі|на робочому|до|з|по)"),
    (
        "сам ",
        (
            r"(?:тренутно |до [^?\n]{1,20} )?(?:ја )?(?:сам |нисам )(?:тренутно )?(?:на "
            r"(?:годишњем|одмору|боловању|службеном)|одсут\w+|ван канцеларије|у канцеларији)"
        ),
    ),
    (
        "sam ",
        (
            r"(?:trenutno |do [^?\n]{1,20} )?(?:ja )?(?:sam |nisam )(?:trenutno )?(?:na "
            r"(?:godišnjem|godisnjem|odmoru|bolovanju|službenom)|odsut\w+|van kancelarije|"
            r"u kancelariji)"
        ),
    ),
    ("нисам", r"(?:тренутно )?нисам у канцеларији"),
    ("одсут", r"(?:бићу|биће) одсут\w+|(?:тренутно )?одсут(?:ан|на) сам"),
    ("odsut", r"(?:biću|bice|bicu) odsut\w+|(?:trenutno )?odsut(?:an|na) sam"),
    ("амралт", r"би (?:одоо |одоогоор )?[^?\n]{0,40}амралт\w*"),
    ("оффис", r"би (?:одоо |одоогоор )?[^?\n]{0,40}оффист байхгүй"),
    ("томилолт", r"би (?:одоо |одоогоор )?[^?\n]{0,40}томилолт"),
    ("休", r"[^？?\n]{0,20}(?:休假|休暇)(?:中|をいただ|を頂)"),
    ("不在|外出", r"[^？?\n]{0,30}(?:不在|外出)(?:办公室|にしており|です|となり|期间)"),
    ("办公室", r"[^？?\n]{0,12}不在办公室"),
    ("휴가", r"[^?\n]{0,40}휴가 ?(?:중|입니다|로 인)"),
    ("부재", r"[^?\n]{0,40}부재 ?중"),
    ("خارج المكتب", r"(?:أنا )?(?:حاليا |حالياً )?خارج المكتب"),
    ("إجازة", r"(?:أنا )?(?:حاليا |حالياً )?في إجازة"),
)

# What an absence note says next: back then, answered then, or somebody else meanwhile.
MEANWHILE = (
    r"\b(?:will|shall|.ll|may) (?:\w+ ){0,2}(?:be back|return|reply|respond|answer|"
    r"get back|be returning|follow up|review|have|read|check)|"
    r"(?:returning|return) (?:to|on)|(?:upon|on|after) my return|when i (?:get "
    r"back|return|am back|.m back)|back (?:on|in|at)\b|"
    r"(?:limited|no|sporadic|intermittent|occasional|little) access|checking (?:my )?e-?mail|as soon as (?:possible|i)|"
    r"urgent|emergenc|(?:please|you can|may|kindly) (?:\w+ )?(?:contact|call|"
    r"reach|e-?mail|direct|forward|speak|write to|try|address)|"
    r"thank(?:s| you) for (?:your|the|contacting)|automat|not be (?:forwarded|read)|"
    r"wieder (?:da|erreichbar|im|zurück)|dringend|wenden sie sich|kontaktieren|"
    r"beantworte|nicht weitergeleitet|zurück|ab dem|vielen dank für ihre|"
    r"de retour|retour le|urgen|contacter|répondrai|merci (?:de|pour) votre|veuillez|adresse[rz]|"
    r"regres|volver|vuelta|contact|responder|gracias por|retorn|obrigad[oa] pel|rientr|torn[oe]|rispond|grazie per|"
    r"terug|dringende|neem|beantwoord|powr[oó]|wrac|piln|odpow|kontakt|vrát|odpov|"
    r"nalé|tillbaka|brådskande|återkom|svar|tilbage|tilbake|"
    r"haster|palaan|takaisin|kiireelli|vastaan|dön|acil|iletişim|"
    r"верн|отвечу|срочн|обращ|связ|свяж|письмо|спасибо за|ограничен|повернуся|"
    r"поверн|відповім|термінов|звертай|зв.яж|дякую за|лист|обмежен|"
    r"враћам|врат|одговор|хитн|контакт|обрат|хвала|vraćam|vrat|odgovor|hitn|obrat|hvala|"
    r"эргэ|хариу|яаралтай|холбогд|ажилдаа|баярлалаа|"
    r"回复|联系|返回|返信|連絡|戻|緊急|紧急|感谢|연락|복귀|회신|급한|감사|سأعود|سأرد|عاجل|التواصل|شكرا"
)

# A person who speaks of themselves; robots of mail systems and shops say "we" or "you".
PERSON = (
    r"\b(?:i|i[’'](?:m|ve|d|ll)|my|me|mine|я|мій|моя|моє|мої|мого|моєї|мене|мені|мой|моё|мое|мои|моего|моей|меня|мне|"
    r"ja|moj|moja|moje|mene|meni|ја|мој|моје|мени|би|миний|намайг|надад|ich|mein|meine|meinen|meiner|meinem|mir|mich|"
    r"je|j[’']ai|mon|ma|mes|moi|yo|mi|mis|recibí|eu|meu|minha|io|mio|mia|ik|mijn|mój|mnie|můj|jag|min|mitt|mig|jeg|mit|"
    r"minä|minun|ben|benim|bana|отримав|отримала|получил|получила|отправил|отправила|"
    r"надіслав|надіслала|написал|написала|dobio|dobila|добио|добила)\b"
)

# What a customer asks for or speaks of. A robot that answers mail does neither.
MATTERS = (
    r"\b(?:(?:could|can|would|will) (?:you|we|someone|somebody)|please (?:turn|deliver|"
    r"send|hold|keep|ship|cancel|refund|change|postpone|move|wait|"
    r"let|tell|help|check|confirm|extend|update|remove|stop|fix|explain|advise|"
    r"resend|reschedule|leave|delay|delete|pause|reset|make)|"
    r"i (?:want|need|would like|.d like|ordered|bought|paid|purchased|booked)|"
    r"(?:and|so|but) (?:need|want|wish|would like) to (?:add|ask|cancel|change|close|get|have|know|move|order|"
    r"pause|renew|reschedule|reset|return|stop|switch|transfer|update)|"
    r"i (?:(?:keep|am) getting|(?:always |only |just |still )?(?:get|receive)) (?:an?|the same|this|your) "
    r"(?:auto|error|message|bounce|robot|reply|response)|"
    r"my (?:order|parcel|package|subscription|account|refund|"
    r"delivery|booking|ticket|reservation|invoice|payment|password|app|login|"
    r"card)|order (?:no|number|#|\d)|refund|money back|"
    r"passwor[td]|kennwort|парол\w*|mot de passe|contraseña|lozink\w*|лозинк\w*|"
    r"how (?:do|can|should) i|(?:does|do|did|is|are)(?: not|n.t) work\w*|"
    r"(?:чи )?(?:можете|можна|можливо)|прошу|хочу|замовлен\w*|посилк\w*|(?<!після "
    r")поверне(?:ння|ть)|доставк\w*|доставте|скасуйте|рахун(?:ок|ку)|"
    r"(?:мне|мені) (?:\w+ )?приход(?:ит|ить)|(?<!не )(?:получаю|отримую)|(?<!не )добијам|(?<!ne )dobijam|"
    r"ответьте|помогите|отключите|исправьте|проверьте|дайте відповідь|допоможіть|вимкніть|виправте|перевірте|"
    r"ich (?:bekomme|erhalte) (?:immer|jedes|nur|eine?)|je reçois|ricevo|ik krijg|dostaję|"
    r"можно|хотел\w* бы|заказ\w*|посылк\w*|возврат\w*|верните|отмените|доставьте|счет|счёт|"
    r"можете|може ли|molim|молим|porudžbin\w*|поруџбин\w*|paket\w*|пакет\w*|dostav\w*|"
    r"достав\w*|možete|pošilj\w*|пошиљ\w*|račun\w*|"
    r"захиал\w*|хүргэ\w*|буцаа\w*|боломжтой|болох уу|"
    r"könn(?:en|ten) sie|kann ich|bitte (?:liefern|senden|schicken|stornieren|"
    r"ändern|verschieben|erstatten)|bestell\w*|paket|lieferung\w*|"
    r"erstatt\w*|rückerstatt\w*|rechnung|meine? (?:konto|paket|buchung)|"
    r"pouvez-vous|pourriez-vous|puis-je|commande\w*|colis|livr(?:er|aison|ez)\w*|rembours\w*|facture|"
    r"pued(?:e|en|o)\b|podr[íi]a\w*|pedido\w*|paquete\w*|entreg\w*|reembols\w*|factura)\b"
)

# Things that a customer speaks of; an absence note does not, an acknowledgement may.
THINGS = (
    r"\b(?:the|your|this|our|a) (?:parcel|package|order|delivery|shipment|courier|"
    r"technician|device|app|error|bug|problem|"
    r"issue|invoice|quote|product|website|code|subscription|membership|reservation|booking|refund)\b"
)
