"""Text that was made to keep a pattern busy costs no more than text of its length."""

from __future__ import annotations

import time

import pytest

from router.mail import footers, quotes

HOSTILE = {
    "underscores that never become a separator": "\n".join(["_" * 1900 + " x:"] * 32),
    "stars that never become a rule": "hi\n" + "*" * 60_000 + "x\n-----Original Message-----\nfoo",
    "underscores that never become a name": "hi\n\na" + "_" * 60_000 + "!\n\n+49 170 1234567\njane@x.example",
    "dashes that never become a title": "hi\n---" + "- " * 30_000 + "x\n-----Original Message-----\nfoo",
    "dashes that never become an attribution": "\n".join(["-" * 299] * 200),
    "addresses that never close": "\n".join(["_" * 250 + "1.1.2026(" + "@" * 250 + ":"] * 100),
    "verbs that never end a line": "\n".join(["1.1.2026 a@b" + " wrote" * 20 + " " * 400 + "x:"] * 100),
    "spaces around a link that is none": "hi\n\nSent from my iPhone" + " " * 600 + "[http",
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_hostile_text_is_read_in_time(text: str) -> None:
    """Each took seconds when a pattern looked at the same characters twice; now it takes milliseconds."""
    start = time.process_time()
    footers.split(quotes.remove_quotes(text))
    assert time.process_time() - start < 0.5
