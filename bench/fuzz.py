"""Fuzzing of the mail reader: octets that nobody thought of, led by coverage (atheris), for as long as you say.

    .venv/bin/pip install -e '.[fuzz]'
    .venv/bin/python bench/fuzz.py --seeds DIR --minutes 10 --keep DIR

Seeds are mails in any folder below DIR. A finding is an exception, a value that breaks a promise of `parse` (control
characters, values that do not survive JSON, removal of quotes that is not done at the first time), or a mail that
takes longer than a second. The octets of the finding are written to the folder of `--keep`, and the program exits 1.
"""

from __future__ import annotations

import argparse
import re
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

FORBIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
SLOW_S = 1.0
LONGEST_SEED = 20_000  # octets: small mails mutate best


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    options.add_argument("--seeds", type=Path, required=True, help="a folder of mails to start from")
    options.add_argument("--minutes", type=float, default=10)
    options.add_argument("--keep", type=Path, required=True, help="where findings and the grown corpus are written")
    found = options.parse_args()
    fuzz(found.seeds, found.minutes, found.keep)


def fuzz(seeds: Path, minutes: float, keep: Path) -> None:
    """Does not return: libFuzzer ends the process, with 0 when nothing was found."""
    import atheris

    with atheris.instrument_imports(include=["router.mail", "email"]):
        from router.mail import quotes
        from router.mail.parse import parse
        from router.values import Message, from_json, to_json

    def one(raw: bytes) -> None:
        began = time.process_time()
        message = parse(raw)
        if time.process_time() - began > SLOW_S:
            raise AssertionError(f"slow: {time.process_time() - began:.1f} s")
        texts = (message.subject, message.text, message.full_text, message.signed_as, *message.defects)
        if any(FORBIDDEN.search(text) for text in texts):
            raise AssertionError("a control character came through")
        if from_json(to_json(message), Message) != message:
            raise AssertionError("the value does not survive JSON")
        if quotes.remove_quotes(once := quotes.remove_quotes(message.full_text)) != once:
            raise AssertionError("quotes were left for a second time")

    grown = keep / "corpus"
    grown.mkdir(parents=True, exist_ok=True)
    for number, path in enumerate(sorted(p for p in seeds.rglob("*") if p.is_file())):
        if path.stat().st_size <= LONGEST_SEED:
            (grown / f"seed-{number}").write_bytes(path.read_bytes())
    atheris.Setup(
        [sys.argv[0], str(grown), f"-max_total_time={int(minutes * 60)}", f"-artifact_prefix={keep}/", "-timeout=10"],
        one,
    )
    atheris.Fuzz()


if __name__ == "__main__":
    main()
