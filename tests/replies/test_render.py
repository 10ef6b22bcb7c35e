"""A draft never holds a blank that nobody filled, and never a guess."""

from __future__ import annotations

from pathlib import Path

import pytest

from router.replies.library import Library
from router.replies.render import Rendered, render, render_or_otherwise
from router.values import Address, Message, NoDraft, ThreadState

from .builders import a_library, a_message, an_order


def rendered(library: Library, reply_id: str, message: Message, language: str = "en") -> Rendered:
    result = render_or_otherwise(library, library.variants(reply_id)[language], message)
    assert isinstance(result, Rendered), result
    return result


def text_of(tmp_path: Path, template: str, message: Message, facts: str = "name: Acme\n") -> str:
    library = a_library(tmp_path, {"r/one.md": template, "company.yaml": facts})
    return rendered(library, "r/one", message).body


def test_placeholders_are_filled_from_the_mail_and_the_facts(tmp_path: Path) -> None:
    """Names, numbers, the subject without its `Re:`… and what the company has decided."""
    template = "{{ greeting }}\n{{ customer.name }}/{{ customer.first_name }}/{{ order.number }}/{{ company.name }}\n"
    message = a_message(signed_as="Olha Petrenko", entities=(an_order(),))
    assert text_of(tmp_path, template, message) == "Hello Olha,\nOlha Petrenko/Olha/4711/Acme\n"


def test_paragraphs_and_the_personal_slot_stay_as_they_were_written(tmp_path: Path) -> None:
    """Empty lines are where the agent writes; only blanks at line ends go."""
    assert text_of(tmp_path, "One  \n\n\nTwo\n\n- a\n- b\n\n", a_message()) == "One\n\n\nTwo\n\n- a\n- b\n"


@pytest.mark.parametrize(
    ("template", "facts", "because"),
    [
        ("{{ company.refund_days }}", "refund_days:", "company.refund_days is empty in company.yaml"),
        ("{{ company.refund_days }}", "refund_days: {uk: 14 днів}", "company.refund_days has no 'en' in company.yaml"),
        ("{{ order.number }}", "", "order.number is not known for this mail"),
        ("---\nneeds: [order.number]\n---\nHi", "", "order.number is not known for this mail"),
        ("---\nneeds: [company.a]\n---\nHi", "a:", "company.a is empty in company.yaml"),
        ("{{ order.number | upcase }}", "", "order.number is not known for this mail"),
    ],
)
def test_a_blank_that_cannot_be_filled_means_no_draft_and_says_which(
    tmp_path: Path, template: str, facts: str, because: str
) -> None:
    """The file and the placeholder are named, so that an admin knows what to write where."""
    library = a_library(tmp_path, {"r/one.md": template + "\n", "company.yaml": facts + "\n"})
    result = render(library.variants("r/one")["en"], a_message(), library.facts)
    assert result == NoDraft(because=f"replies/r/one.md: {because}")


def test_what_is_missing_can_be_asked_about_or_replaced(tmp_path: Path) -> None:
    """A condition on something missing is false, and `default` replaces it."""
    template = "{% if order.number %}order{% else %}no order{% endif %}, {{ invoice.number | default: 'none' }}\n"
    assert text_of(tmp_path, template, a_message()) == "no order, none\n"


def test_another_reply_takes_over_when_something_is_missing(tmp_path: Path) -> None:
    """`otherwise:` is followed as far as it leads, and says which replies were passed over."""
    library = a_library(
        tmp_path,
        {
            "r/a.md": "---\nneeds: [order.number]\notherwise: r/b\n---\nA\n",
            "r/b.md": "---\nneeds: [invoice.number]\notherwise: r/c\n---\nB\n",
            "r/c.md": "C\n",
        },
    )
    assert rendered(library, "r/a", a_message(entities=(an_order(),))).reply_id == "r/a"
    third = rendered(library, "r/a", a_message())
    assert third.reply_id == "r/c"
    assert third.because.count("is not known for this mail") == 2


def test_a_reply_in_another_language_never_takes_over(tmp_path: Path) -> None:
    """Better no draft than an English answer to a Ukrainian mail that has a Ukrainian reply."""
    files = {"r/a.md": "---\nneeds: [order.number]\notherwise: r/b\n---\nA\n", "r/a.uk.md": "А\n", "r/b.md": "B\n"}
    library = a_library(tmp_path, files)
    result = render_or_otherwise(library, library.variants("r/a")["uk"], a_message())
    assert isinstance(result, NoDraft)


