"""Small ending tables: the forms that a phrase's word takes in five languages.

A word's forms are made once, when phrases are compiled, so that matching is a look-up. The tables make too many forms
rather than too few: a form that no language has costs a dictionary entry. What they miss (fleeting vowels, other
stems: "денег", "оплачу") comes from a lemmatiser's dictionary (`router.classify.forms`).
"""

from __future__ import annotations

from typing import Final

from router.classify.normalise import fold

SHORTEST_STEM: Final = 2  # letters that must be left of a word's ending

# citation ending → endings of the same paradigm ("-" is none); written in the language's letters, folded below
_TABLES: Final = {
    "en": {
        "y": "y ys ies ied ying yed",
        "e": "e es ed ing",
        "ed": "ed - e s es ing",
        "ing": "ing - e s es ed",
        "s": "s - es ed",
        "": "- s es ed ing",
    },
    "ru": {
        "овать": "овать ую уешь ует уем уете уют овал овала овали уй уйте ован овано ована",
        "нуть": "нуть ну нешь нет нем нете нут нул нула нуло нули ни ните нув",
        "ить": "ить ю лю у ишь ит им ите ят ат ил ила ило или и ь ьте ив ена ено ены ен",
        "ать": "ать аю аешь ает аем аете ают ал ала ало али ай айте ав у ешь ет ем ете ут и ите",
        "ять": "ять яю яешь яет яем яете яют ял яла яло яли яй яйте яв",
        "еть": "еть ею еешь еет ел ела ели ю ишь ит им ите ят",
        "ние": "ние ния нию нием нии ний ниям ниями ниях нье",
        "ие": "ие ия ию ием ии ий иям иями иях",
        "ия": "ия ии ию ией ий иям иями иях",
        "ка": "ка ки ке ку кой кою ок ек кам ками ках",
        "а": "а ы и е у ой ей ою - ам ами ах",
        "я": "я и е ю ей ею ь й ям ями ях",
        "о": "о а у ом е - ам ами ах",
        "е": "е я а ю у ем ом й ей ям ями ях",
        "ь": "ь и ью ей я ю ем е ям ями ях",
        "й": "й я ю ем е и ев ям ями ях",
        "ы": "ы - ов а у ам ами ах",
        "и": "и - ов ей ам ами ах ям ями ях ь",
        "ый": "ый ая ое ые ого ому ым ом ой ую ых ыми",
        "ий": "ий яя ее ие его ему им ем ей юю их ими ая ое ого ому ом ой ую",
        "ой": "ой ая ое ые ие ого ому ым им ом ую ых их ыми ими",
        "ая": "ая ой ую ый ое ые ого ому ым ом ых ыми",
        "ое": "ое ого ому ым ом ый ая ые ой ую ых ыми",
        "ые": "ые ых ым ыми ый ая ое ого ому ом ой ую",
        "": "- а у ом ем е ы и ов ей ам ами ах",
    },
    "uk": {
        "увати": "увати ую уєш ує уємо уєте ують ував увала увало ували уй уйте уймо увано",
        "ювати": "ювати юю юєш ює юємо юєте юють ював ювала ювали юй юйте ювано",
        "нути": "нути ну неш не немо нете нуть нув нула нуло нули ни ніть німо нення нено",
        "ити": "ити ю лю у иш ить имо ите ять ать ив ила ило или и іть імо ь ьте ено",
        "ати": "ати аю аєш ає аємо аєте ають ав ала ало али ай айте у еш е емо ете уть и іть ано",
        "яти": "яти яю яєш яє яємо яєте яють яв яла яло яли яй яйте",
        "іти": "іти ів іла іло іли ію ієш іє іють",
        "ння": "ння нню нням нні нь нням ннями ннях",
        "ття": "ття ттю ттям тті ттям ттями ттях",
        "ія": "ія ії ію ією ій іям іями іях",
        "ка": "ка ки ці ку кою ко ок ек кам ками ках",
        "ок": "ок ку кові ком ка ки ків кам ками ках",
        "а": "а и і у ою ею о - ам ами ах",
        "я": "я і ї ю ею єю ь й ям ями ях",
        "о": "о а у ом і - ам ами ах",
        "е": "е а у ем і - ам ами ах",
        "ь": "ь і ю ям ем я еві ей ів ями ях",
        "й": "й я ю єм ї їв ям ями ях",
        "и": "и ів - ам ами ах ей",
        "і": "і ів ей ь ям ями ях ам ами ах",
        "ий": "ий а е і ого ому им ім ої ій у ою их ими",
        "": "- а у ом ем ові еві і и ів ам ами ах",
    },
    "sr": {
        "овати": "овати ујем ујеш ује ујемо ујете ују овао овала овали уј ујте ован ована овано",
        "нути": "нути нем неш не немо нете ну нуо нула нули ни ните нут нута нуто",
        "ати": "ати ам аш а амо ате ају ао ала али ало ај ајте ем еш е емо ете у и ите ан ана ано",
        "ити": "ити им иш и имо ите е ио ила или ило ен ена ено ење ења",
        "ети": "ети им иш и имо ите е ео ела ели",
        "ење": "ење ења ењу ењем",
        "ање": "ање ања ању ањем",
        "ија": "ија ије ији ију ијом ијо ијама",
        "ка": "ка ке ци ку ком ко кама ака",
        "ац": "ац ца цу цем че ци аца цима це",
        "а": "а е и у о ом ама ",
        "о": "о а у ом има",
        "е": "е а у ем и има ета ету етом",
        "и": "и - а е у ог ом им их има има ова",
        "": "- а у ом ем и е ова еви ева евима овима има",
    },
    "mn": {
        "х": "х ж ч в на нэ но нө сан сэн сон сөн даг дэг дог дөг я ё ье хыг хийг хад хэд хаар хээр хгүй гаад гээд"
        " ад эд аад ээд аач ээч аарай ээрэй маар мээр лаа лээ гаач гээч хаа хээ хын хийн хийгээ хыгаа вал вэл уулах",
        "": "- ын ийн ы ий ыг ийг г д т нд ад аас ээс оос өөс аар ээр оор өөр тай тэй той аа ээ оо өө ууд үүд нь"
        " ны ний ыгаа ийгээ гаа гээ гаар гээр наас нээс дээ даа гүй",
    },
}  # fmt: skip

