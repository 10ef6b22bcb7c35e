"""The likeliest charset of octets that declare none, or the wrong one: how well each explains them as some language.

Each candidate decodes a sample; every character costs about as much as it is rare in the candidate's language, and the
cheapest reading wins. The tables are letters in order of frequency, counted over running text; nothing else is stored.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from math import log

SAMPLE = 1500  # octets that are looked at
_ASCII, _SIGN, _STRANGE, _BROKEN = 3.0, 4.0, 10.0, 14.0  # what a character costs that is no letter of the language
_CAPITAL, _CAMEL, _MIXED, _RUN, _CUT, _FOREIGN = 1.5, 4.0, 2.5, 2.0, 8.0, 6.0
_SIGNS = frozenset("\xa0«»„“”‘’–—…№°€£§©®•·¡¿")
_CAMEL_CASE = re.compile("[a-zß-öø-ÿα-ώа-џґ][A-ZÀ-ÖØ-ÞΆ-ΫЀ-ЯҐ]")
_LATIN_BESIDE_HIGH = re.compile(rb"[A-Za-z][\x80-\xff]|[\x80-\xff][A-Za-z]")
_ASCII_LETTER = re.compile("[A-Za-z]")
_LONG_RUN = re.compile(rb"[\x80-\xff]{3,}")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Script:
    """How the letters of its languages are distributed: the first costs `first`, later ones more."""

    first: float
    slope: float
    falls: float = 0.0  # above 0: logarithmic, with this many letters before it falls; for scripts of thousands
    unlisted: float = _STRANGE
    range: tuple[str, str] = ("", "")  # of unlisted characters that are letters all the same


_SCRIPTS = {
    "alphabet": _Script(first=2.2, slope=0.11),
    "latin": _Script(first=1.2, slope=0.35),
    "thai": _Script(first=2.5, slope=0.06),
    "han": _Script(first=3.4, slope=1.0, falls=8.0, unlisted=8.5, range=("\u4e00", "\u9fff")),
    "kana": _Script(first=3.0, slope=1.0, falls=6.0, unlisted=8.5, range=("\u4e00", "\u9fff")),
    "hangul": _Script(first=3.6, slope=1.0, falls=12.0, unlisted=8.5, range=("\uac00", "\ud7a3")),
}
# Language → script, letters from the most frequent on; of Latin alphabets only those that ASCII lacks.
_LETTERS = {
    "ru": ("alphabet", "оеиатнсрвлкмдпуыягзьбчйхжюшцэфщёъ"),
    "uk": ("alphabet", "оаніитврескдлумпзяьбгчйхюцжшїєщфґ"),
    "be": ("alphabet", "анірытсекломдяпвцузўгбьэчхйшжюёф"),
    "bg": ("alphabet", "аиоетнрсвклдпзмяъгучбжцйхщфшюь"),
    "sr": ("alphabet", "аиеонртсукдвмјлпзгбчцшњхжћљфђџ"),
    "mk": ("alphabet", "аоиетнрсвдклпмузгјбчшцжњфќхѓџѕљ"),
    "mn": ("alphabet", "анэглродийхтусбүөмвжычзеьцшкяпюфё"),
    "el": ("alphabet", "ατοεινσρπκημςυλίόάέγδήωχύθφώβξζψϊΐϋ"),
    "he": ("alphabet", "יוהלרתמבאשםנעדקכחפסטגצןזךףץ"),
    "ar": ("alphabet", "اليمنورتبةعدفسكأقهحجطشى،صإخزضثذغًئءّظآؤ"),
    "fa": ("alphabet", "ايردنهومتبسکلشز\u200cگفقخج،عحپآطصچغضذظئثژ"),
    "th": ("thai", "าน่รกองเ้มัีวยทลดสติบหะแปคจขใืไ์พ็ุชูโำึถซศผณฐษภธญฟฎฉฆฮฒฬๆฯ"),
    "fr": ("latin", "éèàêçôîùâûëïœ"),
    "de": ("latin", "üäöß"),
    "es": ("latin", "óíáéñúü"),
    "pt": ("latin", "ãçéáíóêõúâàô"),
    "it": ("latin", "èàùòéì"),
    "nl": ("latin", "ëéïüóö"),
    "sv": ("latin", "äåöé"),
    "da": ("latin", "åøæé"),
    "is": ("latin", "ðíáþóöæúýé"),
    "fi": ("latin", "äö"),
    "tr": ("latin", "ıüşğçöİâû"),
    "pl": ("latin", "łąęóżśćńź"),
    "cs": ("latin", "íáěéřžýčšůúňóťď"),
    "sk": ("latin", "áíýéžúčšťľôóďňäŕĺ"),
    "hu": ("latin", "éáöóőíüúű"),
    "ro": ("latin", "ăţîşâșț"),
    "hr": ("latin", "čšžćđ"),
    "lt": ("latin", "ėųšžąįūčę"),
    "lv": ("latin", "āīēšūļņžģķč"),
    "et": ("latin", "õäüöšž"),
    "vi": ("latin", "\u0301đ\u0300ươ\u0323ôêâă\u0309\u0303"),
    "zh": (
        "han",
        ("的，。在一是和有这大了为地国可人会行、中以能个不他（）多其上动要时到斯物年些发于家成出里们球生最或来对过都用而后分”旅方学尔通子“常也种如游亚比之前公进"
        "你现同与部车得并利体自表法赛但提加机特它就然者克因间本更经性所德小日作美场由选队开活面当拉理第电运将数月海达力从目该很世果度合员罗手内下科病布次相被入新"
        "化式定议全长受星政区文意主还着水名组马格空称重保州接那联往使结情起明类航量供无岛原只至道非许没英界外二光型立巴司质客需期制西战项示点流应"),
    ),
    "zh-tw": (
        "han",
        ("的，。在是一有國和為地會這、中大人以他可不了上行能動多時其或個成要到物出年家斯球來於最生方也過與之用們發些旅學都法體而常所種同後前將分因但部現「」子賽得"
        "美此就比由對加表車數自電進公海第亞通並理拉（）開爾該及科間場德克本經性作如然文里機定選月達入提特你世下名主日活隊使式小利程力相著許當無重度水更羅運手化長"
        "新果遊西從受非稱員內已結政造者型面病區組馬位類它等任合示需供議說目立路兩全星影界原次較二布州英島客外網應戰雪點巴基保洲光航往三事正意期空"),
    ),
    "ja": (
        "kana",
        ("の、にしはで。ますたるをいとーがてンなれりスルかこらもあトイさラアっうリくックきよ・やドフ国めけロタそ的大行シどカ人つん地レテジィ物場キマ年バブプコオグ"
        "者チえば合サわせ（）動ニ最日「ち」上学間一おャ生多ビ要ム中発ズ旅ウエデ通性出パ会だェナ手用分ほュ子定化セ体みハ理入ネメ月ダ光後ツ部能べ方見世時ケ観選所法"
        "関ポ海ョ数本ミ同自他ピゴボ氏可界ず常立戦気在高事ょ目機水ワ予必ホ連長空代約島成質全現内小航度向力"),
    ),
    "ko": (
        "hangul",
        ("이다는에의을니하은지로가고한서기있를스사인수리도습해으들대어자시아나라과일전적그했보정부상여것만동주구제장위와트국경비성게입공되원우행었세면할문화르마드"
        "합물관소거러요선유미오용중통치모며작운역간계야조안발때프년른연분진터명방않체포개생키양질차식된학타더바레단당려회호크영신후함음반무두결히내카항록번표또데"
        "예태많불람종파법없루독재월티코력건올실산매약형능특같였달류알든각필광남속말직져피곳최교출저까현및병래심버받열처새립점금강험변향증즈술승집"),
    ),
}  # fmt: skip
_WEST = ("fr", "de", "es", "pt", "it", "nl", "sv", "da", "is", "fi")
_EAST = ("pl", "cs", "sk", "hu", "ro", "hr", "de")
# (decoded with, answered, languages, what it costs to be so rare)
_CANDIDATES = (
    ("cp1251", "cp1251", ("ru", "uk", "be", "bg", "sr", "mk"), 0.0),
    ("koi8-u", "koi8-u", ("ru", "uk"), 1.0),
    ("iso8859-5", "iso8859-5", ("ru", "uk", "be", "bg", "sr", "mk"), 3.0),
    ("cp866", "cp866", ("ru", "uk", "be"), 3.0),
    ("mac-cyrillic", "mac-cyrillic", ("ru", "uk"), 5.0),
    ("cp1252", "cp1252", _WEST, 0.0),
    ("mac-roman", "mac-roman", _WEST, 6.0),
    ("cp850", "cp850", _WEST, 6.0),
    ("cp1250", "cp1250", _EAST, 2.0),
    ("iso8859-2", "iso8859-2", _EAST, 2.2),
    ("cp1254", "cp1254", ("tr",), 2.0),
    ("cp1257", "cp1257", ("lt", "lv", "et"), 2.5),
    ("cp1253", "cp1253", ("el",), 1.0),
    ("iso8859-7", "iso8859-7", ("el",), 2.0),
    ("cp1255", "cp1255", ("he",), 0.0),
    ("cp1256", "cp1256", ("ar", "fa"), 0.5),
    ("iso8859-6", "iso8859-6", ("ar",), 3.0),
    ("cp874", "cp874", ("th",), 0.0),
    ("cp1258", "cp1258", ("vi",), 4.0),
    ("cp932", "cp932", ("ja",), 0.0),
    ("euc-jp", "euc-jp", ("ja",), 0.5),
    ("euc-kr", "cp949", ("ko",), 0.0),
    ("cp949", "cp949", ("ko",), 2.0),
    ("gb2312", "gb18030", ("zh",), 0.0),
    ("gb18030", "gb18030", ("zh", "zh-tw"), 2.0),
    ("big5", "big5hkscs", ("zh-tw",), 0.0),
)
_LIKE = {"iso8859-15": "cp1252", "koi8-r": "koi8-u", "iso8859-8": "cp1255", "iso8859-9": "cp1254"}
_SEVERAL_OCTETS = frozenset({"cp932", "euc-jp", "euc-kr", "cp949", "gb2312", "gb18030", "big5"})


@lru_cache(maxsize=64)
def guess(octets: bytes) -> tuple[str, float]:
    """(the likeliest codec, what it costs) of a sample that is not UTF-8."""
    ranked = [(cost(octets, at), codec) for at, (_with, codec, _languages, _rare) in enumerate(_CANDIDATES)]
    best = min(ranked)
    return best[1], best[0]


def cost_as(octets: bytes, codec: str) -> float:
    """What the declared codec costs, less than anything when it is none that we weigh."""
    codec = _LIKE.get(codec, codec)
    return min(
        (cost(octets, at) for at, one in enumerate(_CANDIDATES) if codec in (one[0], one[1])), default=float("-inf")
    )


def cost(octets: bytes, candidate: int) -> float:
    """How badly a candidate explains the octets."""
    codec, _answer, languages, rare = _CANDIDATES[candidate]
    text = octets.decode(codec, "replace")
    several = codec in _SEVERAL_OCTETS
    cut = several and text.endswith("\ufffd")
    if cut:
        text = text[:-1]  # the sample ends within a character
    if text.count("\ufffd") * 4 > len(text):
        return float("inf")
    counted = Counter(text)
    ascii_count = sum(count for character, count in counted.items() if character < "\x80")
    high = [(character, count) for character, count in counted.items() if character >= "\x80"]
    total = rare + ascii_count * _ASCII + min(_of_language(high, language) for language in languages)
    total += len(_CAMEL_CASE.findall(text)) * _CAMEL + cut * _CUT
    if languages[0] in _LATIN:
        return total + sum(len(run) - 2 for run in _LONG_RUN.findall(octets)) * _RUN
    if len(_ASCII_LETTER.findall(text)) > 2 * (len(text) - ascii_count):
        total += _FOREIGN  # hardly a word in its own letters
    return total if several else total + len(_LATIN_BESIDE_HIGH.findall(octets)) * _MIXED


def _of_language(high: list[tuple[str, int]], language: str) -> float:
    script, costs = _COSTS[language]
    start, end = script.range
    total = 0.0
    for character, count in high:
        one = costs.get(character)
        if one is None:
            if character == "\ufffd" or character < "\xa0":
                one = _BROKEN
            elif start <= character <= end:
                one = script.unlisted
            else:
                one = _SIGN if character in _SIGNS else _STRANGE
        total += count * one
    return total


def _costs(name: str, letters: str) -> tuple[_Script, dict[str, float]]:
    script = _SCRIPTS[name]
    found: dict[str, float] = {}
    for rank, letter in enumerate(letters):
        grown = log(1 + rank / script.falls) if script.falls else rank
        found[letter] = script.first + script.slope * grown
        if letter.upper() != letter:
            found.setdefault(letter.upper(), found[letter] + _CAPITAL)
    return script, found


_COSTS = {language: _costs(*one) for language, one in _LETTERS.items()}
_LATIN = frozenset(language for language, (script, _letters) in _LETTERS.items() if script == "latin")
