"""How well mail is read: text, quotes and robots on the public corpora, languages and charsets on SIB-200.

    .venv/bin/python bench/quality.py --corpora DIR [--sib DIR]

`--corpora` is the folder with manifest.jsonl and `score_mail.py`, which scores any command. `--sib` is a checkout of
SIB-200 (`data/annotated/<language>/<split>.tsv`, one sentence a row): languages are looked for in the first 40, 100
and 300 characters of its train and test sentences; charsets are guessed for its test sentences, encoded and cut to 12,
40, 200 and 1,000 octets, under no declaration and under two untrue ones. Neither belongs to the project. Prints one
JSON line for each set of figures, and exits 1 below a goal.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.machine import report
from router.mail import charsets, language

ROOT = Path(__file__).resolve().parents[1]
INSPECT = f"{sys.executable} -m router inspect --jsonl"
GOALS = {
    "mime": {"independent_pct": 98.5, "text_present_pct": 100.0},
    "quote": {"exact_pct": 78.0, "mean_f1": 0.94, "f1_ge_90_pct": 88.0},
    "auto": {"precision": 0.995, "recall": 0.99},
}
LANGUAGES = {
    "eng_Latn": "en", "ukr_Cyrl": "uk", "rus_Cyrl": "ru", "srp_Cyrl": "sr", "bos_Latn": "sr", "hrv_Latn": "sr",
    "khk_Cyrl": "mn", "deu_Latn": "de", "fra_Latn": "fr", "spa_Latn": "es", "por_Latn": "pt", "ita_Latn": "it",
    "nld_Latn": "nl", "pol_Latn": "pl", "ces_Latn": "cs", "swe_Latn": "sv", "nob_Latn": "no", "dan_Latn": "da",
    "fin_Latn": "fi", "tur_Latn": "tr", "arb_Arab": "ar", "zho_Hans": "zh", "zho_Hant": "zh", "jpn_Jpan": "ja",
    "kor_Hang": "ko",
}  # fmt: skip
CHARACTERS = (40, 100, 300)
CHARSETS = {
    "rus_Cyrl": "cp1251 koi8-r iso8859-5 cp866", "ukr_Cyrl": "cp1251 koi8-u", "bul_Cyrl": "cp1251",
    "srp_Cyrl": "cp1251", "jpn_Jpan": "cp932 euc-jp iso2022_jp", "kor_Hang": "cp949 iso2022_kr",
    "zho_Hans": "gb18030", "zho_Hant": "big5hkscs", "tha_Thai": "cp874", "ell_Grek": "cp1253 iso8859-7",
    "heb_Hebr": "cp1255", "arb_Arab": "cp1256", "tur_Latn": "cp1254", "pol_Latn": "cp1250 iso8859-2",
    "ces_Latn": "cp1250 iso8859-2", "hun_Latn": "cp1250", "hrv_Latn": "cp1250", "deu_Latn": "cp1252",
    "fra_Latn": "cp1252", "spa_Latn": "cp1252", "swe_Latn": "cp1252", "lit_Latn": "cp1257", "lvs_Latn": "cp1257",
}  # fmt: skip
OCTETS = (12, 40, 200, 1000)
DECLARED = ("", "iso-8859-1", "utf-8")
TRIES = 100  # texts of each length


def scored(corpora: Path) -> dict[str, dict[str, Any]]:
    """What the corpora's own program says of `inspect`."""
    command = [sys.executable, str(corpora / "score_mail.py"), "--corpus", str(corpora), "--batch", INSPECT, "--json"]
    found: dict[str, dict[str, Any]] = json.loads(
        subprocess.run(command, cwd=ROOT, check=True, capture_output=True).stdout
    )
    return {task: found[task] for task in GOALS}


def sentences(sib: Path, name: str, *splits: str) -> list[str]:
    """The sentences of one language."""
    rows: list[str] = []
    for split in splits:
        lines = (sib / "data" / "annotated" / name / f"{split}.tsv").read_text(encoding="utf-8").split("\n")[1:]
        rows += [line.split("\t")[2] for line in lines if line.count("\t") >= 2]
    return rows


def languages(sib: Path) -> dict[str, Any]:
    """Of each language, in percent: right, and wrong ('und' is neither), by characters looked at."""
    found: dict[str, Any] = {}
    for name, wanted in LANGUAGES.items():
        rows = sentences(sib, name, "train", "test")
        joined = [" ".join(rows[at : at + 3]) for at in range(0, len(rows), 3)]
        shares = []
        for characters in CHARACTERS:
            said = [language.detect(text[:characters])[0] for text in (joined if characters > 100 else rows)]
            right, silent = said.count(wanted), said.count(language.UNKNOWN)
            shares.append((100 * right / len(said), 100 * (len(said) - right - silent) / len(said)))
        found[name] = [(round(right, 1), round(wrong, 1)) for right, wrong in shares]
    means = [
        [round(sum(one[at][kind] for one in found.values()) / len(found), 1) for kind in (0, 1)] for at in range(3)
    ]
    return {"mean": means, "languages": found}


def guessed(sib: Path, declared: str) -> dict[str, Any]:
    """Of each charset, in percent: texts that are read exactly, by their octets."""
    found: dict[str, Any] = {}
    for name, codecs in CHARSETS.items():
        rows = sentences(sib, name, "test")
        for codec in codecs.split():
            shares = []
            for octets in OCTETS:
                texts = list(cut(rows, codec, octets))
                right = sum(charsets.decode(text.encode(codec), declared)[0] == text for text in texts)
                shares.append(round(100 * right / max(1, len(texts))))
            found[f"{name} {codec}"] = shares
    return {
        "mean": [round(sum(one[at] for one in found.values()) / len(found), 1) for at in range(4)],
        "charsets": found,
    }


def cut(rows: list[str], codec: str, octets: int) -> Iterator[str]:
    """Texts of at most so many octets that are not ASCII, beginning anywhere in a sentence."""
    chance = random.Random(5)
    for _ in range(TRIES):
        text = " ".join(chance.sample(rows, 8 if octets > 200 else 2))
        text = text[chance.randrange(40) :] if octets < 200 else text
        text = text.encode(codec, "ignore").decode(codec)
        while len(text.encode(codec)) > octets:
            text = text[: -1 - max(0, (len(text.encode(codec)) - octets) // 5)]
        if not text.isascii() and len(text.encode(codec)) >= 0.6 * octets:
            yield text


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--corpora", type=Path, default=os.environ.get("INBOX_ROUTER_CORPORA"))
    parser.add_argument("--sib", type=Path, help="a checkout of SIB-200")
    found = parser.parse_args()
    if found.corpora is None:
        parser.error("--corpora, or INBOX_ROUTER_CORPORA, must name the folder of manifest.jsonl")
    short: list[str] = []
    for task, figures in scored(found.corpora.resolve()).items():
        report(f"quality {task}", goals=GOALS[task], **figures)
        short += [f"{task} {name}" for name, least in GOALS[task].items() if figures[name] < least]
        short += [f"{task} crashes"] if figures["crashes"] else []
    if found.sib:
        report("quality languages", **languages(found.sib))
        for declared in DECLARED:
            report("quality charsets", declared=declared, **guessed(found.sib, declared))
    print(f"below the goal: {', '.join(short)}" if short else "every goal is reached", file=sys.stderr)
    return int(bool(short))


if __name__ == "__main__":
    sys.exit(main())
