"""Robots without a header that says so are known by their subject, their first lines or their sender."""

from __future__ import annotations

import time

import pytest

from tests.mail.builders import a_message

DAEMON = "MAILER-DAEMON@mx.example"

# (subject, text): out-of-office notes whose headers were lost.
ABSENT = [
    ("Order", "I am out of the office until 5 March. In urgent cases please call me on my mobile phone."),
    ("Pedido", "Estaré fuera de la oficina hasta el 5 de marzo. Para asuntos urgentes contacte con Ana."),
    ("AUTO: Jane Miller is out of the office (returning 05/05)", "I am out until 5 May. You wrote: where is it?"),
    ("Out of Office: Order", "I am on annual leave until 5 May."),
    ("Re: Order", "Thank you for your email. I am currently out of the office with limited access to email."),
    (
        "Re: Order",
        "Hi,\n\nI'm on vacation until 12 August. For urgent matters please contact bob@acme.example.\n\nJane",
    ),
    ("Away until May 5", "I am currently away and will be back on May 5th. I will respond upon my return."),
    (
        "Jane Miller is out of the office",
        "I will be out of the office from 3 May until 9 May. I will answer when I return.",
    ),
    ("Order", "I no longer work at Acme. Please contact sales@acme.example."),
    ("Order", "Peter Miller is no longer with Acme. Please direct your mail to sales@acme.example."),
    ("Автовідповідь: Замовлення", "Я у відпустці до 5 травня."),
    ("Re: Рахунок", "Доброго дня! Я перебуваю у відпустці до 12 серпня. У термінових питаннях звертайтеся до колеги."),
    ("Re: Рахунок", "Дякую за лист. Мене немає в офісі до понеділка, відповім після повернення."),
    ("Автоответ: Заказ", "Я в отпуске до 5 мая."),
    ("Re: Счёт", "Здравствуйте! Я нахожусь в отпуске до 12 августа. По срочным вопросам обращайтесь к Ивану."),
    ("Re: Счёт", "Спасибо за письмо. Меня нет в офисе до понедельника, отвечу после возвращения."),
    ("Аутоматски одговор: Рачун", "Тренутно сам на годишњем одмору."),
    (
        "Re: Рачун",
        "Поштовани, тренутно сам на годишњем одмору до 12. августа. За хитне случајеве контактирајте колегу.",
    ),
    (
        "Re: Račun",
        "Poštovani, trenutno sam na godišnjem odmoru do 12. avgusta. Za hitne slučajeve kontaktirajte kolegu.",
    ),
    ("Odsutan do petka", "Nisam u kancelariji, vraćam se u petak."),
    ("Автомат хариу: Захиалга", "Би ээлжийн амралттай байна."),
    (
        "Re: Нэхэмжлэх",
        (
            "Сайн байна уу. Би одоо ээлжийн амралттай байгаа тул 8-р сарын 12-нд "
            "хариу өгөх болно. Яаралтай бол хамт олонтой холбогдоно уу."
        ),
    ),
    ("Automatische Antwort: Bestellung", "Ich bin bis 5. Mai nicht im Büro."),
    ("Abwesenheitsnotiz", "Ich bin im Urlaub."),
    (
        "Re: Rechnung",
        "Guten Tag,\n\nich bin bis zum 12. August im Urlaub. In dringenden Fällen wenden Sie sich an Frau Schulz.",
    ),
    (
        "Re: Rechnung",
        "Vielen Dank für Ihre Nachricht. Ich bin derzeit nicht im Büro und ab dem 12. August wieder erreichbar.",
    ),
    ("Réponse automatique : Commande", "Je suis absent jusqu'au 5 mai."),
    (
        "Re: Facture",
        "Bonjour, je suis actuellement en congés jusqu'au 12 août. En cas d'urgence, veuillez contacter Paul.",
    ),
    ("Respuesta automática: Pedido", "Estaré fuera hasta el 5 de mayo."),
    ("Re: Factura", "Hola: actualmente estoy fuera de la oficina. Para asuntos urgentes, contacte con Pablo."),
    ("Re: Factura", "Gracias por su mensaje. Estoy de vacaciones hasta el 12 de agosto; responderé a mi regreso."),
    ("Resposta automática: Pedido", "Estou ausente."),
    ("Re: Fatura", "Olá, estou de férias até 12 de agosto. Para assuntos urgentes, contacte o Paulo."),
    ("Risposta automatica: Ordine", "Sono in ferie."),
    ("Re: Fattura", "Buongiorno, sono fuori ufficio fino al 12 agosto. Per urgenze contattare Paolo."),
    ("Automatisch antwoord: Bestelling", "Ik ben afwezig."),
    ("Re: Factuur", "Beste, ik ben momenteel op vakantie. Voor dringende zaken kunt u contact opnemen met Piet."),
    ("Automatyczna odpowiedź: Zamówienie", "Jestem na urlopie."),
    (
        "Re: Faktura",
        "Dzień dobry, obecnie przebywam na urlopie do 12 sierpnia. W pilnych sprawach proszę o kontakt z Piotrem.",
    ),
    ("Automatická odpověď: Objednávka", "Jsem mimo kancelář."),
    ("Re: Faktura", "Dobrý den, momentálně čerpám dovolenou. V naléhavých případech kontaktujte kolegu."),
    ("Autosvar: Beställning", "Jag är på semester."),
    ("Re: Faktura", "Hej, jag är ledig till den 12 augusti. Vid brådskande ärenden kontakta Per."),
    ("Automatisk svar: Bestilling", "Jeg er på ferie."),
    ("Re: Faktura", "Hei, jeg er på ferie til 12. august. Haster det, kontakt Per."),
    ("Automaattinen vastaus: Tilaus", "Olen lomalla."),
    ("Re: Lasku", "Hei, olen lomalla 12. elokuuta asti. Kiireellisissä asioissa ottakaa yhteyttä Pekkaan."),
    ("Otomatik Yanıt: Sipariş", "Ofis dışındayım."),
    ("Re: Fatura", "Merhaba, 12 Ağustos'a kadar izindeyim. Acil durumlarda Ali ile iletişime geçebilirsiniz."),
    ("رد تلقائي: طلب", "أنا في إجازة."),
    ("Re: فاتورة", "أنا حاليا خارج المكتب وسأعود يوم الأحد."),
    ("自动回复: 订单", "我正在休假。"),
    ("Re: 发票", "我正在休假中，回来后会回复您的邮件。"),
    ("自動返信: 注文", "休暇中です。"),
    ("Re: 請求書", "8月12日まで休暇をいただいております。戻り次第ご連絡いたします。"),
    ("자동 응답: 주문", "휴가 중입니다."),
    ("Re: 청구서", "8월 12일까지 휴가 중입니다. 급한 용무는 김 대리에게 연락 바랍니다."),
]

