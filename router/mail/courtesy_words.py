"""Words of courtesy as regular expressions in lower case: greetings, thanks, sign-offs, in each language.

What stands here says nothing about what a mail wants: a mail of nothing else stops a clock. No native speaker has
checked the tables.
"""

FORMAL_GREETINGS = (
    r"dear|hello|good (?:morning|afternoon|evening|day)|greetings|to whom it may concern",
    r"добрий (?:день|ранок|вечір)|доброго (?:дня|ранку|вечора|часу доби)|вітаю|вітання|шановн\w*|здрастуйте",
    r"добрый (?:день|вечер)|доброе утро|доброго (?:времени суток|дня)|здравствуйте|уважаем\w*|приветствую",
    r"поштован[аеи]?\w*|добар дан|добро (?:јутро|вече)|poštovan[aei]?\w*|postovan[aei]?\w*|dobar dan",
    r"dobro (?:jutro|veče|vece)",
    r"сайн байна уу|эрхэм\w*|хүндэт|амрыг эрье|өглөөний мэнд|өдрийн мэнд|оройн мэнд|sain baina uu",
    r"sehr geehrte\w*|guten (?:tag|morgen|abend)|bonjour|bonsoir|buenos días|buenas tardes|estimad[oa]s?",
    r"buongiorno|gentile|dzień dobry|szanown\w*",
    r"bom dia|boa (?:tarde|noite)|prezad[oa]s?|car[oa]s? (?:senhor\w*|equipa|equipe)|exm[oa]s?|buenas noches",
    r"muy señor(?:es|a)?(?: míos?)?|apreciad[oa]s?|distinguid[oa]s?|madame|monsieur|messieurs|ch(?:er|ère)s?",
    r"buonasera|egregi[oa]?|spett(?:abile|\.le)|werte[rs]?|grüß gott|grüezi|good afternoon",
    (
        r"geachte|beste|goede(?:morgen|middag|navond|ndag)|goeden(?:avond|dag)|dobrý (?:den|večer)|dobré (?:ráno|"
        r"odpoledne)"
    ),
    r"vážen[ýáéí]|dobry wieczór|witam|sayın|iyi (?:günler|akşamlar|çalışmalar)|günaydın",
    r"god (?:dag|morgon|kväll|morgen|aften|kveld|ettermiddag)|goddag|bästa|kjære|kære|ærede",
    r"hyvää (?:päivää|huomenta|iltaa)|huomenta|arvoisa|السلام عليكم|السيد|السادة|عزيزي|تحية طيبة|صباح الخير|مساء الخير",
    r"сайн байцгаана уу|мэндчилье|erkhem|hundet",
)
INFORMAL_GREETINGS = (
    r"hi there|hi all|hi|hey there|heya|hey|hiya|yo|howdy",
    r"привіт\w*|прівєт|хай|доров|здоров",
    r"приветик|привет\w*|хай|салют",
    r"ћао|здраво|хеј|поздрав|ćao|cao|zdravo|hej|pozdrav",
    r"сайн уу|сайн|сайхан|sain uu",
    r"hallo|hallöchen|moin(?: moin)?|servus|liebe[rs]?|salut|coucou|hola|buenas|ciao|salve|cześć|czesc|hejka|siema",
    (
        r"olá|ola|oi|hoi|ahoj|čau|nazdar|hejsan|hejsa|tjena|halla|heisann|hei|moi|moikka|terve|merhaba(?:lar)?|"
        r"selam(?:lar)?"
    ),
    r"مرحبا|مرحباً|أهلا|أهلاً|اهلا|юу байна",
)
THANKS = (
    (
        r"(?:many |much |big |huge )?thank(?:s| ?you)(?: (?:so|very) much| a (?:lot|million|bunch|ton)|"
        r" again| kindly| in advance)*"
    ),
    r"thx|tnx|ty|cheers|much appreciated",
    r"(?:i |we )?(?:really |greatly )?appreciate (?:it|that|your help|the help)|perfect|great|awesome",
    r"excellent|wonderful|got it|received|all good|noted|super|cool",
    r"(?:it|that) (?:works|worked|helped)(?: (?:now|perfectly|great))?|problem solved",
    r"you(?: guys)? (?:are|rock)(?: (?:great|awesome|the best))?",
    (
        r"(?:щиро |дуже |велике |красно )?(?:дякую|дякуємо|спасибі|подяка|вдячн\w+)(?: (?:щиро|дуже|ще раз|"
        r"наперед|заздалегідь|вам|велике))*"
    ),
    r"чудово|супер|отримав|отримала|отримано",
    r"все (?:добре|працює|вийшло|гаразд)",
    (
        r"(?:большое |огромное |спасибо )?(?:спасибо|благодарю|благодарим|благодарен|благодарна|"
        r"признателен)(?: (?:большое|огромное|ещё раз|еще раз|заранее|вам|очень))*"
    ),
    r"отлично",
    r"супер|замечательно|получил|получила|получено|всё (?:хорошо|работает|получилось|понятно)",
    r"все (?:хорошо|работает|получилось|понятно)|ок",
    (
        r"(?:пуно |много |велико )?(?:хвала|захваљујем|захваљујемо|благодарим)(?: (?:пуно|много|лепо|вам|"
        r"најлепше|још једном|унапред))*"
    ),
    r"одлично|супер|примио|примила|све је у реду",
    (
        r"(?:puno |mnogo |veliko )?(?:hvala|zahvaljujem|zahvaljujemo)(?: (?:puno|mnogo|lepo|lijepo|vam|"
        r"najlepše|najlepse|još jednom|unapred))*"
    ),
    r"odlično|odlicno|super|primio|primila",
    r"sve je u redu",
    r"(?:маш их |их |гүн )?(?:баярлалаа|талархлаа|талархаж байна|гялайлаа)(?: (?:маш их|танд|та бүхэнд))*",
    r"ойлголоо|авлаа|хүлээж авлаа|гоё",
    r"(?:mash ih )?(?:bayarlalaa|bayrlalaa)",
    r"(?:vielen |herzlichen |besten )?dank(?:e)?(?: (?:schön|sehr|ihnen|dir|nochmals))*",
    r"merci(?: (?:beaucoup|bien|à vous))*|(?:muchas |mil )?gracias",
    r"(?:mille |molte )?grazie|dziękuję(?: bardzo)?|dzięki|(?:muito )?obrigad[oa]",
    r"(?:hartelijk )?(?:dank|bedankt)(?: (?:u|je))?|tack(?: så mycket)?|(?:mange )?tak",
    r"kiitos|děkuji|(?:çok )?teşekkürler|ok(?:ay)?",
)
# What may stand beside thanks and still say nothing further.
FILLERS = (
    (
        r"for (?:your|the) (?:quick |fast |kind |prompt |great )?(?:help|support|reply|response|answer|"
        r"assistance|time|service|information|info|update)"
    ),
    r"for (?:everything|helping|that|it)",
    r"very much|so much|again|everything|all|team|guys|everyone|and|indeed|really|very|much|a lot",
    (
        r"за (?:вашу |швидку |оперативну |ваш |таку )*(?:допомогу|відповідь|підтримку|роботу|інформацію|"
        r"турботу|розуміння|все|увагу)"
    ),
    r"вам|дуже|і|та|всім|ще раз|команд[оа]",
    (
        r"за (?:вашу |быструю |оперативную |ваш |быстрый )*(?:помощь|ответ|поддержку|работу|информацию|"
        r"понимание|всё|все|внимание)"
    ),
    r"вам|очень|и|всем|ещё раз|еще раз|команда",
    r"на (?:помоћи|одговору|брзом одговору|подршци|свему)|вам|и|много|лепо|за помоћ",
    r"na (?:pomoći|pomoci|odgovoru|brzom odgovoru|podršci|podrsci|svemu)|vam|i|mnogo|lepo|za pomoć",
    r"танд|та бүхэнд|тусалсанд|тусалсан танд|хариу өгсөнд|хурдан хариу өгсөнд|бас",
    r"für (?:ihre|die|deine) (?:schnelle |rasche )?(?:hilfe|antwort|unterstützung)|und",
    r"pour (?:votre|la) (?:aide|réponse)|et|por (?:su|la|tu) (?:ayuda|respuesta)|y",
)
SIGN_OFFS = (
    r"(?:with )?(?:best|kind|warm|many|warmest|kindest)? ?(?:regards|wishes)|best|sincerely",
    r"yours(?: (?:sincerely|faithfully|truly))?|respectfully|take care",
    r"have a (?:nice|great|good|lovely) (?:day|one|weekend|week|evening)|all the best|bye|talk soon",
    r"(?:з|із) (?:повагою|найкращими побажаннями|вдячністю)",
    r"(?:гарного|хорошого|чудового) (?:дня|вечора|вихідних)|всього (?:найкращого|доброго)|до побачення",
    r"на все добре",
    r"с (?:уважением|наилучшими пожеланиями|благодарностью)",
    r"(?:хорошего|доброго|приятного) (?:дня|вечера|выходных)|всего (?:доброго|хорошего|наилучшего)",
    r"до свидания",
    r"(?:срдачан |велики |лијеп |леп )?поздрав|с поштовањем|срдачно|пријатан дан|све најбоље|лп",
    r"(?:srdačan |srdacan |veliki |lep |lijep )?pozdrav|s poštovanjem|s postovanjem",
    r"srdačno|prijatan dan|sve najbolje|lp",
    r"хүндэтгэсэн|хүндэтгэн|хүндэтгэсэн,? баярлалаа|өдрийг сайхан өнгөрүүлээрэй|сайхан өдөр|баяртай",
    r"амжилт хүсье",
    r"mit (?:freundlichen|besten|herzlichen) grüßen|(?:viele|beste|liebe|freundliche) grüße(?: aus \w+)?|mfg|lg|vg",
    r"cordialement|bien (?:à vous|cordialement)|bonne journée|saludos(?: cordiales)?",
    r"un saludo|atentamente|cordiali saluti|distinti saluti|pozdrawiam|z poważaniem|atenciosamente|abraços",
    r"met vriendelijke groet(?:en)?|mvg|groeten|med vänlig(?:a)? hälsning(?:ar)?",
    (
        r"mvh|vh|(?:med )?(?:venlig|vennlig|kærlig|kjærlig)? ?hilsen|(?:med )?(?:vänliga|bästa) hälsningar|hälsningar|"
        r"vänligen"
    ),
    (
        r"(?:s |se )?(?:srdečným )?pozdrav(?:em)?|s přáním (?:hezkého|pěkného) dne|saygılar(?:ımla|ımızla)?|iyi "
        r"(?:günler|"
        r"çalışmalar)"
    ),
    r"ystävällisin terveisin|terveisin|parhain terveisin|t(?:v|erv)\.?|مع (?:خالص )?(?:تحياتي|التحية|الشكر)|تحياتي",
    (
        r"(?:all )?my best|warmly|yours|rgds|br|kr|bests?|thanks (?:and|&) (?:best |kind )?regards|with (?:gratitude|"
        r"respect)"
    ),
    r"з (?:пошаною|вдячністю)|з повагою|щиро ваш[аі]?|ваш[аі]?|гарного дня|мирного (?:дня|неба)|бережіть себе",
    r"с наилучшими|искренне ваш[аи]?|с благодарностью|с любовью|всех благ|хорошего дня",
    r"с поштовањем|поздрав(?:и|љам)?|унапред хвала|живи били|pozdravljam|puno pozdrava|lep pozdrav|lijep pozdrav",
    r"хүндэтгэл(?:тэй|ийн хамт)|хүндэтгэсэн|таныг хүндэтгэсэн|баярлалаа|hundetgesen|khundetgesen|hundetgesen",
    (
        r"(?:mit )?(?:herzliche[nr]?|schöne[nr]?|sonnige[nr]?|lieben?|freundlichen?|besten?|vielen) gr(?:ü|ue)(?:ß|"
        r"ss)en?(?: aus \w+)?"
    ),
    (
        r"hochachtungsvoll|gruß|gruss|grüße|alles gute|bis dann|beste grüße|mit freundlichem gruß|schönen (?:tag|"
        r"abend)(?: noch)?"
    ),
    (
        r"(?:bien |très )?(?:sincèrement|amicalement|respectueusement)|salutations(?: distinguées)?|(?:bonne|belle) "
        r"(?:soirée|journée)"
    ),
    (
        r"cdlt|cdt|bàv|bien à (?:vous|toi)|un cordial saludo|(?:reciba|reciban) un (?:cordial )?saludo|muchas gracias|"
        r"abrazos?|un abrazo"
    ),
    (
        r"(?:com os )?(?:melhores )?cumprimentos|cordialmente|att|abs|saudações|(?:un )?(?:cordiali?|cari) saluti|"
        r"saluti|"
        r"in fede"
    ),
    (
        r"z (?:wyrazami szacunku|pozdrowieniami)|łączę pozdrowienia|pozdrowienia|miłego dnia|groetjes|gr|hartelijke "
        r"groet(?:en)?|vriendelijke groet(?:en)?"
    ),
)

