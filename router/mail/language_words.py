"""What tells languages apart: letters that few of them have, and words that each of them uses all the time.

The words are the small ones of a language and the ones support mail begins with. No native speaker has checked them.
"""

from __future__ import annotations

from collections.abc import Mapping

# Letters that, within their script, speak for a language. Several languages may share one; sums decide.
LETTERS: Mapping[str, Mapping[str, str]] = {
    "Cyrl": {
        "uk": "іїєґ",
        "ru": "ыэёъ",
        "sr": "јљњђћџ",
        "mn": "өүэ",
        "be": "ўіыэё",
        "mk": "ѓќѕјљњџ",
        "bg": "ъ",
        "kk": "әғқңұһіөү",
        "ky": "ңөү",
        "tt": "әҗңһөү",
        "tg": "ғӣқӯҳҷ",
    },
    "Latn": {
        "sr": "đćčžš",
        "de": "äöüß",
        "fr": "éèêàçùâîôûœ",
        "es": "ñ¿¡óíáéú",
        "pl": "ąęłśźżćńó",
        "cs": "řěůčšžýáíéú",
        "pt": "ãõçáéíóâêô",
        "tr": "ğışçöü",
        "it": "àèìòù",
        "sv": "åäö",
        "da": "åæø",
        "hu": "őűáéíóöü",
        "ro": "ăâîșțşţ",
        "fi": "äö",
        "lv": "āēīūļķņģšžč",
        "lt": "ąčęėįšųūž",
        "et": "õäöü",
        "sl": "čšž",
        "sk": "ľĺŕôäčďťňžšýáíéú",
        "vi": "đơưạảấầẩẫậắằẳẵặ",
        "no": "åæø",
        "az": "ə",
        "is": "þðáéíóúýæö",
        "ca": "àèéíòóúçïü",
        "gl": "ñáéíóú",
        "sq": "ëç",
        "af": "ê",
        "cy": "ŵŷ",
    },
}
# Letters that a language does not have, where its neighbours have them.
ABSENT: Mapping[str, str] = {
    "uk": "өүәңғқұҳһҷыэёъў",
    "ru": "өүәңғқұҳһҷіїєґўјљњћђџ",
    "be": "өүәңғқұҳһҷищъїєґ",
    "bg": "өүәңғқұҳһҷыэёіїєјљњћђџ",
    "mk": "өүәңғқұҳһҷйщъыьюяэёіїєћђ",
    "sr": "өүйщъыьюяэёіїєґѓќѕáéíýěřůúôäöåłąę",
    "kk": "їєґјљњћ",
    "mn": "іїєґјљњћђқғұҳ",
    "ky": "іїєґјљњћқғұҳә",
    "tt": "іїєјљњқғұҳ",
    "sv": "æøõãñ",
    "da": "äöõãñ",
    "no": "äöõãñ",
    "de": "æøåãõñçłąęşğ",
    "es": "ãõçàê",
    "pt": "ñ",
    "it": "ñã",
    "fr": "ñã",
    "sl": "ćđáéíýěřůúäöł",
    "cs": "łąęľĺôäöćđőã",
    "sk": "ěřůłąęćđőã",
    "pl": "ěřůščžäöãñ",
    "fi": "æøõãñçşğ",
    "et": "æøåñçşğ",
    "tr": "ãõñäßåæø",
    "hu": "ãõñäßåæø",
    "ro": "ñãõäößåæøáéó",
    "nl": "ñãõßåæøşğčšž",
    "ca": "ñã",
    "gl": "ãõçàêô",
}
# Ends of words, three to five letters of them, for languages whose words change much.
ENDINGS: Mapping[str, Mapping[str, str]] = {
    "Cyrl": {
        "uk": "ння ться ість ості ного ними ької ський увати ював",
        "ru": "ние ния ться ются ость ости ого его ный ная ные ных ными ешь ской ать ить ает",
        "sr": "ости ост ног них ских ије ију ала ило ити ава",
        "mn": "ийн ийг аас ээс оос өөс тай тэй той сан сэн сон сөн даг дэг дог дөг гүй лаа лээ ууд үүд аар ээр оор",
        "bg": "ние ния ият ата ето ите ски ват",
        "mk": "ата ото ите ски ува",
        "be": "ння асць ага аць",
    },
    "Latn": {
        "en": "ing tion ness ould ght ally ough",
        "de": "ung ungen lich isch keit ieren ierte eich",
        "fr": "ment eux aux ient euse ique elle ées",
        "es": "ción dad mente aron iendo ando idad iones ado ada",
        "pt": "ção ções dade mente aram ando endo inha ões ado ada",
        "it": "zione zioni mente ità ato ata ando endo ello ella ggio ono",
        "nl": "ijk heid ijke lijk isch eren aat oor ieuw aar oud",
        "pl": "ość ego ych ach owa iej cji owy owe ała ały ania enie",
        "cs": "ost ých ého ému ací ení ání ový ové ovat ala aly",
        "sk": "osť ých ého ému enie anie ový ovať ami",
        "sr": "nje nja osti ost nog nih skih ije iju ala ilo iti ava ima ama",
        "sv": "ning arna erna ade ande tion het isk iska lig liga orna",
        "da": "else heden erne ede ende tion hed isk iske lig lige",
        "no": "else heten ene sjon het isk iske lig lige asjon",
        "fi": "ssa ssä sta stä lla llä lta ltä lle een iin vat vät tta ttä nen sen den ien sti ista istä aan ään",
        "et": "use mine sid ste tud est dus lik ega",
        "tr": "lar ler ları leri lık lik nda nde yor mak mek dır dir ında inde nın nin dan den ması mesi ıyor",
        "hu": "ban ben nak nek val vel ság ség ból ből hoz",
        "ro": "ului ilor rii ție ții ează ată",
        "lt": "imo ams oje iai",
        "lv": "šana ības iem",
    },
}
FREQUENT: Mapping[str, Mapping[str, str]] = {
    "Cyrl": {
        "uk": (
            "та що не на з із для як це ви ми мене мені ваш вас будь ласка дякую добрий день доброго дня привіт "
            "вітаю можна коли де чому моє мого замовлення хочу прошу підкажіть рахунок повернення повернути ні так "
            "уже буду був була було є якщо але від до про щодо мій який яка яке які яких цей ця ці того тому також "
            "він вона вони воно його її їх їхні були бути буде можуть може після перед між під над через лише "
            "тільки хоча щоб або чи ще вже дуже більше менше багато всі все всіх кожен інший інші інших роки року "
            "років час часу люди людей перший перша нові новий має мають мав мати немає тут там тепер зараз "
            "сьогодні вчора завтра потім однак проте адже саме навіть свій своє свої себе собі нас вам вами ним ній "
            "них цього цьому цієї тим тих одна один одне два три особливо завдяки згідно стало став стали проти "
            "серед близько понад допоможіть отримав отримала замовив замовила надіслали прийшло працює бачу хотів "
            "хотіла "
        ),
        "ru": (
            "и что не на с для как это вы мы меня мне ваш вас пожалуйста спасибо добрый день здравствуйте привет "
            "можно когда где почему мой моего заказ заказа хочу прошу подскажите счет возврат вернуть нет да уже "
            "буду был была было есть если но от до о по или еще очень при который которая которое которые которых "
            "этот эта эти этого того тому также он она они оно его её ее их были быть будет могут может после перед "
            "между под над через только хотя чтобы ещё более больше менее много все всё всех каждый другой другие "
            "других года году лет время времени люди людей дня первый первая новые новый имеет имеют имел иметь "
            "нету тут там теперь сейчас сегодня вчера завтра потом однако ведь именно даже свой свое свои себя себе "
            "нас вам вами ним ней них этому этой тем тех одна один одно два три особенно благодаря согласно стало "
            "стал стали против среди около свыше является являются чем из к во со об без помогите получил получила "
            "заказал заказала прислали пришло работает вижу хотел хотела деньги товар какой какая "
        ),
        "sr": (
            "и да је се у на за са од не што како ово ви ми мене мени вас ваш молим хвала поштовани добар дан "
            "здраво можете ли када где зашто мој моју поруџбина поруџбине рачун желим повраћај јер али или сам смо "
            "бих само није нисам нисмо били ако још по који која које којих којима овај ова ови тај та то те тога "
            "такође он она они оно његов њен њихов њега њу њих био била било бити буде може могу након пре између "
            "под над кроз преко иако би бисмо већ веома више мање много сви све свих сваки други друге других "
            "година године време времена људи људе дана први прва нови нова има имају имао нема ту тамо сада данас "
            "јуче сутра онда међутим управо чак свој своје свог себе себи нас вам вама њим њој њима овог овом ове "
            "тим тих један једна једно два три посебно током према против међу око постао постала ће ћу ћемо ћете "
            "нисте нису сте шта добио добила наручио наручила послали стигло ради видим хтео хтела "
        ),
        "mn": (
            "байна уу нь юу сайн та би бид энэ тэр болон ба вэ бэ юм гэж болох ямар яаж хэзээ хаана яагаад захиалга "
            "захиалгын баярлалаа хүсэж өгнө надад миний таны танай бол биш үгүй тийм одоо дээр мөнгө буцаан төлбөр "
            "байгаа болно авах хариу аль эдгээр тэд тэдний түүний түүнийг бидний намайг чи мөн ч л хэн бүр бүх бүгд "
            "олон их маш бага илүү хамгийн шинэ хуучин нэг хоёр гурав дөрөв жил жилийн жилд өдөр өдрийн цаг үед үе "
            "хүн хүмүүс хүний байсан байдаг байх байв байж болсон болж болдог гэсэн гэх гэдэг гэвч гэхдээ харин "
            "эсвэл буюу бөгөөд зэрэг тул учир учраас доор дотор гадна өмнө дараа хооронд тухай талаар хүртэл шиг "
            "мэт ийм тэгээд өнөөдөр өчигдөр маргааш хийх хийсэн авсан авч өгсөн өгч очих ирсэн ирж гарсан гарч үзэх "
            "мэдэх хэрэгтэй ёстой чадна чадахгүй байхгүй ирээгүй болоогүй "
        ),
        "be": (
            "і што не на для як гэта вы мы вас дзякуй калі ласка добры дзень прывітанне мой заказ ёсць няма які "
            "якая якое якія гэты гэтая гэтыя таксама ён яна яны яно яго яе іх быў была былі быць будзе можа могуць "
            "пасля перад паміж пад над праз толькі хоць каб або ці яшчэ ўжо вельмі больш менш шмат усе усё кожны "
            "іншы іншыя гады года час людзі першы новы мае маюць тут там цяпер сёння ўчора заўтра потым аднак свой "
            "сябе нас вам адзін адна два тры у ў з са ад "
        ),
        "bg": (
            "и да не на за се с от че как това вие моля благодаря здравейте добър ден поръчка поръчката искам кога "
            "къде съм ми са ли който която което които този тази тези също той тя те то го я ги им беше били бъде "
            "може могат след преди между под над през само когато въпреки или още вече много повече по-малко всички "
            "всеки друг други години година време хора първи нов имат има няма тук там сега днес вчера утре после "
            "обаче защото дори свой своя нас вас вам него нея тях един една едно два три особено според срещу около "
            "сме сте ще бих бяха бил била към във със щях поръчах получих "
        ),
        "mk": (
            "и да не на за се со од што како ова вие ве молам благодарам здраво добар ден нарачка сакам кога каде "
            "сум ми кој која кое кои овој оваа овие исто тој таа тие тоа го ја ги им беше биле биде може можат "
            "после пред меѓу под над низ само иако или уште веќе многу повеќе помалку сите секој друг други години "
            "година време луѓе прв нов имаат има нема тука таму сега денес вчера утре потоа меѓутоа затоа дури свој "
            "нас вас вам него неа нив еден една едно два три особено според против околу сме сте ли ќе би бев беа "
            "бил била кон во нарачав добив бидејќи нивните нејзините "
        ),
        "kk": (
            "және бұл үшін сіз мен бар жоқ рахмет сәлеметсіз бе қалай тапсырыс ол олар біз емес деп болды болады "
            "еді екен бір екі көп барлық кейін дейін туралы арқылы сияқты қазір бүгін кеше ертең жыл адам адамдар "
            "керек мүмкін бірақ немесе себебі қандай қайда қашан "
        ),
        "ky": (
            "жана менен үчүн бул ал алар биз сиз бар жок эмес деп болду болот эле экен бир эки көп бардык кийин "
            "чейин жөнүндө аркылуу сыяктуу азыр бүгүн кечээ эртең жыл адам адамдар керек мүмкүн бирок же себеби "
            "кандай кайда качан боюнча тарабынан "
        ),
        "tt": (
            "һәм белән өчен бу ул алар без сез бар юк түгел дип булды була иде икән бер ике күп барлык соң кадәр "
            "турында кебек хәзер бүген кичә ел кеше кешеләр кирәк ләкин яки чөнки нинди "
        ),
        "tg": (
            "ва бо барои ин он онҳо мо шумо ҳаст нест аст буд буданд мешавад карда шуд як ду бисёр ҳама баъд то дар "
            "аз ба ки бар вале ё чунки кадом куҷо имрӯз сол одамон метавонад "
        ),
    },
    "Latn": {
        "en": (
            "the and to of is in it you that for on with this my your have be was are not can please thanks thank "
            "hi hello dear order when where how what why would could i we me do did from will but if has been any "
            "an our just help need want pls refund cancel invoice there so as at by or they he she his her their "
            "them were had which who whom whose these those into than then also only more most some such no nor "
            "after before between under over through during while because until about against each few other own "
            "same too very now here again once all both she's it's don't didn't can't being its may might must "
            "should shall one two first new time year years people made many around however according since still "
            "often where's i'm i've you're received sent bought got waiting yet never ever am us get make "
        ),
        "sr": (
            "i da je se u na za sa od ne što sta šta kako ovo vi mi mene meni vas vaš vaša molim hvala poštovani "
            "postovani dobar dan zdravo možete mozete li kada gde zašto zasto moj moju porudžbina porudžbine "
            "porudzbina račun racun želim zelim povraćaj jer ali ili sam smo bih nije nisam nisu ako još jos novac "
            "pozdrav narudžba kad su bi me koji koja koje kojih kojima ovaj ova ovi taj ta to te toga također "
            "takođe on ona oni ono njegov njen njihov njega nju njih bio bila bilo biti bude može mogu nakon prije "
            "pre između pod nad kroz preko samo iako bismo već veoma vrlo više manje mnogo svi sve svih svaki drugi "
            "druge drugih godina godine vrijeme vreme ljudi ljude dana prvi prva novi nova ima imaju imao nema tu "
            "tamo sada danas jučer juče sutra onda međutim upravo čak svoj svoje svog sebe sebi nas vam vama njim "
            "njoj njima ovog ovom ove tim tih jedan jedna jedno dva tri posebno tijekom tokom prema protiv među oko "
            "postao postala će ću ćemo ćete niste ste nešto ništa kao tako pa ni niti gdje dok zbog bez kod dobio "
            "dobila naručio naručila poslali stiglo stigla radi vidim hteo htela htio "
        ),
        "de": (
            "und der die das ist nicht ich sie wir ein eine für mit auf zu den von im dem bitte danke hallo guten "
            "tag meine mein bestellung rechnung wann wo wie warum habe haben kann können noch auch bei es sehr "
            "geehrte an wurde dass daß aber oder wenn weil als nach über unter zwischen durch gegen ohne um bis "
            "seit während nur mehr alle alles viele einige andere dieser diese dieses diesen jeder man er ihm ihn "
            "ihr ihre ihren ihrer sein seine seinen war waren wurden werden wird hat hatte sind bin wäre würde "
            "könnte soll sollte muss müssen dann jetzt hier dort heute gestern morgen immer wieder schon so zum zur "
            "beim vom ins des eines einer einem einen keine kein nichts etwas zwei drei jahr jahre jahren zeit "
            "menschen neue neuen erste ersten "
        ),
        "fr": (
            "et le la les de des est je vous nous un une pour avec sur pas ne que qui dans bonjour merci mon ma "
            "votre commande facture quand où comment pourquoi il elle ce cette été avez ai au du plaît mais ou donc "
            "car si comme après avant entre sous sans pendant depuis jusque très plus moins tout tous toute toutes "
            "autre autres même aussi encore toujours jamais ils elles leur leurs son sa ses notre nos vos lui eux "
            "dont ceux celui celle étaient était sont ont avait avaient sera serait peut peuvent doit fait faire "
            "être avoir par aux deux trois an ans année années temps gens premier première nouveau nouvelle c'est "
            "n'est d'un d'une qu'il j'ai l'on selon vers chez contre ainsi cela ça me moi mes aucun reçu "
        ),
        "es": (
            "y el la los las de es que no en un una por para con su mi se lo hola gracias buenos días pedido "
            "factura cuando cuándo donde dónde cómo quiero puedo favor me al del pero está ha o si porque como "
            "después antes entre bajo sin durante desde hasta sobre muy más menos todo todos toda todas otro otra "
            "otros mismo también aún siempre nunca ellos ellas sus nuestro nuestra le les quien cual eran era son "
            "han había fue fueron será sería puede pueden debe hace hacer ser estar tener tiene tienen dos tres año "
            "años tiempo gente primero primera nuevo nueva este esta estos estas ese esa eso esto aquel uno unos "
            "unas ya según contra hacia mediante ni he sido estaba están soy eres hay mis tus recibido compré "
            "todavía embargo "
        ),
        "it": (
            "e il la le di è che non in un una per con mi si ho ciao grazie buongiorno ordine fattura quando dove "
            "come perché mio mia del della al vorrei sono gentile ma o se dopo prima tra fra sotto senza durante "
            "molto più meno tutto tutti tutta tutte altro altri altre stesso anche ancora sempre mai loro suo sua "
            "suoi sue nostro vostro gli lo ne ci vi lui lei cui dei degli delle dello dal dalla dai dalle nel nella "
            "nei nelle sul sulla sui era erano hanno ha aveva fu furono sarà sarebbe può possono deve fa fare "
            "essere avere stato stata stati due tre anno anni tempo gente primo nuova nuovo questo questa questi "
            "queste quello quella ogni uno così già poi alla ai alle allo agli ed hai ricevuto "
        ),
        "pt": (
            "e o a os as de é que não em um uma por para com se meu minha olá obrigado obrigada bom dia pedido "
            "fatura quando onde como quero posso do da no na foi está você mas ou porque depois antes entre sob sem "
            "durante desde até sobre muito mais menos todo todos toda todas outro outra outros outras mesmo também "
            "ainda sempre nunca eles elas seu sua seus suas nosso nossa lhe quem qual eram era são têm tem tinha "
            "foram será seria pode podem deve faz fazer ser estar ter dois duas três ano anos tempo pessoas "
            "primeiro nova novo este esta estes estas esse essa isso isto aquele já ao aos às à pelo pela pelos "
            "pelas num numa dos das nos nas recebi comprei estou estava vocês "
        ),
        "nl": (
            "en de het een is niet ik u je we voor met op te van in dat hallo dank bedankt mijn bestelling factuur "
            "wanneer waar hoe waarom heb kan nog ook bij er naar uw graag maar of als omdat na voordat tussen onder "
            "zonder tijdens sinds tot over door tegen zeer heel meer minder alle alles veel andere ander zelfde "
            "altijd nooit zij hij hun haar zijn ons onze deze dit die wie welke waren was hebben heeft had wordt "
            "worden werd werden zal zou kunnen moet doen gaan twee drie jaar jaren tijd mensen eerste nieuwe nieuw "
            "niets iets geen al dan toen nu hier daar men om aan uit naast volgens bent wij me mij jullie ontvangen "
            "steeds "
        ),
        "pl": (
            "i w z na nie się jest to że do o dla jak proszę dziękuję dzień dobry moje mój zamówienie zamówienia "
            "faktura kiedy gdzie dlaczego czy mam mogę po od za witam ale już oraz lub albo ponieważ gdy który "
            "która które których którzy tego tej tym tych ten ta te być był była było były będzie są może mogą "
            "przed między pod nad przez bez podczas także też bardzo więcej mniej wszystkie wszystko każdy inny "
            "inne innych lat roku czas czasu ludzie ludzi dnia pierwszy nowy nowe ma mają miał jeszcze teraz tutaj "
            "tam dzisiaj wczoraj jutro potem jednak swój swoje siebie nas wam nim niej nich jeden jedna dwa trzy go "
            "mu jej ich jako ze we ku przy według około można został została tylko mi mnie pan pani "
        ),
        "cs": (
            "a je se na v že to s z do o pro jak prosím děkuji dobrý den moje objednávka faktura kdy kde proč mám "
            "mohu ale nebo není jsem protože když který která které kteří kterých tento tato toto tyto ten ta te ty "
            "být byl byla bylo byli bude budou jsou jsme jste může mohou po před mezi pod nad přes bez během od "
            "také velmi více méně všechny všechno každý jiný jiné let roku čas času lidé lidí dne první nový nové "
            "má mají měl ještě už již teď tady tam dnes včera zítra potom však svůj své sebe nás vám nim ní nich "
            "jeden jedna dva tři ho mu její jejich jako ze ve ke při podle asi lze by aby jen pouze kdyby si tom "
            "tím této i k u mi mě dostal dostala "
        ),
        "sv": (
            "och att det i en är på som för med inte jag du vi den till av har kan min tack hej beställning faktura "
            "när var hur ett om eller men där vad vilken vilka efter före mellan under över genom utan sedan mycket "
            "mer mindre alla allt många andra annan samma också alltid aldrig de dem deras sin sitt sina hans "
            "hennes vår våra er era dessa detta denna blev blir hade skall ska skulle kunde måste göra gör vara "
            "varit två tre år tid människor första ny nya något ingen inget nu då här dit från mot vid hos kring "
            "enligt bara kanske så än upp ut in oss mig dig fått fick ännu beställt nån dom "
        ),
        "da": (
            "og at det i en er på som for med ikke jeg du vi den til af har kan min tak hej bestilling faktura "
            "hvornår hvor hvordan et eller men om når hvad hvilken hvilke efter før mellem under over gennem uden "
            "siden meget mere mindre alle alt mange andre anden samme også altid aldrig de dem deres sin sit sine "
            "hans hendes vores jeres disse dette denne var blev bliver havde skal skulle kunne må gøre gør være "
            "været to tre år tid mennesker første ny nye noget nogen nogle ingen intet nu da her fra mod ved hos "
            "omkring ifølge kun måske så end op ud ind os mig dig fået fik endnu bestilt sig blive blevet hvis "
            "hvorfor selv andet hele både blandt dog derfor stadig uge sagde stor store lige inden ville gik kom "
            "tog bruge bruges kendt samt mens flere måtte godt lidt hvem får går ser siger sagen ligger kære venlig "
            "sendt modtaget "
        ),
        "fi": (
            "ja on ei että se en olen minä te me kiitos hei tilaus lasku milloin missä miten miksi voitteko mutta "
            "tai jos kun koska joka jotka jonka mitä mikä kuka kuinka jälkeen ennen välillä alla yli läpi ilman "
            "aikana hyvin enemmän vähemmän kaikki monet muut muu sama myös aina he hän heidän hänen meidän teidän "
            "tämä tuo nämä nuo ne sen sitä oli olivat ollut ovat olla olisi voi voivat voidaan pitää täytyy tehdä "
            "kaksi kolme vuotta vuoden vuonna aika ihmiset ihmisiä ensimmäinen uusi mitään nyt sitten siellä täällä "
            "kanssa mukaan vain ehkä niin kuin eivät ole emme minun minulle sekä jossa joiden joissa jo vielä vasta "
            "noin usein saada saanut tilasin paljon myöskään kuten kuitenkin sillä "
        ),
        "tr": (
            "ve bir bu için ile ne de da mi merhaba teşekkürler lütfen sipariş siparişim fatura nasıl nerede neden "
            "var yok ben siz ama veya çünkü eğer gibi kadar sonra önce arasında altında üzerinde olarak olan oldu "
            "olduğu olduğunu olur olacak vardır daha çok az tüm bütün her diğer aynı ayrıca hep hiç onlar o onun "
            "onların bizim sizin benim şu bunlar şey iki üç yıl yıllar zaman insanlar ilk yeni şimdi burada orada "
            "bugün dün tarafından göre değil mı mu mü ki en sadece belki böyle hangi kim tane ise ancak hâlâ hala "
            "bana size sizi beni aldım geldi gelmedi istiyorum "
        ),
        "mn": (
            "baina uu bn yu sain ene ter yum gej ymar yaj hezee haana yagaad zahialga bayarlalaa bayrlalaa minii "
            "tanii tanai bol bish mungu tulbur butsaah butsaaj avah hariu bolno yumuu ugnuu "
        ),
        "hu": (
            "és a az hogy nem van egy ez kérem köszönöm szia jó napot rendelés számla mikor hol hogyan miért vagy "
            "de ha mert aki ami amely akik után előtt között alatt felett nélkül nagyon több kevesebb minden sok "
            "más ugyanaz is mindig soha ők ő ezek azok volt voltak vannak lesz lehet kell csinálni kettő két három "
            "év éves évek idő emberek első új valami most akkor itt ott szerint csak talán így mint meg fel ki be "
            "el még már azonban amikor ezt azt nekem rendeltem "
        ),
        "ro": (
            "și si de la în nu este un o pentru cu vă mulțumesc bună ziua comanda factura când unde cum sau dar "
            "dacă că care ce după înainte între sub peste prin fără timpul foarte mai mult puțin toți toate alt "
            "alte același asemenea mereu niciodată ei el ea lor lui ai ale al a unei unui acest această aceste "
            "acestea era erau sunt fost fi va vor poate pot trebuie face doi două trei an ani timp oameni primul "
            "nou nouă ceva acum aici acolo conform doar așa decât din pe se își am ați ne nici "
        ),
        "id": (
            "dan yang di ini itu untuk dengan saya anda tidak apa terima kasih pesanan tolong bisa atau tetapi jika "
            "karena bahwa siapa mana kapan bagaimana setelah sebelum antara bawah atas tanpa selama sangat lebih "
            "kurang semua banyak lain sama juga selalu mereka dia kami kita adalah ada akan telah sudah dapat harus "
            "dua tiga tahun waktu orang pertama baru sesuatu sekarang sini sana menurut hanya seperti pada ke dari "
            "dalam oleh sebagai para kepada belum "
        ),
        "vi": (
            "và là của tôi bạn không có cho này xin chào cảm ơn đơn hàng hoặc nhưng nếu vì rằng ai đâu khi sau "
            "trước giữa dưới trên trong rất hơn tất cả nhiều khác cũng luôn họ anh cô chúng đó sẽ đã được phải hai "
            "ba năm người đầu mới bây giờ đây chỉ như các những một với từ đến về ra vào "
        ),
        "sk": (
            "a alebo ale pretože keď ktorý ktorá ktoré ktorí ktorých tento táto toto tieto ten tá byť bol bola bolo "
            "boli bude budú sú som sme ste môže môžu po pred medzi pod nad cez bez počas od tiež veľmi viac menej "
            "všetky všetko každý iný iné rokov roku čas času ľudia ľudí deň dňa prvý nový nové má majú mal ešte už "
            "teraz tu tam dnes včera zajtra potom však svoj svoje seba nás vám nim nej nich jeden jedna dva tri ho "
            "mu jej ich ako zo vo ku pri podľa asi možno by aby len iba keby si tom tým tejto sa na je že s z do v "
            "o i k u pre nie čo prosím ďakujem dobrý objednávka kde kedy "
        ),
        "sl": (
            "in je da se na za z s v iz do od po o pri ki ko ter ali vendar ker kot lahko bi bil bila bilo bili "
            "biti bo bodo so sem smo ste ni niso ima imajo imel tudi zelo več manj vse vsi vsak drug drugi let leta "
            "čas časa ljudje ljudi dan dneva prvi nov nova še že zdaj tukaj tam danes včeraj jutri potem svoj svoje "
            "sebe nas vam njim njej njih eden ena dva tri ga mu njegov njen njihov kako kje kdaj zakaj kaj prosim "
            "hvala naročilo ta to te tega tem teh katerih kateri katera med pred pod nad čez brez samo le kjer če "
            "pa sta "
        ),
        "no": (
            "og at det i en er på som for med ikke jeg du vi den til av har kan min takk hei bestilling faktura "
            "hvor hvordan et om eller men når hva hvilken hvilke etter før mellom under over gjennom uten siden mye "
            "mer mindre alle alt mange andre annen samme også alltid aldri de dem deres sin sitt sine hans hennes "
            "vår våre disse dette denne var ble blir hadde skal skulle kunne må gjøre gjør være vært to tre år tid "
            "mennesker første ny nye noe noen ingen ingenting nå da her fra mot ved hos rundt ifølge bare kanskje "
            "så enn opp ut inn oss meg deg fått fikk ennå bestilt seg bli blitt hvis hvorfor ei eg ikkje frå vere "
            "nokon berre kva korleis dere selv hele både blant dog derfor fortsatt uke sa stor store ville gikk kom "
            "tok bruke brukes kjent samt mens flere fram frem igjen ganske nesten nok veldig slik slike hver helt "
            "tidligere langs godt litt hvem får går ser sier kjære vennlig sendt mottatt "
        ),
        "et": (
            "ja või aga kui sest et kes mis mida mille kus kuidas pärast enne vahel all üle läbi ilma ajal väga "
            "rohkem vähem kõik paljud muud muu sama ka alati nad ta nende tema meie teie see need seda selle oli "
            "olid olnud on olla oleks võib võivad saab peab teha kaks kolm aastat aasta aastal aeg inimesed inimest "
            "esimene uus midagi nüüd siis seal siin koos järgi ainult võib-olla nii ei ole ma minu mulle ning kuid "
            "veel juba tellimus arve tere aitäh palun mul "
        ),
        "ca": (
            "i o però si perquè com després abans entre sota sense durant des fins sobre molt més menys tot tots "
            "tota totes altre altres mateix també encara sempre mai ells elles seu seva seus seves nostre li qui "
            "qual on eren era són han havia va van serà seria pot poden ha fer ser estar tenir té tenen dos tres "
            "any anys temps gent primer nou nova aquest aquesta aquests aquestes això ja el la els les un una uns "
            "unes de del dels al als amb per que no en és hi ho gràcies comanda vostè "
        ),
        "gl": (
            "e ou pero se porque como despois antes entre baixo sen durante desde ata sobre moi máis menos todo "
            "todos toda todas outro outra outros mesmo tamén aínda sempre nunca eles elas seu súa seus súas noso "
            "lle quen cal onde eran era son teñen ten foi foron será sería pode poden debe fai facer ser estar ter "
            "dous dúas tres ano anos tempo xente primeiro novo nova este esta estes estas iso isto xa o a os as un "
            "unha uns unhas do da dos das no na nos nas ao aos á ás polo pola co coa cun que non en é hai grazas "
            "pedido "
        ),
        "lt": (
            "ir arba bet jei nes kad kuris kuri kurie kur kada kaip po prieš tarp be per labai daugiau mažiau visi "
            "viskas kitas kiti taip pat visada jie jis ji jų jo jos mūsų jūsų šis ši šie tai buvo yra bus gali turi "
            "du trys metų metais metai laikas žmonės žmonių pirmas naujas dabar čia ten pagal tik gal iš į su ne "
            "nėra aš man ačiū prašau užsakymas "
        ),
        "lv": (
            "un vai bet ja jo ka kurš kura kuri kur kad kā pēc pirms starp bez ļoti vairāk mazāk visi viss cits "
            "citi arī vienmēr viņi viņš viņa mūsu jūsu šis šī šie tas bija ir būs var divi trīs gadu gada gados "
            "laiks cilvēki pirmais jauns tagad šeit tur tikai no ar uz nav es man paldies lūdzu pasūtījums "
        ),
        "az": (
            "və bir bu üçün ilə nə də amma ya çünki kimi qədər sonra əvvəl arasında altında olan oldu olduğu olur "
            "daha çox az bütün hər digər həmçinin onlar onun bizim sizin mənim iki üç il illər zaman insanlar ilk "
            "yeni indi burada gün tərəfindən görə deyil ki ən yalnız necə hansı kim isə lakin ola bilər var yox "
            "salam zəhmət olmasa təşəkkür sifariş "
        ),
        "uz": (
            "va bilan uchun bu u ular biz siz men bor yo'q emas deb bo'ldi bo'ladi edi ekan bir ikki ko'p barcha "
            "keyin oldin haqida orqali kabi hozir bugun kecha yil odam odamlar kerak mumkin lekin yoki chunki "
            "qanday qayerda qachon ham esa eng ushbu uning ularning "
        ),
        "af": (
            "en of maar as omdat hoe na voor tussen onder sonder tydens sedert tot oor deur teen baie meer minder "
            "alle alles ander dieselfde ook altyd nooit hulle hy sy hul haar ons hierdie dit die wie watter was het "
            "had word is nie 'n vir met van wat dat op te sal sou kan moet doen twee drie jaar tyd mense eerste "
            "nuwe niks iets geen nou hier daar om aan uit volgens my jou u ek dankie n "
        ),
        "is": (
            "og eða en ef því að sem hver hvað hvar hvenær hvernig eftir fyrir milli undir yfir gegnum án mjög "
            "meira minna allir allt margir annar sama líka alltaf aldrei þeir þær þau hann hún þeirra sinn sína "
            "okkar ykkar þetta þessi þessir var eru er voru verið hefur hafa hafði mun myndi getur geta verður gera "
            "tveir þrír ár ára tími fólk fyrsti nýr eitthvað nú þá hér þar frá við hjá samkvæmt aðeins kannski svo "
            "á í um af til með ekki ég takk "
        ),
        "sq": (
            "dhe ose por nëse sepse që kush cili ku kur si pas para midis nën mbi pa gjatë shumë më pak të gjithë "
            "gjitha tjetër tjera njëjtë gjithashtu gjithmonë ata ai ajo tyre tij saj jonë ky kjo këto është ishte "
            "ishin janë kanë ka kishte do mund duhet bëjë dy tre vit vite kohë njerëz njerëzit parë ri tani këtu "
            "atje sipas vetëm në me nga një e i u nuk për faleminderit "
        ),
        "tl": (
            "ang ng mga sa na at ay ito iyon siya sila kami tayo kayo ako ikaw hindi wala may mayroon kung dahil "
            "upang para pero o kapag saan kailan paano sino ano bakit din rin lang pa ba po isa dalawa tatlo taon "
            "tao bago ngayon dito doon ayon bilang nang kanyang kanilang aking ating nito maaari salamat "
        ),
        "sw": (
            "na ya wa kwa katika ni la za cha vya hii hiyo huyo wao yeye sisi ninyi mimi wewe si hakuna kuna kama "
            "lakini au kwamba wakati baada kabla kati chini juu bila sana zaidi wote yote nyingi wengi mwingine pia "
            "daima moja mbili tatu mwaka miaka watu mtu kwanza mpya sasa hapa pale tu asante ambayo ambao kutoka "
            "hadi "
        ),
        "eu": (
            "eta edo baina ez da dira zen ziren du dute zuen izan egin bat bi hiru hau hori hauek horiek oso "
            "gehiago guztiak beste ere beti haiek gu zu ni non noiz nola zergatik ondoren aurretik artean gabe urte "
            "urteko jende lehen berri orain hemen arabera eskerrik asko "
        ),
        "cy": (
            "a'r yn y yr o i ar am gan mae oedd roedd bod wedi nid dim ond hefyd iawn mwy pob llawer arall nhw fe "
            "hi ni chi fi beth pryd sut pam ble ôl cyn rhwng heb blwyddyn pobl cyntaf newydd nawr yma diolch "
        ),
        "ga": (
            "agus an na ar i go leis le do de ag is bhí tá ní níl seo sin ach nó má mar freisin iad sé sí sinn mé "
            "tú cad cá cathain conas fáth tar éis roimh idir gan bliain daoine chéad nua anois anseo "
        ),
    },
}