def test_a_circle_that_slipped_through_still_ends(tmp_path: Path) -> None:
    """A library is used even while it has problems."""
    files = {f"r/{a}.md": f"---\nneeds: [order.number]\notherwise: r/{b}\n---\nx\n" for a, b in ("ab", "ba")}
    root = tmp_path / "replies" / "r"
    root.mkdir(parents=True)
    for name, text in files.items():
        (root.parent / name).write_text(text)
    from router.replies.library import load_library

    library = load_library(root.parent)
    assert isinstance(render_or_otherwise(library, library.variants("r/a")["en"], a_message()), NoDraft)


def test_the_subject_of_the_thread_is_used_when_the_mail_has_none(tmp_path: Path) -> None:
    """A customer who answers without a subject still has one."""
    library = a_library(tmp_path, {"r/a.md": "{{ subject }}\n"})
    thread = ThreadState(id=1, mailbox="support", customer="olha@customer.example", subject="Broken lamp")
    result = render(library.variants("r/a")["en"], a_message(subject=""), library.facts, thread=thread)
    assert isinstance(result, Rendered)
    assert result.body == "Broken lamp\n"


def test_serbian_is_written_in_the_customers_script(tmp_path: Path) -> None:
    """Facts and text follow; the customer's own words stay as they are."""
    library = a_library(
        tmp_path,
        {"r/a.sr.md": "{{ greeting }}\nЉубазно, {{ company.team }}. {{ subject }}\n", "company.yaml": "team: Тим\n"},
    )
    reply = library.variants("r/a")["sr"]
    latin = render(reply, a_message(language="sr", script="Latn", signed_as="Јован", subject="Њ"), library.facts)
    cyrillic = render(reply, a_message(language="sr", script="Cyrl", signed_as="Јован"), library.facts)
    assert isinstance(latin, Rendered)
    assert isinstance(cyrillic, Rendered)
    assert latin.body == "Zdravo, Јован,\nLjubazno, Tim. Њ\n"
    assert cyrillic.body.startswith("Здраво, Јован,\nЉубазно, Тим.")


GREETINGS = {
    ("en", "formal", "Olha Petrenko"): "Dear Olha Petrenko,",
    ("en", "informal", "Olha Petrenko"): "Hi Olha,",
    ("en", "", ""): "Hello,",
    ("uk", "formal", "Ольга Петренко"): "Вітаємо, Ольга Петренко!",
    ("uk", "informal", "Оля"): "Привіт, Оля!",
    ("uk", "", "Іван Петрович"): "Вітаємо, Іван Петрович!",
    ("ru", "", "Иван Петрович Сидоров"): "Здравствуйте, Иван Петрович!",
    ("ru", "informal", "Аня"): "Здравствуйте, Аня!",
    ("sr", "formal", "Јована Марић"): "Поштовани,",
    ("sr", "", "Јована Марић"): "Здраво, Јована,",
    ("mn", "", "Б.Болд"): "Сайн байна уу, Б.Болд?",
    ("mn", "informal", "Доржийн Болд"): "Сайн байна уу, Доржийн Болд?",
    ("mn", "", ""): "Сайн байна уу?",
}


@pytest.mark.parametrize(("language", "level", "name"), GREETINGS)
def test_the_greeting_mirrors_the_customers_own(tmp_path: Path, language: str, level: str, name: str) -> None:
    """Their name as they gave it, at their level, without a time of day or a guessed ending."""
    library = a_library(tmp_path, {f"r/a.{language}.md": "{{ greeting }}\n"})
    message = a_message(
        signed_as=name, greeting=level, language=language, script="Cyrl", sender=Address(address="x@y.example")
    )
    assert rendered(library, "r/a", message, language).body == GREETINGS[language, level, name] + "\n"


NAMES = {
    "Olha Petrenko": "Olha Petrenko",
    "Petrenko, Olha": "Olha Petrenko",
    "OLHA PETRENKO": "Olha Petrenko",
    "Jean-Luc O'Neill": "Jean-Luc O'Neill",
    "Ludwig van Beethoven": "Ludwig van Beethoven",
    "Б. Болд": "Б. Болд",
    "田中": "田中",
    "Acme": "",  # the firm of the address
    "Acme Support": "",
    "Customer Service": "",
    "no-reply": "",
    "olha88": "",
    "olha@customer.example": "",
    "www.evil.example": "",
    "Служба підтримки": "",
    "": "",
    "A B C D E": "",
    "X" * 60: "",
}


@pytest.mark.parametrize("shown", NAMES)
def test_a_name_in_from_is_used_only_if_it_looks_like_a_persons(shown: str) -> None:
    """No name is better than `Hello no-reply,`."""
    from router.replies.greeting import customer_name

    message = a_message(signed_as="", sender=Address(name=shown, address="someone@acme.example"))
    assert customer_name(message) == NAMES[shown]
