"""Reading what servers answer."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from router.imap import responses


def test_attributes_stand_before_and_after_the_literal() -> None:
    """A server may put the UID after the body."""
    data = [(b"1 (FLAGS (\\Seen $label1) BODY[]<0> {5}", b"hello"), b" RFC822.SIZE 5 UID 7)"]
    ((uid, found),) = responses.attributes(data)
    assert uid == 7
    assert found[b"BODY[]<0>"] == b"hello"
    assert responses.words(found[b"FLAGS"]) == ("\\Seen", "$label1")
    assert responses.number(found[b"RFC822.SIZE"]) == 5


def test_a_body_is_never_read_as_syntax() -> None:
    """What a stranger wrote in a mail cannot change the UID it belongs to."""
    evil = b'UID 99 FLAGS (\\Deleted) ") BODY[]<0> {3}'
    for data in (
        [(b"1 (UID 7 BODY[]<0> {%d}" % len(evil), evil), b")"],
        [b'1 (UID 7 BODY[]<0> "UID 99 FLAGS (\\\\Deleted) \\") {3}")'],
    ):
        ((uid, found),) = responses.attributes(data)
        assert uid == 7
        assert b"FLAGS" not in found


def test_rows_without_uid_and_odd_rows_are_dropped() -> None:
    """A flag change that nobody asked for is not a message."""
    assert list(responses.attributes([b"3 (FLAGS (\\Seen))", b"4", None, b"", b"5 ()"])) == []


def test_an_empty_body_may_be_nil_or_quoted() -> None:
    """A message without bytes comes as NIL, and a short one in quotes."""
    data = [b"1 (UID 1 BODY[]<0> NIL)", b'2 (UID 2 BODY[]<0> "a \\"b\\" \\\\c")', b'3 (UID 3 BODY[]<0> "NIL")']
    assert [found[b"BODY[]<0>"] for _, found in responses.attributes(data)] == [None, b'a "b" \\c', b"NIL"]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        (b"17-Jul-1996 02:44:25 -0700", datetime(1996, 7, 17, 9, 44, 25, tzinfo=UTC)),
        (b" 1-Feb-2026 23:59:60 +0530", datetime(2026, 2, 1, 18, 29, 59, tzinfo=UTC)),
        (b"31-Dec-9999 23:59:59 -1200", responses.EPOCH),
        (b"99-Foo-2026 00:00:00 +0000", responses.EPOCH),
        (b"nonsense", responses.EPOCH),
        (None, responses.EPOCH),
    ],
)
def test_internaldate_is_utc(written: bytes | None, meant: datetime) -> None:
    """An INTERNALDATE is aware and in UTC; nonsense is 1970, never an error."""
    assert responses.internaldate(written) == meant
    assert responses.internaldate(written).tzinfo is UTC


def test_uid_sets_are_shortest_and_expand_again() -> None:
    """Neighbours become a range; ranges written backwards mean the same."""
    assert responses.ranges([9, 1, 2, 3, 7, 7]) == "1:3,7,9"
    assert responses.ranges([]) == ""
    assert responses.expand(b"5:3,9") == [3, 4, 5, 9]


def test_copyuid_pairs_sources_with_destinations() -> None:
    """Several COPYUID codes of one command add up."""
    assert responses.copied([b"42 304,319:320 3956:3958", b"42 7 1"]) == (42, {304: 3956, 319: 3957, 320: 3958, 7: 1})


@pytest.mark.parametrize("code", [b"42 1:3 9", b"42 1:4294967295 1:4294967295", b"nonsense"])
def test_absurd_copyuid_says_nothing(code: bytes) -> None:
    """Unequal or endless sets count as not known, so that somebody looks."""
    assert responses.copied([code])[1] == {}


def test_appenduid_and_codes() -> None:
    """Response codes are found where servers write them, not in a Python list's brackets."""
    assert responses.appended(b"[APPENDUID 38505 3955] APPEND completed") == (38505, 3955)
    assert responses.appended(b"APPEND completed") == (None, None)
    assert responses.code("select failed: [NONEXISTENT] no [Gmail]/x here") == "NONEXISTENT"
    assert responses.code("UID command error: BAD [b'[CLIENTBUG] Error in IMAP command']") == "CLIENTBUG"
    assert responses.code("UID command error: BAD [b'Error in IMAP command']") == ""


def test_folder_names_come_quoted_as_atoms_and_as_literals() -> None:
    """LIST answers name a folder in three ways."""
    data = [b'(\\HasNoChildren) "/" "a \\"b\\" \\\\c"', b"() NIL atom", (b'(\\Sent) "." {5}', b"li(t)"), b""]
    assert [row[2] for row in responses.parse(data)] == [b'a "b" \\c', b"atom", b"li(t)"]
    assert [row[1] for row in responses.parse(data)] == [b"/", None, b"."]