# Lines that a name may follow although they ask for something, so they do not belong to pure thanks.
WAITING = (
    r"(?:i am |i'm |we are )?(?:looking|look) forward to .{0,60}|(?:i am |i'm )?(?:awaiting|waiting for) .{0,40}",
    r"(?:please )?(?:advise|help)(?: asap)?|thanks in advance.{0,40}|thank you in advance.{0,40}|hope to hear .{0,40}",
    r"(?:чекаю|чекаємо|очікую|очікуємо) .{0,40}|наперед дякую.{0,20}|заздалегідь дякую.{0,20}",
    r"(?:жду|ждём|ждем|ожидаю|надеюсь на) .{0,40}|заранее (?:спасибо|благодарю|благодарен|благодарна).{0,20}",
    r"(?:очекујем|чекам) .{0,40}|(?:očekujem|ocekujem|čekam|cekam) .{0,40}|unapred (?:hvala|zahvalan|zahvalna).{0,20}",
    r"хариу .{0,30}хүлээ\w+.{0,12}|урьдчилан баярлалаа|hariu .{0,30}huleej .{0,12}",
    r"(?:ich |wir )?(?:freue|freuen|warte|warten) .{0,60}|(?:danke|vielen dank) im voraus.{0,20}",
    r"dans l.attente .{0,50}|merci d.avance.{0,30}|(?:quedo|quedamos|espero|esperamos) .{0,50}|gracias de antemano",
    (
        r"(?:aguardo|fico) .{0,50}|in attesa .{0,50}|resto in attesa.{0,40}|grazie in anticipo|(?:ik )?(?:hoor|zie) "
        r".{0,50}"
    ),
    (
        r"alvast (?:bedankt|dank).{0,20}|z góry (?:dziękuję|dzięki).{0,20}|předem děkuji.{0,20}|tack på förhand|på "
        r"forhånd tak\w*"
    ),
    r"kiitos etukäteen|şimdiden teşekkürler",
)
# Greetings and sign-offs of languages that put no blanks between words, or whose word ends Python does not see.
FORMAL_CJK = (
    "尊敬的", "您好", "敬启", "拝啓", "お世話になって", "お世話になり", "こんにちは", "こんばんは",
    "おはようございます", "はじめまして", "ご担当者", "担当者様",
    "안녕하세요", "안녕하십니까", "수고하십니다", "수고 많으십니다", "담당자",
)  # fmt: skip
INFORMAL_CJK = ("你好", "大家好", "嗨", "哈喽", "やあ", "どうも", "안녕")
SIGN_OFFS_CJK = (
    r"此致|敬礼|敬禮|顺颂商祺|順頌商祺|祝好|祝商祺|谢谢(?:您|你|大家)?|謝謝(?:您|你)?|多谢|感谢|非常感谢|敬上|"
    r"敬具|草々|以上|よろしくお願い(?:いた|致)?します|"
    r"宜しくお願い(?:いた|致)?します|よろしくお願い申し上げます|"
    r"ありがとうございま(?:す|した)|감사합니다|감사 ?드립니다|고맙습니다|안녕히 계세요|수고하세요|부탁드립니다"
)
SIGNED_CJK = r"敬上|谨上|謹上|拜上|敬启|拝|드림|올림|배상"

# Beginnings of lines under a sign-off that are no names.
NO_NAME = (
    r"sent (?:from|via|with|by)|get outlook|gesendet|von meinem|envoyé|enviad[oa]|inviato|verzonden|verstuurd|"
    r"wysłan[eo]|"
    r"odesláno|skickat|sendt|lähetetty|gönderildi|надіслано|відправлено|отправлено|послато|poslato|илгээ|iphone|ipad|"
    r"android|outlook|mobile|tel|phone|fax|e-?mail|www|http|p\.?s\b|ps\b|re\b|fwd?\b|тел|телефон|утас"
)
# Firms and departments: whose line it is, but no person's name.
FIRM = (
    r"ltd|llc|inc|corp|gmbh|ag|s\.?a\.?|s\.?r\.?l\.?|b\.?v\.?|n\.?v\.?|oy|ab|a\.?s\.?|sp|o\.o\.|d\.o\.o\.?|doo|"
    r"тов|фоп|ооо|оао|зао|ип|ао|д\.о\.о\.?|доо|ххк|хк|xxk|team|support|department|dept|company|group|"
    r"відділ|отдел|служба|команда|тим|tim|служби|abteilung|service|株式会社|有限公司|주식회사"
)
