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


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("order #1001-A is late", "order:1001-A"),
        ("Invoice INV-2026-0042 please", "invoice:INV-2026-0042"),
        ("замовлення № 45-12", "order:45-12"),
        ("RMA 5567", "ticket:5567"),
        ("RMA-5567 status", "ticket:RMA-5567"),
        ("моє замовлення №12345-АБ", "order:12345-АБ"),
        ("заказ № 45-12", "order:45-12"),
        ("рахунок-фактура № 2026/11-7", "invoice:2026/11-7"),
        ("счет на оплату № 778", "invoice:778"),
        ("звернення 99120", "ticket:99120"),
        ("заявка №99120", "ticket:99120"),
        ("поруџбина 445566", "order:445566"),
        ("наруџбеница бр. 4455", "order:4455"),
        ("porudžbina br. 445566", "order:445566"),
        ("narudžbu broj: 445566", "order:445566"),
        ("račun br. 2026-17", "invoice:2026-17"),
        ("рачун број 2026-17", "invoice:2026-17"),
        ("Bestellung Nr. 4711-22", "order:4711-22"),
        ("Bestellnummer: 471122", "order:471122"),
        ("meine Bestellnr. 471122", "order:471122"),
        ("Rechnung RE-2026-0815", "invoice:RE-2026-0815"),
        ("Rechnungsnr. 20260815", "invoice:20260815"),
        ("commande n° 12345", "order:12345"),
        ("ma commande numéro 12345", "order:12345"),
        ("facture n°2026-45", "invoice:2026-45"),
        ("pedido nº 12345", "order:12345"),
        ("mi pedido número 12345", "order:12345"),
        ("factura 2026-123", "invoice:2026-123"),
        ("encomenda 998877", "order:998877"),
        ("fatura n.º 998877", "invoice:998877"),
        ("ordine n. 12345", "order:12345"),
        ("fattura 12/2026-A", "invoice:12/2026-A"),
        ("bestelling 12345", "order:12345"),
        ("bestelnummer 12345", "order:12345"),
        ("factuurnummer 2026123", "invoice:2026123"),
        ("zamówienie nr 12345", "order:12345"),
        ("faktura nr FV/2026/11/7", "invoice:FV/2026/11/7"),
        ("objednávka č. 12345", "order:12345"),
        ("faktura č. 2026123", "invoice:2026123"),
        ("beställning 12345", "order:12345"),
        ("ordernummer 12345", "order:12345"),
        ("ordrenummer 12345", "order:12345"),
        ("tilaus 12345", "order:12345"),
        ("tilausnumero 12345", "order:12345"),
        ("lasku 2026123", "invoice:2026123"),
        ("sipariş no: 12345", "order:12345"),
        ("siparişim 12345", "order:12345"),
        ("sipariş numaram 12345", "order:12345"),
        ("fatura no 2026123", "invoice:2026123"),
        ("захиалга №12345", "order:12345"),
        ("12345 дугаартай захиалга", "order:12345"),
        ("захиалгын дугаар 12345", "order:12345"),
        ("нэхэмжлэх №2026-12", "invoice:2026-12"),
        ("订单号：12345678", "order:12345678"),
        ("订单 12345678", "order:12345678"),
        ("注文番号：12345678", "order:12345678"),
        ("請求書番号 2026-77", "invoice:2026-77"),
        ("주문번호 12345678", "order:12345678"),
        ("주문 번호: 12345678", "order:12345678"),
        ("رقم الطلب 12345", "order:12345"),
        ("tracking number 1Z999AA10123456784", "tracking:1Z999AA10123456784"),
        ("Sendungsnummer 00340434161094000000", "tracking:00340434161094000000"),
        ("ТТН 20450123456789", "tracking:20450123456789"),
        ("номер накладної 20450123456789", "tracking:20450123456789"),
        ("трек-номер RR123456785UA", "tracking:RR123456785UA"),
        ("RR123456785UA where is it", "tracking:RR123456785UA"),
        ("numéro de suivi 6A12345678901", "tracking:6A12345678901"),
        ("call me +380 44 123 4567", ""),
        ("I paid 12000 UAH", ""),
        ("ticket 8812", "ticket:8812"),
        ("case #00812", "ticket:00812"),
        ("[#8812]", ""),
        ("Order 1001, 1002 and 1003", "order:1001 order:1002 order:1003"),
        ("orders 1001 and 1002", "order:1001 order:1002"),
        ("order no. 12345.", "order:12345"),
        ("(order 12345)", "order:12345"),
        ("order 12345's box", "order:12345"),
        ("in 2026 order", ""),
        ("my order from 2025", ""),
    ],
)
def test_numbers_of_each_language_are_found(text: str, expected: str) -> None:
    """With their signs and letters, chained or alone; sums, telephone numbers and years are none."""
    found = [one for one in find(text) if one.kind in NUMBERS]
    assert " ".join(f"{one.kind}:{one.value}" for one in found) == expected
    assert all(text[one.start : one.end] == one.value for one in found)


def test_a_text_gives_numbers_dates_deadlines_and_questions() -> None:
    """Each kind with its own span; numbers first."""
    text = "My order #1001-A was due on 21 November 2026. Can you send it by Friday?"
    assert [(one.kind, one.value, text[one.start : one.end]) for one in find(text)] == [
        ("order", "1001-A", "1001-A"),
        ("date", "2026-11-21", "21 November 2026"),
        ("date", "friday", "Friday"),
        ("promise", "by:2026-11-21", "due on 21 November 2026"),
        ("promise", "by:friday", "by Friday"),
        ("question", "Can you send it by Friday?", "Can you send it by Friday?"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "1 " * 20_000,
        "by friday " * 3000,
        "? " * 10_000,
        "#1-" * 10_000,
        "до 3 дней, " * 3000,
        "İ" * 9000 + " friday 3/4/2026?",
    ],
)
def test_any_text_is_searched_in_bounded_time(text: str) -> None:
    """However often something stands there, only so much is kept, and every span lies in the text."""
    found = find(text)
    assert len(found) <= 56
    assert all(0 <= one.start < one.end <= len(text) for one in found)