# (subject, text): bounces with nothing but these, from an address that tells nothing.
BOUNCES = [
    (
        "Mail delivery failed: returning message to sender",
        (
            "This message was created automatically by mail delivery software.\n\nA "
            "message that you sent could not be\ndelivered to one or more of its "
            "recipients."
        ),
    ),
    (
        "Warning: message 1abc-2 delayed 24 hours",
        (
            "This message was created automatically by mail delivery software.\nA "
            "message that you sent has not yet been delivered."
        ),
    ),
    (
        "Undelivered Mail Returned to Sender",
        (
            "This is the mail system at host mx.acme.example.\n\nI'm sorry to have "
            "to inform you that your message could not\nbe delivered."
        ),
    ),
    (
        "Delayed Mail (still being retried)",
        "This is the mail system at host mx.acme.example.\n\n# THIS IS A WARNING ONLY.",
    ),
    (
        "Returned mail: see transcript for details",
        (
            "The original message was received at Tue, 3 Mar 2026\n\n   ----- The "
            "following addresses had permanent fatal errors -----\n<a@b.example>"
        ),
    ),
    ("Warning: could not send message for past 4 hours", "The original message was received at Tue, 3 Mar 2026"),
    ("Postmaster notify: see transcript for details", "The original message was received at Tue, 3 Mar 2026"),
    (
        "failure notice",
        (
            "Hi. This is the qmail-send program at mx.acme.example.\nI'm afraid "
            "I wasn't able to deliver your message to the following addresses."
        ),
    ),
    ("Undeliverable: Order", "Your message did not reach some or all of the intended recipients."),
    ("Undeliverable: Order", "Delivery has failed to these recipients or groups:\n\na@b.example"),
    ("Unzustellbar: Bestellung", "Fehler bei der Nachrichtenzustellung an folgende Empfänger oder Gruppen:"),
    ("Non remis : Commande", "Échec de la remise pour ces destinataires ou groupes :"),
    (
        "Delivery Status Notification (Failure)",
        "Your message wasn't delivered to a@b.example because the address couldn't be found.",
    ),
    ("Delivery Status Notification (Delay)", "This is an automatically generated Delivery Status Notification."),
    (
        "Недоставленное сообщение",
        "Это письмо отправлено почтовым сервером. К сожалению, письмо не может быть доставлено.",
    ),
    (
        "Ваше сообщение не доставлено. Mail failure.",
        "Это письмо создано автоматически сервером, отвечать на него не нужно.",
    ),
    ("Не вдалося доставити лист", "На жаль, ваш лист не може бути доставлений. 550 5.1.1"),
    (
        "Mail delivery failed: returning message to sender",
        "A message that you sent could not be delivered. 550 mailbox unavailable",
    ),
    (
        "Failure Notice",
        (
            "Sorry, we were unable to deliver your message to the following address.\n\n<a@b.example>:\n552: "
            "5.2.2 mailbox over quota"
        ),
    ),
    (
        "Order",
        (
            "Sorry, we were unable to deliver your message to the following address.\n\n<a@b.example>:\n552 "
            "5.2.2 mailbox over quota"
        ),
    ),
    ("Order", "Your message could not be delivered.\n\nServer mx.b.example said: 550 5.1.1 unknown user"),
    (
        "DELIVERY FAILURE: User a (a@b.example) not listed",
        "Your message\n\n  Subject: Order\n\nwas not delivered to:\n\n  a@b.example\n\nbecause: User not listed",
    ),
    (
        "Message status - undeliverable",
        "The message that you sent was undeliverable to the following: a@b.example (user not found)",
    ),
    ("Delivery failed", "The following message could not be delivered: 554 5.7.1 relaying denied"),
    ("Delivery delayed", "Your message has not been delivered yet. The server will keep trying for 2 more days."),
    (
        "NOTICE: mail delivery status.",
        "This is a delivery status notification from mx.acme.example, running the Courier mail server.",
    ),
    ("Rejected mail", "Your e-mail was rejected: 550 5.7.1 blocked"),
    ("There was an error sending your mail", "We had trouble delivering your message. Full details follow."),
    ("Postfix SMTP server: errors from unknown[192.0.2.1]", "Transcript of session follows."),
    ("Испорука поруке није успела", "Ваша порука није испоручена примаоцу. 550 5.1.1"),
    ("Isporuka poruke nije uspela", "Vaša poruka nije isporučena primaocu."),
    ("Захидал хүргэгдсэнгүй", "Таны захидал хүргэгдсэнгүй. 550 5.1.1"),
    ("Correo devuelto", "Su mensaje no pudo ser entregado."),
    ("退信通知", "您的邮件无法投递。"),
]

