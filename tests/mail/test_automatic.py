"""Robots are recognised, people are not taken for robots."""

from __future__ import annotations

import pytest

from tests.mail.builders import a_message, multipart


@pytest.mark.parametrize(
    "header",
    [
        {"Auto_Submitted": "auto-replied"},
        {"Auto_Submitted": "auto-generated; x=y"},
        {"Return_Path": "<>"},
        {"Precedence": "auto_reply"},
        {"Precedence": "bulk"},
        {"X_Autoreply": "yes"},
        {"X_Failed_Recipients": "a@b.example"},
        {"X_MS_Exchange_Inbox_Rules_Loop": "a@b.example"},
        {"From": "MAILER-DAEMON@mx.example"},
        {"From": "Postmaster <postmaster@x.example>"},
        {"From": "Mail Delivery Subsystem <x@y.example>"},
        {"From": "Shop <no-reply@shop.example>"},
        {"From": "do_not_reply@x.example"},
        {"Content_Type": "multipart/report; boundary=x"},
        {"Content_Type": "message/disposition-notification"},
    ],
)
def test_headers_tell_a_robot(header: dict[str, str]) -> None:
    """Each standard sign is enough, and the reason is said."""
    message = a_message(**header)
    assert message.automatic
    assert message.automatic_because


@pytest.mark.parametrize(
    "subject",
    [
        "Automatic reply: Order",
        "Out of Office: Order",
        "OOO: traveling",
        "I will be out of office until Monday",
        "Abwesenheitsnotiz",
        "Réponse automatique",
        "Risposta automatica",
        "Fuori ufficio",
        "Respuesta automática",
        "Fuera de la oficina",
        "Автоответ",
        "Ответ автоматически",
        "Автоматичний відповідь",
        "Автовідповідь: відпустка",
        "Аутоматски одговор",
        "Automatski odgovor",
        "Автомат хариу",
        "Automatyczna odpowiedź",
        "Undeliverable: Order",
        "Mail delivery failed: returning message to sender",
        "Delivery Status Notification (Failure)",
        "failure notice",
        "Returned mail: see transcript for details",
        "Не удалось доставить сообщение",
        "Недоставлене: Order",
        "Unzustellbar: Bestellung",
        "This is an automated response",
        "complaint about message from 192.0.2.1",
        "Read: Order",
    ],
)
def test_subjects_of_mail_systems_tell_a_robot(subject: str) -> None:
    """Bounces and auto-replies without a header are known by how their subject starts."""
    assert a_message("x", Subject=subject).automatic


@pytest.mark.parametrize(
    "text",
    [
        "This is an automatically generated message. Please do not reply to this email.",
        "I am currently out of the office and will be back on 5 May.",
        (
            "Hi. This is the qmail-send program at mx.example.\nI'm afraid I wasn't able to deliver your "
            "message to the following addresses.\n\n"
            "<a@b.example>:\n550 5.1.1 unknown user"
        ),
        (
            "This message was created automatically by mail delivery software.\n\nA message could not be "
            "delivered: 550 5.1.1 no such user"
        ),
        "Это письмо создано автоматически, не отвечайте на него.",
        "Це автоматичне повідомлення.",
        "Ово је аутоматски одговор.",
        "Энэ бол автомат хариу.",
    ],
)
def test_wording_of_mail_systems_tells_a_robot(text: str) -> None:
    assert a_message(text, Subject="Order").automatic


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        ("My mail to you bounced", "Hello, my last message to you could not be delivered. Is your address right?"),
        ("Delivery", "When is the delivery? My order failed to arrive."),
        ("Out of stock?", "Is the red one out of stock?"),
        ("Vacation rental", "I want to book a vacation house and was away for a week."),
        ("Question about auto-reply settings", "How do I set up an automatic reply in your product?"),
        ("Re: Undeliverable: Order", "What does this mean? I got this from your server. Please help."),
        ("Заказ не пришёл", "Я в отпуск уезжаю завтра, а заказ не доставлен. Прошу помочь."),
        ("Замовлення", "Посилку не доставлено. Автоматичне скасування замовлення не працює."),
        ("Mailbox full", "Your app says mailbox full. What do I do?"),
        ("Report", "The report shows a failure. I have received your message but no refund."),
        ("Read error", "I get a read error: the delivery address is unknown."),
    ],
)
def test_a_person_who_writes_about_such_things_is_a_person(subject: str, text: str) -> None:
    """Words of mail systems in the middle of a person's text prove nothing."""
    message = a_message(text, Subject=subject, In_Reply_To="<0@shop.example>" if subject.startswith("Re:") else None)
    assert (message.automatic, message.automatic_because) == (False, "")


def test_a_contact_form_is_a_person() -> None:
    """A form sends from a no-reply address and names the customer in Reply-To."""
    assert not a_message(From="Shop form <noreply@shop.example>", Reply_To="jane@customer.example").automatic
    assert a_message(From="Shop form <noreply@shop.example>", Reply_To="noreply@shop.example").automatic


def test_a_forwarded_bounce_is_a_person() -> None:
    """A bounce that somebody forwards as an attachment is a person's question about it."""
    message = multipart(
        "Content-Type: text/plain\n\nWhat does this mean?",
        (
            "Content-Type: message/rfc822\n\nAuto-Submitted: auto-replied\nContent-Type: multipart/report; "
            "boundary=y\n\n--y\n\nbounce\n--y--"
        ),
    )
    assert not message.automatic


def test_list_mail_is_a_list_and_not_a_robot() -> None:
    """A person's post on a list is marked as list mail, even when the list says `bulk`."""
    for headers in (
        {"List_Id": "<users.lists.example>"},
        {"Precedence": "list"},
        {"X_BeenThere": "a@b.example", "Precedence": "bulk"},
        {"Sender": "owner-users@lists.example", "Precedence": "bulk"},
    ):
        message = a_message(**headers)
        assert (message.is_list, message.automatic) == (True, False)
    assert not a_message().is_list


def test_auto_submitted_no_is_a_person() -> None:
    assert not a_message(Auto_Submitted="no").automatic
    assert not a_message(Return_Path="<jane@customer.example>").automatic


@pytest.mark.parametrize(
    ("return_path", "automatic"),
    [
        ("<bounces-main+jane=customer.example@shop.example>", True),
        ("<bounces+12=jane=customer.example@lists.example>", False),
        ("<jane=doe@shop.example>", False),
    ],
)
def test_a_return_path_for_each_recipient_is_a_mailing_programs(return_path: str, automatic: bool) -> None:
    """At the author's own domain; on list mail the domain is the list's."""
    message = a_message("Hello there", From="News <news@shop.example>", Return_Path=return_path)
    assert message.automatic is automatic
