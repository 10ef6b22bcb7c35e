"""Which conversation a message belongs to, and whom an answer goes to."""

from __future__ import annotations

import pytest

from router.mail.threads import base_subject, customer_of, references_of
from tests.mail.builders import a_message


def test_the_direct_parent_is_last_and_nothing_stands_twice() -> None:
    message = a_message(References="<1@x> <2@x> <1@x>", In_Reply_To="<3@x>")
    assert references_of(message) == ("<1@x>", "<2@x>", "<3@x>")


@pytest.mark.parametrize(
    ("subject", "base"),
    [
        ("Re: Fwd: AW[2]: Order", "Order"),
        ("[List] Re: Order", "Order"),
        ("RE:FW:RE: Order (fwd)", "Order"),
        ("Відп: Замовлення", "Замовлення"),
        ("Отв: Заказ", "Заказ"),
        ("Odg: Porudžbina", "Porudžbina"),
        ("Одг: Поруџбина", "Поруџбина"),
        ("Хариу: Захиалга", "Захиалга"),
        ("SV: VS: Ordre", "Ordre"),
        ("回复：订单", "订单"),
        ("[#123] Broken", "[#123] Broken"),
        ("Re:", ""),
        ("Report: x", "Report: x"),
    ],
)
def test_prefixes_are_stripped(subject: str, base: str) -> None:
    assert base_subject(subject) == base


def test_the_answer_goes_to_reply_to_only_when_it_is_one_and_not_ours() -> None:
    """Two addresses, our own or an unreadable one leave the sender as the customer."""
    ours = {"support@shop.example"}
    assert customer_of(a_message(Reply_To="other@x.example"), ours).address == "other@x.example"
    for reply_to in ("a@x.example, b@x.example", "support@shop.example", "nonsense", None):
        assert customer_of(a_message(Reply_To=reply_to), ours).address == "jane@customer.example"