# (subject, text): challenges, reports, receipts, acknowledgements, notices.
OTHERS = [
    ("Your order", "Do not reply to this address, it is not monitored; write to help@acme.example."),
    ("Invoice", "This is an automated message which was sent by our accounting system."),
    ("Re: Order (Verification)", "This is a one-time automated message to confirm that you sent a mail."),
    ("Please confirm your message", "To release your message, click here: https://challenge.example/1"),
    (
        "Verify your email to jane@b.example",
        "My mailbox is protected by Spam Arrest. Click the link below: https://challenge.example/1",
    ),
    ("[TMDA] Order", "Reply to this message to release it."),
    (
        "Order",
        "Your message is being held because your address is not known. Reply to this message and it will be delivered.",
    ),
    ("Order", "I am protected from spam by a challenge. Click https://challenge.example/1 once."),
    ("Confirmation required to deliver your mail", "Click https://challenge.example/1"),
    (
        "Your message to Users awaits moderator approval",
        "Your mail to 'Users' is being held until the moderator can review it.",
    ),
    ("Abuse report from 192.0.2.1", "This is an email abuse report for an email message received from IP 192.0.2.1."),
    ("FW: Order", "This is an email abuse report for an email message received from IP 192.0.2.1."),
    ("complaint about message from 192.0.2.1", "Below is the message."),
    ("Read: Order", ""),
    ("Read: Order", "Your message\n\n  To: Jane\n  Subject: Order\n\nwas read on Tuesday."),
    ("Gelesen: Bestellung", "Ihre Nachricht an Jane wurde am Dienstag gelesen."),
    ("[Ticket#4711] We have received your request", "Thank you for contacting us. Your ticket number is 4711."),
    (
        "Re: [Ticket#4711] Order",
        "We have received your request. Your ticket number is 4711. Our team will reply within 24 hours.",
    ),
    ("Order", "Thank you for contacting Acme. One of our agents will get back to you within two working days."),
    ("Ваше обращение зарегистрировано", "Ваше обращение принято. Номер заявки 4711."),
    ("Re: Счёт", "Мы получили ваше письмо и ответим в ближайшее время."),
    ("Re: Рахунок", "Ми отримали ваш лист і відповімо найближчим часом."),
    ("Re: Račun", "Primili smo vašu poruku. Odgovorićemo u najkraćem roku."),
    ("Re: Рачун", "Примили смо вашу поруку. Одговорићемо у најкраћем року."),
    ("Re: Нэхэмжлэх", "Таны хүсэлтийг хүлээн авлаа. Удахгүй хариу өгөх болно."),
    ("Order 4711", "Your order was shipped today.\n\nPlease do not reply to this email."),
    ("Notice", "This mailbox is not monitored. Visit our help centre."),
    ("Замовлення", "Ваше замовлення відправлено.\n\nБудь ласка, не відповідайте на цей лист."),
    ("Захиалга", "Захиалга илгээгдлээ.\n\nЭнэ имэйлд хариу илгээх шаардлагагүй. Энэ бол автомат захидал."),
    ("Cron <root@web7> /usr/bin/backup", "backup: no space left"),
    ("Logwatch for web7 (Linux)", "Disk space"),
    (
        "Considered UNSOLICITED BULK EMAIL, apparently from you",
        "A message from <a@b.example> was considered unsolicited bulk e-mail.",
    ),
    ("Virus found in your mail", "Your message was blocked: a virus was found."),
    ("Password", "If you did not request a new password, please ignore this email."),
]

