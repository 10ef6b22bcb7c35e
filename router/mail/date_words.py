"""The words of dates and deadlines in each language, with the forms that its grammar asks for.

Groups are parted by `|`, words by blanks; `_` stands for a blank inside a phrase. Months and weekdays begin with
January and Monday. No native speaker has checked these tables.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """How one language speaks of time. `by` to `since` stand in front of a date, the `after_` ones behind it."""

    days: str = ""  # yesterday's eve | yesterday | today | tomorrow | the day after
    weekdays: str = ""
    weekend: str = ""
    months: str = ""
    units: str = ""  # hours | days | weeks | months | working days
    working: str = ""  # adjectives that make a day a working day
    numbers: str = ""  # one | two | three | …
    next: str = ""
    last: str = ""
    end: str = ""  # the end of a day, week or month
    skipped: str = ""  # may stand between a preposition and its date
    by: str = ""
    before: str = ""
    within: str = ""
    ahead: str = ""
    ago: str = ""
    after_by: str = ""
    after_before: str = ""
    after_within: str = ""
    after_ahead: str = ""
    after_ago: str = ""
    after_next: str = ""
    after_last: str = ""


_CYRILLIC_TO_LATIN = str.maketrans(
    dict(zip("абвгдђежзијклмнопрстћуфхцчш", "abvgdđežzijklmnoprstćufhcčš", strict=True))
    | {"љ": "lj", "њ": "nj", "џ": "dž"}
)
_BARE = str.maketrans({"č": "c", "ć": "c", "ž": "z", "š": "s", "đ": "dj"})


def _serbian(words: Words) -> Words:
    """The same words in Cyrillic, in Latin, and in Latin without diacritics."""
    return Words(**{one.name: _in_three_scripts(getattr(words, one.name)) for one in fields(words)})


def _in_three_scripts(table: str) -> str:
    return " | ".join(
        " ".join(dict.fromkeys((group, latin, latin.translate(_BARE))))
        for group in table.split("|")
        for latin in (group.translate(_CYRILLIC_TO_LATIN),)
    )


_ENGLISH = Words(
    days="| yesterday | today tonight eod cob | tomorrow | ",
    weekdays=("monday mondays | tuesday tues | wednesday | thursday thurs thu | friday fri | saturday | sunday"),
    weekend="weekend",
    months=(
        "january jan | february feb | march mar | april apr | may | june jun | july jul | august aug | "
        "september sep sept | october oct | november nov | december dec"
    ),
    units="hour hours hrs | day days | week weeks | month months | ",
    working="business working work",
    numbers="a an one | two | three | four | five | six | seven | eight | nine | ten",
    next="next coming following",
    last="last past previous",
    end="end_of end_of_the end_of_this eo",
    skipped="the this on at coming latest around approximately about maximum",
    by="by until till no_later_than not_later_than latest_by due due_on due_by deadline at_the_latest up_to",
    before="before prior_to earlier_than ahead_of",
    within="within inside_of in_less_than in_the_next in_under",
    ahead="in",
    after_ago="ago",
    after_ahead="later from_now",
    after_by="at_the_latest latest",
)
_UKRAINIAN = Words(
    days="позавчора | вчора учора | сьогодні | завтра | післязавтра",
    weekdays=(
        "понеділок понеділка понеділку понеділком | вівторок вівторка вівторку | середу середи середа середі | "
        "четвер четверга четвергу | п'ятниця п'ятницю п'ятниці п'ятницею | субота суботу суботи суботі | "
        "неділя неділю неділі"
    ),
    weekend="вихідних вихідні вихідними",
    months=(
        "січня січень | лютого лютий | березня березень | квітня квітень | травня травень | червня червень | "
        "липня липень | серпня серпень | вересня вересень | жовтня жовтень | листопада листопад | грудня грудень"
    ),
    units=(
        "година годину години годин год | день дня дні днів доба добу доби діб | тиждень тижня тижні тижнів | "
        "місяць місяця місяці місяців | "
    ),
    working="робочий робочого робочих робочі",
    numbers=(
        "один одного одну однієї | два дві двох | три трьох | чотири чотирьох | п'ять п'яти | шість шести | сім семи"
    ),
    next="наступний наступного наступної наступну наступному наступним цього_наступного",
    last="минулий минулого минулої минулу минулому",
    end="кінця кінець кінці",
    skipped="цього цієї цю цей саме самого найближчої найближчого орієнтовно",
    by="до не_пізніше не_пізніше_ніж не_пізніш щонайпізніше термін дедлайн",
    before="перед раніше",
    within="протягом впродовж упродовж за в_межах",
    ahead="через",
    after_ago="тому назад",
)
_RUSSIAN = Words(
    days="позавчера | вчера | сегодня | завтра | послезавтра",
    weekdays=(
        "понедельник понедельника понедельнику | вторник вторника вторнику | среду среды среде | "
        "четверг четверга четвергу | пятница пятницу пятницы пятнице | суббота субботу субботы субботе | "
        "воскресенье воскресенья воскресенью"
    ),
    weekend="выходных выходные выходными",
    months=(
        "января январь янв | февраля февраль фев | марта март | апреля апрель апр | мая май | июня июнь | июля июль | "
        "августа август авг | сентября сентябрь сен сент | октября октябрь окт | ноября ноябрь ноя нояб | "
        "декабря декабрь дек"
    ),
    units=(
        "час часа часов | день дня дней дню сутки суток | неделя неделю недели недель неделе | "
        "месяц месяца месяцев месяце | "
    ),
    working="рабочий рабочего рабочих рабочие",
    numbers=(
        "один одного одну одной | два две двух | три трёх трех | четыре четырёх четырех | пять пяти | шесть шести | "
        "семь"
    ),
    next="следующий следующего следующей следующую следующем следующее будущей будущем",
    last="прошлый прошлого прошлой прошлую прошлом прошлое",
    end="конца конец конце",
    skipped="этого этой эту этот самого ближайшей ближайшего ориентировочно",
    by="до не_позднее не_позже не_позднее_чем не_позже_чем крайний_срок срок дедлайн к ко",
    before="перед раньше",
    within="в_течение в_течении за на_протяжении в_пределах",
    ahead="через",
    after_ago="назад тому_назад",
)
_SERBIAN = _serbian(
    Words(
        days="прекјуче прекјучер | јуче јучер | данас | сутра | прекосутра",
        weekdays=(
            "понедељак понедељка понедељком | уторак уторка | среду среде сриједу сриједе | "
            "четвртак четвртка | петак петка петком | суботу суботе субота | недељу недјељу"
        ),
        weekend="викенда викенд викендом",
        months=(
            "јануар јануара јан сијечња | фебруар фебруара феб вељаче | март марта ожујка | април априла апр травња | "
            "мај маја свибња | јун јуна јуни липња | јул јула јули српња | август августа авг коловоза | "
            "септембар септембра сеп септ рујна | октобар октобра окт | новембар новембра нов студеног студенога | "
            "децембар децембра дец просинца"
        ),
        units=(
            "сат сата сати часа часова | дан дана дане | недеља недеље недељу недељи седмица седмице седмицу тједна "
            "тједан | месец месеца месеци мјесец мјесеца мјесеци | "
        ),
        working="радни радног радних радна",
        numbers="један једног једну једне | два две двије | три | четири | пет | шест | седам",
        next=(
            "следећи следећег следеће следећу следећој идући идуће идућег идућу сљедеће сљедећи сљедећу наредне наредни"
        ),
        last="прошли прошлог прошле прошлу прошлој",
        end="краја крај",
        skipped="овог ове ову овај највише око",
        by="до најкасније_до најкасније најкасније_у не_касније_од закључно_са рок",
        before="пре прије пред",
        within="у_року_од у_року током у_наредних у_наредна у_следећа у_следећих",
        ahead="за кроз",
        ago="пре прије",
    )
)
_MONGOLIAN = Words(
    days=(
        "уржигдар urjigdar | өчигдөр uchigdur ochigdor | өнөөдөр өнөөдрийн өнөөдөрт onoodor unuudur  | "
        "маргааш маргаашийн маргаашаас margaash | нөгөөдөр nuguudur nogoodor"
    ),
    weekdays=(
        "даваа_гараг даваа_гарагт даваа_гарагийн davaa_garag davaa_garagt | "
        "мягмар_гараг мягмар_гарагт мягмар_гарагийн myagmar_garag myagmar_garagt | "
        "лхагва_гараг лхагва_гарагт лхагва_гарагийн lkhagva_garag lhagva_garagt lkhagva_garagt | "
        "пүрэв_гараг пүрэв_гарагт пүрэв_гарагийн purev_garag purev_garagt | "
        "баасан_гараг баасан_гарагт баасан_гарагийн baasan_garag baasan_garagt | "
        "бямба_гараг бямба_гарагт бямба_гарагийн byamba_garag byamba_garagt | "
        "ням_гараг ням_гарагт ням_гарагийн nyam_garag nyam_garagt"
    ),
    weekend="амралтын_өдөр амралтын_өдрүүдээр",
    units=(
        "цаг цагийн цагт цагаас tsag tsagiin | хоног хоногийн хоногт хоногоос өдөр өдрийн өдөрт honog honogiin khonog "
        "khonogiin odor odriin | долоо_хоног долоо_хоногийн долоо_хоногт 7_хоног 7_хоногт 7_хоногийн doloo_honog "
        "doloo_honogt | сар сарын сард sar sariin sard | "
    ),
    working="ажлын ajliin",
    numbers="нэг | хоёр | гурав гурван | дөрөв дөрвөн | тав таван | зургаа зургаан | долоо долоон",
    next="ирэх дараа дараагийн irekh ireh daraa daraagiin",
    last="өнгөрсөн өнгөрөгч ongorson ungursun",
    skipped="энэ",
    after_by="гэхэд хүртэл хүртэлх дотор gehed hurtel khurtel dotor",
    after_before="өмнө өмнөхөн -ээс_өмнө umnu omno",
    after_within="дотор дотроо dotor",
    after_ahead="дараа дараад daraa",
    after_ago="өмнө umnu omno",
)
_GERMAN = Words(
    days="vorgestern | gestern | heute | morgen | übermorgen",
    weekdays=("montag | dienstag | mittwoch | donnerstag | freitag | samstag sonnabend | sonntag"),
    weekend="wochenende",
    months=(
        "januar jänner jan | februar feber | märz | april | mai | juni | juli | august | september | oktober okt | "
        "november | "
        "dezember dez"
    ),
    units=(
        "stunde stunden std | tag tage tagen tages | woche wochen | monat monate monaten monats | werktage werktagen "
        "werktag arbeitstage arbeitstagen"
    ),
    numbers="einem einer eines ein eine | zwei | drei | vier | fünf | sechs | sieben",
    next="nächsten nächste nächster nächstes kommenden kommende kommender folgenden",
    last="letzten letzte letzter letztes vergangenen vorigen vergangene",
    end="ende ende_der ende_des ende_dieser ende_dieses",
    skipped="zum zur am den dem der die diesen dieser dieses kommenden spätestens einschließlich",
    by="bis bis_zum bis_spätestens spätestens spätestens_bis spätestens_am frist",
    before="vor noch_vor",
    within="innerhalb innerhalb_von innert binnen in_den_nächsten",
    ahead="in",
    ago="vor",
)
_FRENCH = Words(
    days="avant-hier | hier | aujourd'hui | demain | après-demain",
    weekdays="lundi | mardi | mercredi | jeudi | vendredi | samedi | dimanche",
    weekend="week-end weekend",
    months=(
        "janvier janv | février fév | mars | avril | mai | juin | juillet juil | août | septembre | octobre | "
        "novembre | "
        "décembre déc"
    ),
    units="heure heures | jour jours | semaine semaines | mois | ",
    numbers="un une | deux | trois | quatre | cinq | six | sept",
    end="fin fin_de fin_de_la fin_du la_fin_de la_fin_de_la la_fin_du",
    skipped="le la les ce cette au",
    by="d'ici d'ici_à d'ici_au jusqu'à jusqu'au au_plus_tard au_plus_tard_le pour_le pas_plus_tard_que",
    before="avant",
    within="sous dans_les dans_un_délai_de en_moins_de dans_les_prochains",
    ahead="dans d'ici",
    ago="il_y_a",
    after_next="prochain prochaine",
    after_last="dernier dernière",
)
_SPANISH = Words(
    days="anteayer | ayer | hoy | mañana | ",
    weekdays="lunes | martes | miércoles miercoles | jueves | viernes | sábado sabado | domingo",
    months=(
        "enero | febrero | marzo | abril | mayo | junio | julio | agosto | septiembre setiembre | octubre | "
        "noviembre | "
        "diciembre"
    ),
    units="hora horas | día días dia dias | semana semanas | mes meses | ",
    numbers="un una | dos | tres | cuatro | cinco | seis | siete",
    next="próximo próxima proximo proxima",
    last="pasado pasada",
    end="fin_de finales_de final_de final_del fin_del",
    skipped="el la los las este esta próximo día",
    by="hasta a_más_tardar más_tardar para_el a_más_tardar_el no_más_tarde_de no_más_tarde_del plazo",
    before="antes_de antes_del",
    within="dentro_de en_un_plazo_de en_los_próximos en_menos_de",
    ahead="en dentro_de",
    ago="hace",
    after_next="próximo próxima que_viene",
    after_last="pasado pasada",
)
_PORTUGUESE = Words(
    days="anteontem | ontem | hoje | amanhã | ",
    weekdays="segunda-feira | terça-feira | quarta-feira | quinta-feira | sexta-feira | sábado | domingo",
    weekend="fim-de-semana",
    months=(
        "janeiro | fevereiro fev | março | abril | maio | junho | julho | agosto | setembro | outubro | novembro | "
        "dezembro"
    ),
    units="hora horas | dia dias | semana semanas | mês meses | ",
    numbers="um uma | dois duas | três | quatro | cinco | seis | sete",
    next="próximo próxima",
    last="passado passada último última",
    end="fim_da fim_do fim_de final_da final_do",
    skipped="o a à ao os as esta este próxima próximo dia",
    by="até até_à até_ao até_o até_a no_máximo_até o_mais_tardar prazo",
    before="antes_de antes_da antes_do",
    within="dentro_de em_até no_prazo_de nos_próximos em_menos_de",
    ahead="em daqui_a",
    ago="há",
    after_next="próxima próximo que_vem",
    after_last="passada passado",
    after_ago="atrás",
)
_ITALIAN = Words(
    days="l'altroieri | ieri | oggi | domani | dopodomani",
    weekdays="lunedì | martedì | mercoledì | giovedì | venerdì | sabato | domenica",
    weekend="weekend",
    months=(
        "gennaio genn | febbraio febb | marzo | aprile | maggio | giugno | luglio | agosto | settembre | ottobre | "
        "novembre | "
        "dicembre"
    ),
    units="ora ore | giorno giorni | settimana settimane | mese mesi | ",
    numbers="un una | due | tre | quattro | cinque | sei | sette",
    next="prossimo prossima",
    last="scorso scorsa",
    end="fine fine_della fine_del la_fine_della la_fine_del",
    skipped="il la le i gli questa questo prossimo",
    by="entro entro_il entro_la entro_e_non_oltre fino_a non_oltre al_più_tardi",
    before="prima_di prima_del prima_della",
    within="entro entro_i nei_prossimi in_meno_di",
    ahead="tra fra",
    after_next="prossimo prossima",
    after_last="scorso scorsa",
    after_ago="fa",
)
_DUTCH = Words(
    days="eergisteren | gisteren | vandaag | morgen | overmorgen",
    weekdays="maandag | dinsdag | woensdag | donderdag | vrijdag | zaterdag | zondag",
    weekend="weekend weekeinde",
    months=(
        "januari jan | februari febr | maart mrt | april | mei | juni | juli | augustus | september | oktober | "
        "november | "
        "december"
    ),
    units="uur uren | dag dagen | week weken | maand maanden | werkdag werkdagen",
    numbers="een één | twee | drie | vier | vijf | zes | zeven",
    next="volgende aanstaande komende",
    last="vorige afgelopen",
    end="einde_van eind einde_van_de eind_van_de einde",
    skipped="de het deze a.s aanstaande komende",
    by="tot uiterlijk tegen tot_en_met voor_uiterlijk ten_laatste",
    before="vóór voor",
    within="binnen in_de_komende",
    ahead="over",
    after_ago="geleden",
)
_POLISH = Words(
    days="przedwczoraj | wczoraj | dziś dzisiaj | jutro jutra | pojutrze",
    weekdays=(
        "poniedziałek poniedziałku poniedziałkiem | wtorek wtorku wtorkiem | środę środy środa | czwartek czwartku | "
        "piątek piątku piątkiem | sobotę soboty sobota | niedzielę niedzieli niedziela"
    ),
    weekend="weekend weekendu weekendem",
    months=(
        "stycznia styczeń | lutego luty | marca marzec | kwietnia kwiecień | maja maj | czerwca czerwiec | lipca "
        "lipiec | "
        "sierpnia sierpień | września wrzesień | października październik | listopada listopad | grudnia grudzień"
    ),
    units=(
        "godzina godzinę godziny godzin | dzień dnia dni | tydzień tygodnia tygodnie tygodni tygodniu | "
        "miesiąc miesiąca miesiące miesięcy miesiącu | "
    ),
    working="roboczych robocze roboczy roboczego",
    numbers=(
        "jeden jednego jedną | dwa dwie dwóch | trzy trzech | cztery czterech | pięć pięciu | sześć | siedem siedmiu"
    ),
    next="przyszły przyszłym przyszłego przyszłą przyszłej następny następnym następnego następną",
    last="zeszły zeszłym zeszłego zeszłą ubiegły ubiegłym poprzedni poprzednim",
    end="końca koniec",
    skipped="tego tej tę dnia najbliższego najbliższej",
    by="do najpóźniej najpóźniej_do nie_później_niż nie_później_niż_do termin",
    before="przed",
    within="w_ciągu w_przeciągu w_terminie",
    ahead="za",
    after_ago="temu",
)
_CZECH = Words(
    days="předevčírem | včera | dnes dneska | zítra | pozítří",
    weekdays=(
        "pondělí pondělka | úterý úterka | středu středy středa | čtvrtek čtvrtka | pátek pátku | sobotu soboty | "
        "neděli neděle"
    ),
    weekend="víkend víkendu víkendem",
    months=(
        "ledna leden | února únor | března březen | dubna duben | května květen | června červen | července červenec | "
        "srpna srpen | září | října říjen | listopadu listopad | prosince prosinec"
    ),
    units="hodina hodinu hodiny hodin | den dny dnů dní dne | týden týdne týdny týdnů | měsíc měsíce měsíců | ",
    working="pracovních pracovní pracovního",
    numbers="jeden jednoho jednu | dva dvě dvou | tři tří | čtyři čtyř | pět pěti | šest | sedm",
    next="příští příštím příštího další dalšího",
    last="minulý minulého minulou minulém",
    end="konce konec",
    skipped="tohoto této",
    by="do nejpozději nejpozději_do ne_později_než termín",
    before="před",
    within="během v_průběhu do",
    ahead="za",
    ago="před",
)
_SWEDISH = Words(
    days="förrgår | igår i_går | idag i_dag | imorgon i_morgon imorrn | övermorgon",
    weekdays=(
        "måndag måndagen | tisdag tisdagen | onsdag onsdagen | torsdag torsdagen | fredag fredagen | lördag lördagen "
        "| söndag söndagen"
    ),
    weekend="helgen",
    months=(
        "januari jan | februari feb | mars | april | maj | juni | juli | augusti | september | oktober | november | "
        "december"
    ),
    units="timme timmar | dag dagar dygn | vecka veckor veckan | månad månader | arbetsdag arbetsdagar vardagar",
    numbers="en ett | två | tre | fyra | fem | sex | sju",
    next="nästa kommande",
    last="förra",
    end="slutet_av slutet_på",
    skipped="den på om denna",
    by="senast till fram_till",
    before="före innan",
    within="inom",
    ahead="om",
    after_ago="sedan sen",
)
_DANISH = Words(
    days="forgårs | i_går igår | i_dag idag | i_morgen imorgen | overmorgen",
    weekdays="mandag | tirsdag | onsdag | torsdag | fredag | lørdag | søndag",
    weekend="weekenden helgen",
    months=(
        "januar jan | februar feb | marts mars | april | maj mai | juni | juli | august | september | oktober | "
        "november | "
        "december desember"
    ),
    units=(
        "timer | dag dage dager døgn | uge uger uke uker | måned måneder | hverdage arbejdsdage virkedager arbeidsdager"
    ),
    numbers="en et ett | to | tre | fire | fem | seks | syv sju",
    next="næste neste kommende",
    last="sidste forrige",
    end="slutningen_af slutten_av udgangen_af utgangen_av",
    skipped="den på om denne",
    by="senest inden til",
    before="før",
    within="inden_for indenfor innen",
    ahead="om",
    after_ago="siden",
)
_FINNISH_MONTHS = "tammi helmi maalis huhti touko kesä heinä elo syys loka marras joulu"
_FINNISH = Words(
    days="toissapäivänä | eilen | tänään | huomenna huomiseen | ylihuomenna",
    weekdays=(
        "maanantai maanantaina maanantaihin | tiistai tiistaina tiistaihin | keskiviikko keskiviikkona keskiviikkoon | "
        "torstai torstaina torstaihin | perjantai perjantaina perjantaihin | lauantai lauantaina lauantaihin | "
        "sunnuntai sunnuntaina sunnuntaihin"
    ),
    weekend="viikonloppua viikonloppuun",
    months=" | ".join(
        f"{name}kuuta {name}kuu {name}kuun"
        for name in [
            "tammi",
            "helmi",
            "maalis",
            "huhti",
            "touko",
            "kesä",
            "heinä",
            "elo",
            "syys",
            "loka",
            "marras",
            "joulu",
        ]
    ),
    units=(
        "tunti tuntia tunnin | päivä päivää päivän | viikko viikkoa viikon viikolla | kuukausi kuukautta kuukauden | "
        "arkipäivää arkipäivän työpäivän"
    ),
    numbers="yksi yhden | kaksi kahden | kolme kolmen | neljä neljän | viisi viiden",
    next="ensi seuraavana",
    last="viime",
    by="viimeistään",
    before="ennen",
    after_by="mennessä asti saakka",
    after_within="sisällä kuluessa aikana",
    after_ahead="päästä kuluttua",
    after_ago="sitten",
)
_TURKISH = Words(
    days="| dün | bugün | yarın yarına | ",
    weekdays=(
        "pazartesi pazartesiye pazartesinden | salı salıya | çarşamba çarşambaya | perşembe perşembeye | cuma cumaya "
        "cumadan | cumartesi cumartesiye | pazar_günü pazara pazar_gününe"
    ),
    weekend="hafta_sonu hafta_sonuna haftasonu",
    months=("ocak | şubat | mart | nisan | mayıs | haziran | temmuz | ağustos | eylül | ekim | kasım | aralık"),
    units="saat | gün günü | hafta haftaya | ay | iş_günü",
    numbers="bir | iki | üç | dört | beş | altı | yedi",
    next="gelecek önümüzdeki haftaya",
    last="geçen",
    skipped="günü gününe günün",
    by="en_geç",
    after_by="kadar günü_kadar gününe_kadar",
    after_before="önce",
    after_within="içinde içerisinde",
    after_ahead="sonra",
    after_ago="önce",
)
_ARABIC = Words(
    days="| أمس | اليوم | غدا غداً | ",
    weekdays="الاثنين الإثنين | الثلاثاء | الأربعاء | الخميس | الجمعة | السبت | الأحد",
    months=(
        "يناير | فبراير | مارس | أبريل ابريل | مايو | يونيو | يوليو | أغسطس | سبتمبر | أكتوبر اكتوبر | نوفمبر | ديسمبر"
    ),
    units="ساعة ساعات | يوم أيام ايام | أسبوع أسابيع | شهر أشهر | ",
    skipped="يوم تاريخ",
    by="حتى بحلول في_موعد_أقصاه",
    before="قبل",
    within="خلال في_غضون",
    ahead="بعد",
    ago="منذ قبل",
    after_next="القادم المقبل",
    after_last="الماضي",
)

LANGUAGES: Mapping[str, Words] = {
    "en": _ENGLISH, "uk": _UKRAINIAN, "ru": _RUSSIAN, "sr": _SERBIAN, "mn": _MONGOLIAN, "de": _GERMAN, "fr": _FRENCH,
    "es": _SPANISH, "pt": _PORTUGUESE, "it": _ITALIAN, "nl": _DUTCH, "pl": _POLISH, "cs": _CZECH, "sv": _SWEDISH,
    "da": _DANISH, "fi": _FINNISH, "tr": _TURKISH, "ar": _ARABIC,
}  # fmt: skip


def groups(table: str) -> Iterator[tuple[int, str]]:
    """(place of its group, word or phrase with blanks) of a table."""
    for place, group in enumerate(table.split("|")):
        for word in group.split():
            yield place, word.replace("_", " ")
