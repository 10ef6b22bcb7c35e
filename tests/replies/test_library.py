"""What is wrong in replies/ is found before any reply is used, all of it, with its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from router.replies.library import laid_over, load_library

from .builders import a_folder, a_library

PLAIN = "---\ntitle: Refund\n---\n{{ greeting }}\n\nThank you.\n"


def headlines(root: Path) -> list[str]:
    return [problem.headline for problem in load_library(root).problems]


def test_a_reply_is_named_by_its_folder_and_file_and_its_language_by_the_file_name(tmp_path: Path) -> None:
    """`refund/first.uk.md` is the Ukrainian variant of `refund/first`; without a code it is English."""
    library = a_library(tmp_path, {"refund/first.md": PLAIN, "refund/first.uk.md": PLAIN, "cancel/first.md": PLAIN})
    assert library.reply_ids() == ("cancel/first", "refund/first")
    assert sorted(library.variants("refund/first")) == ["en", "uk"]
    assert library.variants("refund/first")["uk"].path == "replies/refund/first.uk.md"
    assert library.variants("nothing/here") == {}


def test_a_variant_inherits_what_its_front_matter_leaves_out(tmp_path: Path) -> None:
    """A translator writes a title and the text; conditions are written once."""
    base = "---\ntitle: A\nneeds: [order.number]\notherwise: refund/ask\ntone: calm\n---\nHello\n"
    library = a_library(
        tmp_path,
        {"refund/first.md": base, "refund/first.uk.md": "---\ntitle: Б\n---\nПривіт\n", "refund/ask.md": PLAIN},
    )
    uk = library.variants("refund/first")["uk"]
    assert (uk.title, uk.needs, uk.otherwise, uk.tone) == ("Б", ("order.number",), "refund/ask", "calm")


def test_a_folder_that_does_not_exist_is_an_empty_library(tmp_path: Path) -> None:
    """A deployment without replies of its own is no mistake."""
    library = load_library(tmp_path / "replies")
    assert (library.reply_ids(), library.problems) == ((), ())


WRONG = {
    "unknown key": ("---\ntitel: x\n---\nHi\n", "2:1: unknown key 'titel'; did you mean 'title'?"),
    "unknown tone": ("---\ntone: rude\n---\nHi\n", "2:7: unknown tone 'rude'"),
    "no date": ("---\nreview_by: soon\n---\nHi\n", "2:12: 'soon' is no date"),
    "unknown needs": ("---\nneeds: [ordr.number]\n---\nHi\n", "2:8: unknown placeholder 'ordr.number'"),
    "list for a text": ("---\ntitle: [a]\n---\nHi\n", "2:8: 'title' is a text"),
    "mapping for a list": ("---\nneeds: {a: b}\n---\nHi\n", "2:8: 'needs' is a list of texts"),
    "key twice": ("---\ntitle: a\ntitle: b\n---\nHi\n", "3:1: 'title' is written twice"),
    "front matter is a list": ("---\n- a\n---\nHi\n", "2:1: front matter is a mapping"),
    "not YAML": ("---\ntitle: [\n---\nHi\n", "2:9: not YAML"),
    "not closed": ("---\ntitle: a\nHi\n", "1:1: the front matter has no closing"),
    "empty": ("---\ntitle: a\n---\n\n", "4:1: the reply has no text"),
    "unknown placeholder": (
        "---\ntitle: a\n---\nHi\n {{ order.numbr }}\n",
        "5:5: unknown placeholder 'order.numbr'; did you mean 'order.number'?",
    ),
    "placeholder in a condition": ("Hi {% if custmer.name %}x{% endif %}\n", "1:10: unknown placeholder"),
    "unknown fact": (
        "Hi {{ company.nmae }}\n",
        "1:7: unknown placeholder 'company.nmae'; did you mean 'company.name'?",
    ),
    "computed placeholder": ("{{ company[subject] }}\n", "1:4: unknown placeholder"),
    "clock": ("{{ now }}\n", "1:4: unknown placeholder 'now'"),
    "unknown filter": ("Hi {{ subject | upcas }}\n", "1:17: unknown filter 'upcas'; did you mean 'upcase'?"),
    "filter we do not allow": ("{{ subject | replace: 'a', 'b' }}\n", "1:14: unknown filter 'replace'"),
    "tag we do not allow": ("{% include 'secret' %}\n", "1:4: unexpected tag 'include'"),
    "loop": ("{% for a in (1..9) %}x{% endfor %}\n", "1:4: unexpected tag 'for'"),
    "assignment": ("{% assign a = 1 %}\n", "1:4: unexpected tag 'assign'"),
    "not closed placeholder": ("---\ntitle: a\n---\n{{ greeting\n", "4:1: expected '}}'"),
    "not closed condition": ("{% if subject %}x\n", "1:1: expected tag endif"),
    "unknown otherwise": ("---\notherwise: refund/frist\n---\nHi\n", "2:12: unknown reply 'refund/frist'"),
    "otherwise itself": ("---\notherwise: refund/first\n---\nHi\n", "2:12: 'refund/first' leads back"),
    "attachment outside": ("---\nattach: ../company.yaml\n---\nHi\n", "2:9: '../company.yaml' is no file"),
    "attachment missing": ("---\nattach: [nothing.pdf]\n---\nHi\n", "2:9: 'nothing.pdf' is no file"),
    "attachment absolute": ("---\nattach: /etc/passwd\n---\nHi\n", "2:9: '/etc/passwd' is no file"),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_mistake_in_a_reply_is_reported_at_its_place(tmp_path: Path, case: str) -> None:
    """Line and column count in the whole file, front matter included."""
    text, expected = WRONG[case]
    found = headlines(a_folder(tmp_path, {"refund/first.md": text, "company.yaml": "name: Acme\n"}))
    assert any(line.startswith(f"replies/refund/first.md:{expected}") for line in found), found


def test_all_mistakes_are_reported_at_once_and_the_other_replies_work(tmp_path: Path) -> None:
    """One broken file costs one reply."""
    root = a_folder(tmp_path, {"a/x.md": "{{ one }} {{ two }}\n", "b/y.md": "{% zap %}\n", "c/z.md": PLAIN})
    library = load_library(root)
    assert [p.headline.split(":")[0] for p in library.problems] == ["replies/a/x.md"] * 2 + ["replies/b/y.md"]
    assert library.reply_ids() == ("c/z",)


def test_replies_that_lead_to_each_other_are_refused(tmp_path: Path) -> None:
    """`otherwise:` may be a chain, never a circle."""
    root = a_folder(
        tmp_path, {f"r/{one}.md": f"---\notherwise: r/{other}\n---\nHi\n" for one, other in ("ab", "bc", "ca")}
    )
    assert len(headlines(root)) == 3


def test_links_are_refused(tmp_path: Path) -> None:
    """Text for customers comes from this folder only: neither a linked file, folder nor attachment is read."""
    root = a_folder(tmp_path, {"refund/first.md": "---\nattach: linked.pdf\n---\nHi\n", "refund/real.md": PLAIN})
    secret = tmp_path / "secret.md"
    secret.write_text("root:x:0:0")
    (root / "refund" / "linked.md").symlink_to(secret)
    (root / "linked").symlink_to(tmp_path)
    (root / "linked.pdf").symlink_to(secret)
    (root / "company.yaml").symlink_to(secret)
    library = load_library(root)
    assert library.reply_ids() == ("refund/real",)
    assert {(p.file.removeprefix("replies/"), p.message.split(" ")[0]) for p in library.problems} == {
        ("linked", "links"),
        ("linked.pdf", "links"),
        ("refund/linked.md", "links"),
        ("refund/first.md", "'linked.pdf'"),
        ("company.yaml", "links"),
    }
    assert library.facts == {}


def test_files_that_are_no_replies_are_ignored_or_named(tmp_path: Path) -> None:
    """Hidden files, notes and editor copies are none of our business; a badly named reply is."""
    root = a_folder(
        tmp_path,
        {
            "refund/first.md": PLAIN,
            "refund/first.md~": "{{ x",
            "refund/.#first.md": "{{ x",
            "refund/notes.txt": "{{ x",
            "README.md": "{{ x",
            ".git/x.md": "{{ x",
            "refund/My Reply.md": PLAIN,
            "refund/first.ukr4.md": PLAIN,
        },
    )
    assert sorted(line.split(":")[0] for line in headlines(root)) == [
        "replies/refund/My Reply.md",
        "replies/refund/first.ukr4.md",
    ]


def test_the_same_reply_twice_in_one_language_is_a_mistake(tmp_path: Path) -> None:
    """`first.md` is English already."""
    assert (
        "the same reply and language"
        in headlines(a_folder(tmp_path, {"refund/first.md": PLAIN, "refund/first.en.md": PLAIN}))[0]
    )


def test_a_file_that_is_not_text_is_reported_at_its_first_bad_byte(tmp_path: Path) -> None:
    """So that an editor can go there."""
    root = a_folder(tmp_path, {"refund/first.md": PLAIN})
    (root / "refund" / "first.md").write_bytes("Hello\nЯк".encode("cp1251"))
    assert headlines(root) == ["replies/refund/first.md:2:1: not UTF-8 text"]


def test_facts_are_texts_or_texts_by_language_and_nothing_is_guessed(tmp_path: Path) -> None:
    """`no` is a text, `007` keeps its zeros, an undecided fact exists but says nothing."""
    library = a_library(
        tmp_path,
        {"company.yaml": "answer: no\ncode: 007\ntime: {en: a day, no: en dag}\nempty:\noff: false\na: {city: Kyiv}\n"},
    )
    assert library.facts == {
        "answer": {"": "no"},
        "code": {"": "007"},
        "time": {"en": "a day", "no": "en dag"},
        "empty": {},
        "off": {},
        "a.city": {"": "Kyiv"},
    }


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("- a\n", "1:1: facts are a mapping"),
        ("Name: x\n", "1:1: 'Name' is no fact's name"),
        ("name: x\nname: y\n", "2:1: 'name' is written twice"),
        ("name: [x]\n", "1:7: 'name' is a text"),
        ("name: *x\n", "1:7: not YAML"),
        ("name: !!python/object:os.system x\n", ""),
    ],
)
def test_a_mistake_in_company_yaml_is_reported_at_its_place(tmp_path: Path, text: str, expected: str) -> None:
    """And a tag never makes an object: it is read as the text beside it."""
    library = load_library(a_folder(tmp_path, {"company.yaml": text}))
    if expected:
        assert library.problems[0].headline.startswith(f"replies/company.yaml:{expected}")
    else:
        assert library.facts == {"name": {"": "x"}}


def test_a_library_laid_over_the_shipped_one_wins_and_fills_the_rest(tmp_path: Path) -> None:
    """Own replies and facts come first; shipped replies serve the categories that exist."""
    own = a_library(tmp_path / "own", {"refund/first.md": PLAIN, "company.yaml": "name:\nteam: We\n"})
    other = a_library(
        tmp_path / "other",
        {
            "refund/first.md": "Other\n",
            "refund/more.md": "M\n",
            "sales/first.md": "S\n",
            "company.yaml": "name: Acme\n",
        },
    )
    both = laid_over(own, other, {"refund"})
    assert both.reply_ids() == ("refund/first", "refund/more")
    assert both.variants("refund/first")["en"].title == "Refund"
    assert both.facts == {"name": {}, "team": {"": "We"}}


def test_placeholders_of_another_library_can_be_made_known(tmp_path: Path) -> None:
    """A reply may state a fact of the library that will be laid under it."""
    root = a_folder(tmp_path, {"refund/first.md": "{{ company.team }}\n"})
    assert load_library(root).problems
    assert not load_library(root, known={"company.team"}).problems


def test_a_reply_may_lead_to_one_of_the_library_that_will_be_laid_under_it(tmp_path: Path) -> None:
    """An own `refund/first` still falls back on the shipped `refund/ask-order`."""
    shipped = a_library(tmp_path / "shipped", {"refund/ask-order.md": PLAIN, "company.yaml": "team: We\n"})
    own = "---\nneeds: [order.number]\notherwise: refund/ask-order\n---\n{{ company.team }}\n"
    root = a_folder(tmp_path / "own", {"refund/first.md": own})
    assert not load_library(root, known=shipped.names()).problems
    assert len(load_library(root, known=shipped.placeholders()).problems) == 1