# Mail programs and helpdesks in other languages and other words.
MORE = [
    ("Fwd: autoreply", "Auto-generated reply: I'm out until Monday and will reply then."),
    (
        "Re: Invoice",
        (
            "Hello,\nThank you for your message. I am out of the office returning Monday, "
            "May 5.\nIf you need immediate assistance, please call 555 0100.\nBest, "
            "Jane"
        ),
    ),
    ("Re: Invoice", "I will be out of the office through Friday. I'll get back to you as soon as I can."),
    ("Re: Invoice", "Our office is closed for the holidays. We will respond to your message on January 2."),
    ("Re: Invoice", "I am on parental leave until September. Please contact Bob Smith at bob@acme.example."),
    (
        "Re: Invoice",
        (
            "Hi there! I'm on holiday and not reading email. Your message will not be "
            "forwarded. In urgent cases contact Ann."
        ),
    ),
    (
        "Re: Invoice",
        (
            "Guten Tag, vielen Dank für Ihre E-Mail. Ich bin ab dem 5. Mai wieder im "
            "Büro erreichbar. Ihre E-Mail wird nicht weitergeleitet."
        ),
    ),
    (
        "Re: Invoice",
        (
            "Bonjour,\n\nJe suis absente du bureau jusqu'au lundi 5 mai inclus.\nMerci "
            "de contacter Paul.\n\nCordialement"
        ),
    ),
    ("Re: Invoice", "Здравствуйте. Я в отпуске до 12 августа. Отвечу на ваше письмо после возвращения."),
    ("Re: Invoice", "Вітаю! До 12 серпня я у відпустці. З термінових питань пишіть колегам."),
    ("Re: Invoice", "Добар дан, одсутан сам до 12. августа. Одговорићу по повратку."),
    ("Re: Invoice", "Poštovani, nisam u kancelariji do ponedeljka. Odgovoriću po povratku."),
    (
        "Re: Invoice",
        ("Сайн байна уу. Би 8-р сарын 12 хүртэл ээлжийн амралттай тул яаралтай асуудлаар Болдтой холбогдоно уу."),
    ),
    (
        "Delivery incomplete",
        ("There was a temporary problem delivering your message to a@b.example. Gmail will retry for 47 more hours."),
    ),
    (
        "Address not found",
        (
            "Your message wasn't delivered to a@b.example because the address couldn't "
            "be found, or is unable to receive mail.\nThe response from the remote server "
            "was:\n550 5.1.1"
        ),
    ),
    (
        "Message not delivered",
        (
            "Your message couldn't be delivered to a@b.example because the recipient "
            "server did not accept our requests to connect."
        ),
    ),
    ("Недоставленное сообщение", "Ваше письмо не было доставлено адресату."),
    ("Mail failure - no recipient addresses", "A message that you sent contained no recipient addresses."),
    ("Failed to deliver to 'a@b.example'", "Your message was not delivered: no such user"),
    ("Delivery Notification: Delivery has timed out and failed", "This report relates to a message you sent."),
    ("Message Undeliverable", "The attached message could not be delivered."),
    ("Returned mail: User unknown", "The original message was received at Mon"),
    ("Mail System Error - Returned Mail", "This Message was undeliverable due to the following reason:"),
    ("Onbestelbaar: Order", "Levering aan deze geadresseerden of groepen is mislukt:"),
    (
        "Nie można dostarczyć: Zamówienie",
        ("Dostarczenie wiadomości do następujących adresatów lub grup nie powiodło się:"),
    ),
    ("Olevererbart: Order", "Leverans till dessa mottagare eller grupper misslyckades:"),
    ("Kan ikke leveres: Ordre", "Levering til disse mottakerne eller gruppene mislyktes:"),
    ("Imposible entregar: Pedido", "Error al entregar a estos destinatarios o grupos:"),
    ("Non recapitabile: Ordine", "Recapito non riuscito per i destinatari o gruppi seguenti:"),
    ("Не доставлено: Заказ", "Не удалось доставить сообщение следующим получателям или группам:"),
    ("配信不能: 注文", "次の受信者またはグループへの配信に失敗しました:"),
    ("【自動返信】お問い合わせありがとうございます", "このメールは自動送信されています。"),
    (
        "Re: Invoice",
        ("Your email has been received. Your case number is 4711. A member of our team will contact you shortly."),
    ),
    ("Request received: Login", "Your request (4711) has been received and is being reviewed by our support staff."),
    ("[Acme] Re: Login", "Your request has been received and assigned #4711. We will respond within one business day."),
    ("Anfrage 4711", "Ihre Anfrage ist bei uns eingegangen. Wir melden uns in Kürze bei Ihnen."),
    ("Заявка №4711", "Ваша заявка зарегистрирована под номером 4711. Специалист свяжется с вами в ближайшее время."),
    ("Звернення 4711", "Ваше звернення зареєстровано. Номер звернення 4711. Ми зв'яжемося з вами найближчим часом."),
    ("Захтев 4711", "Примили смо ваш захтев. Јавићемо се ускоро."),
    ("Anti-spam check", "To complete delivery of your message please visit https://c.example/1"),
    ("Re: Order", "Sorry, I have moved. My mailbox is protected by Boxbe. Please click https://boxbe.example"),
    ("Verification needed", "Your message has been quarantined. Click https://c.example to release it."),
]