# A stem's last consonant changes before the endings of the present and the imperative: отказать → откажите.
_SOFTENED: Final = {"z": "ž", "s": "š", "k": "č", "t": "č", "g": "ž", "d": "ž", "h": "š"}
_VERB_ENDINGS: Final = frozenset(map(fold, ("ать", "ить", "ати", "ити")))
_DOUBLING: Final = frozenset("bdglmnprt")
_VOWELS: Final = frozenset("aeiou")


def _folded(table: dict[str, str]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    pairs = [(fold(key), tuple(fold(e) for e in value.replace("-", "").split(" "))) for key, value in table.items()]
    return tuple(sorted(pairs, key=lambda pair: -len(pair[0])))


_FOLDED: Final = {language: _folded(table) for language, table in _TABLES.items()}


def inflected(word: str, language: str) -> frozenset[str]:
    """The folded forms of a `plain` word in a language (`en uk ru sr mn`, with or without a script); itself always."""
    word = fold(word)
    table = _FOLDED.get(language.partition("-")[0])
    if table is None or len(word) < SHORTEST_STEM + 1 or not word.isalpha():
        return frozenset({word})
    ending, endings = _paradigm(word, table)
    stem = word[: len(word) - len(ending)]
    forms = {word, *(stem + each for each in endings)}
    if ending in _VERB_ENDINGS and stem[-1] in _SOFTENED:
        forms |= {stem[:-1] + _SOFTENED[stem[-1]] + each for each in endings}
    if language == "en" and stem[-1] in _DOUBLING and stem[-2] in _VOWELS:
        forms |= {stem + stem[-1] + each for each in ("ed", "ing")}
    return frozenset(forms)


def _paradigm(word: str, table: tuple[tuple[str, tuple[str, ...]], ...]) -> tuple[str, tuple[str, ...]]:
    """The longest ending of the table that leaves a stem, with its paradigm."""
    for ending, endings in table:
        if word.endswith(ending) and len(word) - len(ending) >= SHORTEST_STEM:
            return ending, endings
    return "", ("",)
