"""How a problem looks on a terminal."""

from __future__ import annotations

from router.config.problems import Level, Problem, did_you_mean, in_order, quote


def a_problem(**changes: object) -> Problem:
    values: dict[str, object] = {
        "file": "workflows.yaml",
        "line": 14,
        "column": 5,
        "message": "unknown reply 'refnd'",
        "suggestion": "did you mean 'refund'?",
        "source": "    refnd: x",
    }
    return Problem(**(values | changes))  # type: ignore[arg-type]


def test_a_problem_shows_its_place_its_line_and_a_caret() -> None:
    """File, line and column first, so that editors jump there; then the line, then the caret under the character."""
    assert a_problem().render() == (
        "workflows.yaml:14:5: unknown reply 'refnd'; did you mean 'refund'?\n   14 |     refnd: x\n      |     ^"
    )


def test_a_warning_says_so() -> None:
    """Warnings are told apart from errors in the headline."""
    assert a_problem(level=Level.WARNING).headline.startswith("workflows.yaml:14:5: warning: unknown")


def test_the_caret_stands_under_the_character_after_wide_ones() -> None:
    """Full-width characters take two columns, combining marks none."""
    shown = a_problem(source="名前: е\u0301х", column=7).render().splitlines()
    assert shown[1] == "   14 | 名前: е\u0301х"
    assert shown[2] == "      | " + " " * (4 + 2 + 1) + "^"


def test_tabs_and_control_characters_do_not_reach_the_terminal() -> None:
    """An escape sequence in the file is shown as replacement characters."""
    shown = a_problem(source="\ta\x1b[31mb", message=quote("x\x1b[2J\u202e")).render()
    assert "\x1b" not in shown
    assert "\u202e" not in shown
    assert "\t" not in shown


def test_a_password_written_in_the_file_is_not_repeated() -> None:
    """The line with a literal password is shown without it; a variable's name is no secret."""
    for source in ("    login: {user: a, password: hunter2}", "password: {literal: hunter2}", "password:  'hunter2'"):
        shown = a_problem(source=source).render()
        assert "hunter2" not in shown
        assert "password:" in shown
    assert "SUPPORT" in a_problem(source="password: {env: SUPPORT}").render()


def test_a_very_long_line_is_cut_around_the_caret() -> None:
    """A caret at column 5,000 stands under its character within one screen."""
    source = "x" * 4_999 + "!" + "y" * 5_000
    _, line, caret = a_problem(source=source, column=5_000).render().splitlines()
    assert len(line) < 160
    assert line[caret.index("^")] == "!"


def test_suggestions_name_the_nearest_word_or_the_few_known_ones() -> None:
    """A near miss is named, a far one gets the list, and a long list is not recited."""
    assert did_you_mean("refnd", ["refund", "cancel"]) == "did you mean 'refund'?"
    assert did_you_mean("Refund", ["refund"]) == "did you mean 'refund'?"
    assert did_you_mean("zzz", ["b", "a"]) == "known: a, b"
    assert did_you_mean("zzz", [str(n) for n in range(50)]) == ""


def test_problems_come_once_and_in_file_order() -> None:
    """What several blocks inherit is reported once."""
    first, second = a_problem(line=2), a_problem(line=9)
    assert in_order([second, first, second]) == (first, second)