@pytest.mark.parametrize(("subject", "text"), [*ABSENT, *BOUNCES, *OTHERS, *MORE])
def test_a_robot_without_headers(subject: str, text: str) -> None:
    """Subject and text are enough where a bounce or an auto-reply lost its headers, and the reason is said."""
    message = a_message(text, Subject=subject)
    assert message.automatic
    assert message.automatic_because.startswith(("the subject of ", "the wording of "))


@pytest.mark.parametrize(("subject", "text"), [*ABSENT, *BOUNCES])
@pytest.mark.parametrize("header", [{"Auto_Submitted": "auto-replied"}, {"Return_Path": "<>"}, {"From": DAEMON}])
def test_a_robot_with_headers(subject: str, text: str, header: dict[str, str]) -> None:
    """A standard sign decides before any wording does."""
    message = a_message(text, Subject=subject, **header)
    assert message.automatic
    assert not message.automatic_because.startswith("the wording")


@pytest.mark.parametrize(
    "sender",
    [
        "Mail Delivery Subsystem <x@mx.example>",
        "Mail Delivery System <x@mx.example>",
        "postmaster@mx.example",
        "Postmaster <postmaster@mx.example>",
        "post_master@mx.example",
        "Cron Daemon <root@web7.example>",
        "root <root@web7.example>",
        "root@web7.example",
        "newsletter@shop.example",
        "alerts@monitor.example",
        "notifications+abc@tracker.example",
        "notifications.service@tracker.example",
        "automailer-7@shop.example",
        "automated@shop.example",
        "postmaster-bounces@mx.example",
        "bounces+123@mail.example",
        "The Post Office <noreply@post.example>",
    ],
)
def test_addresses_of_robots(sender: str) -> None:
    assert a_message("x", From=sender).automatic


def test_an_endless_address_takes_no_time() -> None:
    """A pattern for robots' names is not tried on more than a name can have."""
    started = time.process_time()
    a_message("x", From="antivirus" * 10_000 + "@mx.example")
    assert time.process_time() - started < 1
