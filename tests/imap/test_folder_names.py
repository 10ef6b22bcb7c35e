"""Folder names and uses, as servers of many kinds say them."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from imapclient import imap_utf7

from router.imap import folders
from router.imap.session import Session
from router.imap.special_names import use_of
from tests.imap.scripted import Peer, Scripted


def listed(*lines: bytes) -> dict[str, folders.FolderStatus]:
    """What our survey makes of these LIST lines."""

    def run(peer: Peer) -> None:
        peer.log_in()
        peer.answer(*(b"* LIST " + line for line in lines))

    with Scripted(run) as server:
        session = Session.open(server.server(), "u", "p", timeout=2)
        found = folders.listing(session)
        session._die()
    return found


def named(names: Sequence[str]) -> dict[str, folders.FolderStatus]:
    """Folders without any attribute."""
    return listed(*(b'() "/" "' + imap_utf7.encode(name) + b'"' for name in ("INBOX", *names)))


def test_special_use_is_said_in_any_case() -> None:
    """Cyrus writes it in lower case."""
    found = listed(b'(\\HasNoChildren \\drafts) "/" "X1"', b'(\\SENT) "/" X2', b'(\\Junk) "/" "Sent"')
    assert folders.specials(found) == {"drafts": "X1", "sent": "X2", "junk": "Sent"}


@pytest.mark.parametrize(
    ("names", "uses"),
    [
        (("Чернетки", "Надіслані", "Спам", "Кошик", "Архів"), "drafts sent junk trash archive"),
        (("Черновики", "Отправленные", "Нежелательная почта", "Удалённые"), "drafts sent junk trash"),
        (("Entwürfe", "Gesendete Objekte", "Papierkorb"), "drafts sent trash"),
        (("Нацрти", "Послато", "Смеће"), "drafts sent trash"),
        (("Nacrti", "Poslato", "Otpad"), "drafts sent trash"),
        (("DRAFTS", "Sent Items", "Junk E-mail", "Deleted Items"), "drafts sent junk trash"),
    ],
)
def test_without_special_use_well_known_names_serve(names: tuple[str, ...], uses: str) -> None:
    """Mail programs name them in their user's language."""
    found = folders.specials(named(names))
    assert found == {"inbox": "INBOX", **dict(zip(uses.split(), names, strict=True))}


def test_the_servers_word_beats_a_name_and_the_top_beats_the_depth() -> None:
    """A folder called Sent is no Sent folder when the server names another."""
    found = listed(b'() "/" "Sent"', b'(\\Sent) "/" "Gesendet"', b'() "/" "Old/Drafts"', b'() "/" "Drafts"')
    assert folders.specials(found) == {"sent": "Gesendet", "drafts": "Drafts"}
    assert found["Old/Drafts"].use == ""


def test_gmails_folders() -> None:
    """Specials may lie below a parent that cannot be opened."""
    found = listed(
        b'(\\HasChildren \\Noselect) "/" "[Gmail]"',
        b'(\\All \\HasNoChildren) "/" "[Gmail]/All Mail"',
        b'(\\Drafts \\HasNoChildren) "/" "[Gmail]/Drafts"',
    )
    assert folders.specials(found) == {"all": "[Gmail]/All Mail", "drafts": "[Gmail]/Drafts"}
    assert not found["[Gmail]"].selectable


def test_lines_that_make_no_sense_are_passed_over() -> None:
    """One odd folder does not hide the others; a name that we could not send is not offered."""
    found = listed(b"nonsense", b'() "/"', b'() "/" ""', b'() "/" "&bad"', b'() "/" "raw \xd0\x9a"', b'() "/" "fine"')
    assert found["fine"].selectable
    assert not found["raw К"].selectable


def test_names_with_decomposed_letters_are_the_same_name() -> None:
    """`й` may be one character or two; the server's own spelling is sent back."""

    def run(peer: Peer) -> None:
        peer.log_in()
        peer.answer(b'* LIST () "/" "' + imap_utf7.encode("Й".replace("Й", "И\u0306")) + b'"')
        assert peer.answer() == b'SUBSCRIBE "' + imap_utf7.encode("И\u0306") + b'"'

    with Scripted(run) as server:
        session = Session.open(server.server(), "u", "p", timeout=2)
        assert folders.ensure(session, ["Й"]) == ()
        session._die()


