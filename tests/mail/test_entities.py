"""Numbers in a text, and what else a text holds, as typed values."""

from __future__ import annotations

import pytest

from router.mail.entities import find

NUMBERS = ("order", "invoice", "ticket", "tracking")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("my order #12345 is late", [("order", "12345")]),
        ("Order number: AB-12345.", [("order", "AB-12345")]),
        ("Замовлення під номером 12345", [("order", "12345")]),
        ("заказ №12345 и счёт 778899", [("order", "12345"), ("invoice", "778899")]),
        ("поруџбина бр. 9988-12", [("order", "9988-12")]),
        ("porudžbinu broj 445566", [("order", "445566")]),
        ("12345 дугаартай захиалга", [("order", "12345")]),
        ("захиалгын дугаар: 12345", [("order", "12345")]),
        ("нэхэмжлэх 2023001", [("invoice", "2023001")]),
        ("invoice INV-2023-001", [("invoice", "INV-2023-001")]),
        ("ticket 8812", [("ticket", "8812")]),
        ("I bought 3000 orders", []),
        ("the order of 2024-05-05", []),
        ("we order since 2019", []),
        ("That was my order. 12345 people saw it", []),
        ("order a@12345.example", []),
    ],
)
def test_numbers_are_found_with_their_spans(text: str, expected: list[tuple[str, str]]) -> None:
    """What a number belongs to is said beside it; its span is where it stands."""
    found = [one for one in find(text) if one.kind in NUMBERS]
    assert [(one.kind, one.value) for one in found] == expected
    assert all(text[one.start : one.end] == one.value for one in found)


def test_numbers_of_the_subject_have_no_span() -> None:
    """A number that only the subject holds is known too; one in both has its span in the text."""
    found = find("where is order 10001?", "[Ticket #8812] Re: order 10001")
    assert [(one.kind, one.value, one.end > 0) for one in found if one.kind in NUMBERS] == [
        ("order", "10001", True),
        ("ticket", "8812", False),
    ]