@pytest.mark.parametrize(
    ("namespace", "prefix", "separator"),
    [
        (b'(("" "/")) NIL NIL', "", "/"),
        (b'(("INBOX." ".")) (("user." ".")) NIL', "INBOX.", "."),
        (b'(("" "/" "X-PARAM" ("F1" "F2"))("#mh/" "/")) NIL NIL', "", "/"),
        (b"NIL NIL NIL", "", "\\"),
        (b'(("" NIL)) NIL NIL', "", "\\"),
    ],
)
def test_namespaces_of_every_kind(namespace: bytes, prefix: str, separator: str) -> None:
    """Extensions are passed over; without a personal namespace LIST says the separator."""

    def run(peer: Peer) -> None:
        peer.send(b"* OK hello\r\n")
        peer.answer(b"* CAPABILITY IMAP4rev1")
        peer.answer(status=b"OK [CAPABILITY IMAP4rev1 NAMESPACE] in")
        peer.answer(b"* NAMESPACE " + namespace)
        if separator == "\\":
            peer.answer(b'* LIST (\\Noselect) "\\\\" ""')

    with Scripted(run) as server:
        session = Session.open(server.server(), "u", "p", timeout=2)
        assert (session.prefix, session.separator) == (prefix, separator)
        session._die()


def test_a_slash_inside_a_name_is_not_a_level() -> None:
    """Where `.` separates, a folder may hold `/` in its name, and both spellings stay apart."""

    def run(peer: Peer) -> None:
        peer.send(b"* OK hello\r\n")
        peer.answer(b"* CAPABILITY IMAP4rev1")
        peer.answer(status=b"OK [CAPABILITY IMAP4rev1] in")
        peer.answer(b'* LIST (\\Noselect) "." ""')
        peer.answer(b'* LIST () "." "a/b"', b'* LIST () "." "a.b"')

    with Scripted(run) as server:
        session = Session.open(server.server(), "u", "p", timeout=2)
        found = folders.listing(session)
        assert [session.spell(name) for name in found] == ["a/b", "a.b"]
        assert "a/b" in found
        session._die()


def test_parents_are_made_only_where_the_server_does_not() -> None:
    """A refused CREATE is tried again with its parents."""

    def run(peer: Peer) -> None:
        peer.log_in()
        peer.answer(b'* LIST () "/" "INBOX"')
        assert peer.answer(status=b"NO no parent") == b'CREATE "a/b/c"'
        assert [peer.answer() for _ in range(4)] == [
            b'CREATE "a"', b'CREATE "a/b"', b'CREATE "a/b/c"', b'SUBSCRIBE "a/b/c"',
        ]  # fmt: skip

    with Scripted(run) as server:
        session = Session.open(server.server(), "u", "p", timeout=2)
        assert folders.ensure(session, ["a/b/c"]) == ("a", "a/b", "a/b/c")
        session._die()


def test_uses_know_case_and_depth() -> None:
    """Only the last part counts."""
    assert [use_of(name) for name in ("INBOX/sEnT", "Sent/2025", "Перенос", "[Gmail]/Spam")] == ["sent", "", "", "junk"]


@pytest.mark.parametrize(
    ("name", "spelled"),
    [
        ("Kunden & Müller", "Kunden &- M&APw-ller"),
        ("Підтримка/Повернення", "&BB8EVgQ0BEIEQAQ4BDwEOgQw-/&BB8EPgQyBDUEQAQ9BDUEPQQ9BE8-"),
        ("サポート", "&MLUw3TD8MMg-"),
        ("💸", "&2D3cuA-"),
        ("a&-b", "a&--b"),
        ('quoted "name"\\', 'quoted "name"\\'),
        ("~", "~"),
    ],
)
def test_names_are_spelled_in_modified_utf_7(name: str, spelled: str) -> None:
    """RFC 3501 §5.1.3: printable ASCII is itself, & is &-, everything else base64 of UTF-16; and back again."""
    with Scripted(Peer.log_in) as server:
        session = Session.open(server.server(), "u", "p", timeout=2)
        assert session.spell(name) == spelled
        assert session.unspell(spelled.encode("ascii")) == name
        session._die()


@pytest.mark.parametrize("spelled", ["&AAA-foo", "foo&AA0ACg-bar", "&AH8-", "&2AA-", "&3AA-x"])
def test_a_folder_name_of_control_characters_is_not_ours(spelled: str) -> None:
    """What decodes to a line end, NUL or half a character is never shown, kept or sent."""
    with Scripted(Peer.log_in) as server:
        session = Session.open(server.server(), "u", "p", timeout=2)
        assert session.unspell(spelled.encode("ascii")) is None
        session._die()
