"""People who write about bounces, vacations, deliveries and no-reply addresses are people."""

from __future__ import annotations

import pytest

from tests.mail.builders import a_message

# (subject, text)
PEOPLE = [
    # Parcels are delivered too, and fail to be.
    ("Delivery problem with order 123", "Hello, the courier never came. Where is my parcel?"),
    ("Delivery delayed", "The tracking page says my delivery is delayed. Until when?"),
    ("Delivery failed", "The driver says the delivery failed because nobody was home, but I was home all day."),
    ("Delivery failure: order 4711", "DHL could not deliver. Please send it again."),
    ("Undelivered parcel", "My parcel is still undelivered after three weeks."),
    ("Undeliverable parcel", "UPS marked it as undeliverable and sends it back to you. Please ship it again."),
    ("Failed delivery", "Third failed delivery this month. I want a refund."),
    ("Returned to sender", "The post office returned it to sender. Can you send it again?"),
    ("Unable to deliver?", "Your message says the parcel could not be delivered. What now?"),
    ("Delivery notification", "I never got a delivery notification for my order."),
    ("Delivery report", "The delivery report you sent lacks two boxes. Please check."),
    ("Delivery status of order 99", "What is the status? It was not delivered."),
    ("Your message could not be delivered", "That is what your app tells me when I press send. What can I do?"),
    ("Parcel", "Your parcel service could not deliver my order: 550 euro worth of goods."),
    ("Order", "The following address is wrong: Main Street 5. Please change it to Main Street 7."),
    # Bounces that people ask about.
    (
        "My mail to you bounced",
        "I wrote to sales@shop.example and got this:\n\nYour message could not be delivered.\n550 5.1.1 user unknown",
    ),
    ("mailer-daemon", "I keep getting mail from mailer-daemon about undeliverable messages. Is my account hacked?"),
    ("Fwd: Undeliverable: Order 12", "What does this mean? I only asked for my invoice."),
    ("Re: Undelivered Mail Returned to Sender", "Hi, I got this from your server. Which address is right?"),
    ("Mail delivery failed", "Mail delivery failed whenever I answer your newsletter. Could you look into it?"),
    ("Mail error in your app", "The app shows a mail error when I press send. My version is 4.2."),
    ("Mailbox full", "Your app says mailbox full. I deleted everything."),
    ("Message rejected", "My message to your chat was rejected. Why?"),
    ("Unknown user", "When I log in it says unknown user, but my password is right."),
    ("Bounce rate", "The bounce rate of my landing page is 80 %. Can your plugin help?"),
    ("Virus alert", "Your installer triggers a virus alert on my computer. Is it safe?"),
    ("Spam report", "I want to report spam that I get from your customers."),
    (
        "550 5.7.1",
        "Since Monday I get 550 5.7.1 from your server when I send mail to my team. Please whitelist my address.",
    ),
    # Away, but a customer.
    ("Out of office until Monday", "I am out of the office until Monday. Please deliver on Tuesday instead."),
    ("Vacation", "I am on vacation until 5 May and will be back on 6 May. Please hold my parcel."),
    ("Vacation rental refund", "We had to cancel our stay. How do we get the deposit back?"),
    ("Vacation until Sunday", "I would like to pause my subscription while I am away."),
    ("Holiday - opening hours", "Are you open on Good Friday?"),
    ("Away from home", "I'm away from my desk all week, could you call me on Friday?"),
    ("Annual leave policy", "Does your HR product handle annual leave in Serbia?"),
    ("Maternity leave", "I am going on maternity leave. How do I transfer my account to a colleague?"),
    ("Out of stock?", "Is the red one out of stock?"),
    ("Change of address", "I no longer work at Acme. Please change the address of my account."),
    ("Colleague left", "Peter Miller is no longer with us. Please remove his login and send invoices to me."),
    ("Login", "The login button no longer works for me since the update."),
    ("App no longer works", "Your app no longer works at all on my phone."),
    # No-reply, auto-replies, unsubscribe, automatic this and that.
    ("Automatic renewal", "I did not agree to an automatic renewal. I want my money back."),
    ("Automatic payment", "The automatic payment was taken twice."),
    ("Automatic reply settings", "Where do I turn on the automatic reply in your product?"),
    ("Automatic message after purchase", "The automatic message had the wrong name on it. Please fix."),
    ("Automated email says cancelled", "I got an automated email that my order is cancelled. I did not cancel it."),
    ("Auto-reply loop", "Your auto-reply answers my auto-reply all night. Please stop it."),
    ("Re: Automatic reply: Order 12", "Thanks, but nobody has answered yet. Where is my order?"),
    ("AW: Automatische Antwort: Bestellung", "Seit einer Woche keine Antwort. Wo ist mein Paket?"),
    ("Automatic reply", "How do I switch it off? My customers complain."),
    ("Do not reply", "Your mail says please do not reply to this email, so where can I reach a person?"),
    ("No reply", "I wrote three times and got no reply. I was told: this is an automated message."),
    ("Hello", 'I only got "This is an automated message, please do not reply". I need a human.'),
    (
        "Complaint",
        (
            "I wrote to you on Monday and got this:\n\nThis is an automated message. "
            "We have received your request.\n\nNothing since."
        ),
    ),
    ("Wrong address", "Please do not reply to this address, my new one is jane@new.example."),
    ("Sorry", "Please ignore this message if you already shipped, otherwise please cancel my order."),
    ("Ignore my last mail", "Please ignore this email I sent before, I found the invoice."),
    ("Unsubscribe", "Please unsubscribe me from all mail."),
    ("Server error", "This is an automated message appears when I log in."),
    ("Chat", "This is an automatic reply I get whenever your chat is closed."),
    ("Do not reply", "Do not reply to this address, it is wrong; write to jane@new.example"),
    ("Maternity leave", "I am on maternity leave and need to pause the subscription."),
    ("Auto-reply", "I keep getting an automatic reply. When will somebody read what I wrote? Nobody does."),
    ("Автоответ", "Мне приходит автоответ на каждое письмо. Ответьте лично."),
    ("Автовідповідь", "Отримую автовідповідь на кожен лист. Дайте відповідь особисто."),
    ("Automatische Antwort", "Ich bekomme immer nur die automatische Antwort auf meine Nachricht."),
    ("Confirm your email", "I click the link to confirm my email address and get an error."),
    ("Please confirm your delivery address", "You asked me to confirm it: Main Street 5, Berlin. Is that right?"),
    ("Verify email problem", "I never got the verification mail. Can you verify me by hand?"),
    ("Read: your return policy is wrong", "I have read it twice and it contradicts itself. I want a refund."),
    ("Deleted: my account", "It is gone. I did not delete it. Please restore it."),
    ("We received your parcel", "Thank you for your message. The box was empty, where are my shoes?"),
    ("Thanks", "Thank you for your email. My order number is 4711 and I still wait."),
    ("Ticket", "My train ticket was created with the wrong date. Could you change it?"),
    ("Bounce house", "I want to rent a bounce house on 5 May. Do you deliver?"),
    ("This email was scanned", "Hi, when do you ship?\n\nThis email has been automatically scanned for viruses."),
    # Ukrainian
    ("Проблема з доставкою", "Посилку не доставлено, кур'єр не телефонував. Що робити?"),
    ("Не вдалося доставити", "Нова пошта пише, що не вдалося доставити посилку. Надішліть ще раз, будь ласка."),
    ("Відпустка", "Я у відпустці до понеділка, можна доставити у вівторок?"),
    ("Я в відпустці", "Я у відпустці до 5 травня. Прошу перенести доставку."),
    ("Автоматичне списання", "Автоматичне списання пройшло двічі. Поверніть гроші."),
    ("Лист", "Отримав лист: «Це автоматичне повідомлення, не відповідайте на нього». Мені потрібна людина."),
    # Russian
    ("Ошибка доставки", "Курьер не приехал, ошибка доставки в трекинге. Верните деньги."),
    ("Доставка не удалась", "Пишет, что доставка не удалась. Я был дома весь день."),
    ("Не доставлено", "Заказ 123 до сих пор не доставлен."),
    ("В отпуске до пятницы", "Я в отпуске до пятницы, доставьте заказ в субботу."),
    ("Автоматическое продление", "Отключите автоматическое продление подписки."),
    ("Вопрос", "Почему ваш робот пишет «не отвечайте на это письмо»? Как с вами связаться?"),
    # Serbian
    ("Испорука није успела", "Курир није дошао, испорука није успела. Када ће поново?"),
    ("Isporuka nije uspela", "Kurir nije došao. Možete li ponovo da pošaljete paket?"),
    ("На одмору сам", "На одмору сам до понедељка. Можете ли да одложите доставу?"),
    ("Na godišnjem odmoru", "Trenutno sam na godišnjem odmoru, molim vas da isporučite paket u petak."),
    # Mongolian
    ("Хүргэлт амжилтгүй", "Миний захиалга хүргэгдээгүй байна. Хэзээ ирэх вэ?"),
    ("Амралттай байна", "Би амралттай байна, захиалгаа даваа гарагт авах боломжтой юу?"),
    ("Автомат төлбөр", "Автомат төлбөр хоёр удаа хийгдсэн. Мөнгөө буцааж авмаар байна."),
    # German
    ("Zustellung fehlgeschlagen", "DHL schreibt, die Zustellung sei fehlgeschlagen. Ich war den ganzen Tag zu Hause."),
    ("Paket unzustellbar", "Mein Paket kam als unzustellbar zurück. Können Sie es noch einmal senden?"),
    ("Urlaub", "Ich bin bis Montag im Urlaub. Bitte liefern Sie erst am Dienstag."),
    ("Abwesend am 5. Mai", "Ich bin am 5. Mai nicht zu Hause. Kann ich das Paket abholen?"),
    ("Eingangsbestätigung fehlt", "Ich habe noch keine Eingangsbestätigung für meine Rücksendung."),
    ("Automatische Abbuchung", "Die automatische Abbuchung war zu hoch. Bitte erstatten Sie mir den Betrag."),
    # French
    ("Livraison non remise", "Votre message dit que le colis n'a pas pu être livré. Que faire ?"),
    ("Échec de remise du colis", "Le livreur n'est jamais passé. Je veux être remboursé."),
    ("En congé", "Je suis en congé jusqu'au 5 mai, pouvez-vous livrer la commande après ?"),
    ("Accusé de réception", "Je n'ai jamais reçu l'accusé de réception de ma commande."),
    # Spanish
    ("No se pudo entregar", "El mensajero dice que no se pudo entregar el paquete. ¿Qué hago?"),
    ("Ausente hasta el lunes", "Estoy de vacaciones hasta el lunes. ¿Pueden entregar el pedido el martes?"),
    ("Pago automático", "El pago automático se hizo dos veces. Quiero un reembolso."),
]

# Short subjects that a mail system could have written, and a customer did.
SHORT = [
    ("Delivery", "Your message said the delivery failed twice. I was at home. What happened?"),
    (
        "Where is my parcel",
        ("Delivery to the wrong house again. 550 Main Street is not 505 Main Street, user of unit 3."),
    ),
    ("bounced payment", "My bank says the payment bounced. Please tell me how to pay again."),
    ("Bounced cheque", "The cheque bounced, I will send another."),
    ("Returned mail", "I received returned mail from you at my old address. Please update it."),
    ("Failed mail order", "My mail order failed."),
    ("Undeliverable", "The post says undeliverable. Is the address below correct?"),
    ("Undeliverable", "Package came back. I moved to Main Street 7."),
    ("Failure notice", "I got a failure notice on the dashboard, screenshot attached."),
    ("Delivery status", "Package stuck in customs for 10 days."),
    ("Delivery status notification", "Please turn off the SMS for each delivery status."),
    ("Delivery Status Notification emails", "How can I disable them?"),
    ("Message blocked", "Chat message blocked. I did nothing wrong."),
    ("Mail delivery", "Do you also offer mail delivery to Norway?"),
    ("Automatic answer", "Is there a way to write an automatic answer for weekends?"),
    ("Auto-reply", "Our auto-reply does not work since yesterday."),
    ("Autoresponder", "My autoresponder stopped. Which plan includes it?"),
    ("Auto: insurance claim", "My car was hit. What documents do you need?"),
    ("auto", "Auto kaputt, brauche Ersatzteil Nr 123."),
    ("Automatic reply: how to set?", "I cannot find it in the settings."),
    ("OOO feature request", "An OOO calendar would be great for our team."),
    ("Out of office message", "How do I set an out of office message in your app?"),
    (
        "Out of office",
        ("We are moving and will be out of the office on Friday, so the technician should come on Monday."),
    ),
    ("Vacation", "Looking for a vacation rental in June, 2 adults."),
    ("Vacation!", "We loved our vacation, thank you so much. One question about the invoice"),
    ("Holiday", "Booked a holiday, never got the confirmation."),
    ("Holiday from 3 to 10 May", "2 rooms, breakfast included"),
    ("Leave", "I want to leave the programme."),
    ("Away", "I'm away on business until Thursday so the courier won't find me."),
    ("Re: Order", "I'm on holiday until Monday, will check the parcel when I get back."),
    ("Re: your question", "Hi Anna, I was out of the office yesterday. The serial number is A-123."),
    (
        "Re: your question",
        ("I am currently traveling and have limited access to email, but the error is still there: code 7."),
    ),
    ("Order", "We are closed on Mondays. Deliver Tuesday to Friday only."),
    ("Invoice", "We have received your invoice. The VAT number is wrong."),
    ("Re: Ticket 123", "Thank you for contacting me. The problem is solved."),
    ("Reset", "If you did not receive my last mail: the login fails."),
    ("Security", "This mailbox is full according to your app, and no mail is received."),
    ("Account", "This email address is no longer in use, please use jane@new.example for my account."),
    ("Account", "this account is not used by me, delete it"),
    ("Complaint", "Do not reply with a template again. Answer the question."),
    ("Question", "Please do not reply by phone, only mail."),
    ("Question", "Why do replies to this address bounce?"),
    ("Phishing?", "Please confirm your email address - is this mail from you? It links to http://evil.example"),
    ("Verify your email", "Verify your email is what the button says but nothing happens"),
    ("Read: this!", "Have you read my mail of Monday?"),
    ("Deleted: my photos", "All photos are gone after the update"),
    ("lu : votre mail", "J'ai lu votre mail et je ne suis pas d'accord."),
    ("Gelesen: AGB", "Ich habe die AGB gelesen und widerrufe."),
    ("Отсутствие товара", "Когда появится товар в наличии?"),
    ("В отпуске", "Буду в отпуске с 1 по 10, заберите посылку на складе до моего приезда"),
    ("Автоматическое сообщение", "Ваше автоматическое сообщение пришло на английском"),
    ("Автоответчик", "Как настроить автоответчик в вашем сервисе?"),
    ("Недоставленный заказ", "Где мой заказ?"),
    ("Недоставлена посилка", "Де моя посилка"),
    ("Лист не доставлено", "Мій лист до вас не доставлено, помилка 550 5.1.1. Яка правильна адреса?"),
    ("Письмо не доставлено", "Отправил письмо на info@, вернулось: 550 5.1.1 user unknown. Дайте верный адрес."),
    ("Відсутній товар", "Відсутній товар у посилці, прошу вислати."),
    ("Одсутан курир", "Курир није дошао."),
    ("Нисам код куће", "Тренутно сам на годишњем одмору, пакет оставите код комшије."),
    ("Automatski odgovor", "Kako da podesim automatski odgovor?"),
    ("Автомат хариу", "Автомат хариуг яаж тохируулах вэ?"),
    ("Амралт", "Амралтын өдөр ажилладаг уу?"),
    ("Abwesenheit", "Wegen Abwesenheit konnte das Paket nicht zugestellt werden, bitte neuer Termin."),
    ("Ich bin im Urlaub", "Ich bin im Urlaub und habe mein Passwort vergessen."),
    ("Nachricht", "Ihre Nachricht kam an, danke. Die Rechnung fehlt."),
    ("Automatische Antwort", "Kann man die automatische Antwort abschalten?"),
    ("Absence de réponse", "Toujours pas de réponse à ma réclamation."),
    ("Réponse automatique", "Comment désactiver la réponse automatique ?"),
    ("Ausencia de respuesta", "Sigo sin respuesta."),
    ("Fuera de servicio", "La app está fuera de servicio."),
    ("Mensaje no entregado", "Mi mensaje no fue entregado al vendedor."),
    ("Delivery to new address", "Delivery to the office, not to my home. Quota of samples exceeded too."),
    ("unknown user on my account", "There is an unknown user in my team list."),
    ("Virus warning", "My antivirus shows a virus warning for your installer."),
    ("System", "This is the system at host web7, I need its licence moved to web8."),
    ("500 error", "550 users affected. The following message appears: could not be sent."),
    ("Mail", "The mail could not be delivered to my customer: 554 5.7.1 rejected. Your IP is blacklisted."),
    ("Emails", "Emails from your shop are rejected by our server: 550 5.7.26 unauthenticated. Fix your DKIM."),
    ("Mail problem", "Delivery to gmail fails since today: 421 4.7.0 try again later. Our domain is x.example."),
]


@pytest.mark.parametrize(("subject", "text"), [*PEOPLE, *SHORT])
def test_a_customer_is_a_person(subject: str, text: str) -> None:
    """Words of mail systems in a customer's mail prove nothing, whatever the subject says."""
    message = a_message(text, Subject=subject)
    assert (message.automatic, message.automatic_because) == (False, "")


@pytest.mark.parametrize(
    "subject",
    [
        "Re: Automatic reply: Order",
        "RE: Undeliverable: Order",
        "Fwd: Delivery Status Notification (Failure)",
        "Fwd: Your message to users awaits moderator approval",
    ],
)
@pytest.mark.parametrize(
    "text", ["What does this mean?", "Nobody answered me.", "Прошу пояснити, що це.", "Hallo, wer hilft mir?"]
)
def test_an_answer_to_a_robot_is_a_persons(subject: str, text: str) -> None:
    """Behind `Re:` stands the subject of the mail that is answered, also where In-Reply-To was lost."""
    assert not a_message(text, Subject=subject).automatic
    assert not a_message(text, Subject=subject, In_Reply_To="<0@shop.example>").automatic


@pytest.mark.parametrize(
    "headers",
    [
        {"From": "Bounce <info@bounce.example>"},
        {"From": "Jane Bounce <jane@customer.example>"},
        {"From": "Postmaster Jane <jane@customer.example>"},
        {"From": "Jane Postmaster <jane@customer.example>"},
        {"From": "Jane Miller <postmaster@customer.example>"},
        {"From": "Jane Miller <root@customer.example>"},
        {"From": "Monitoring team <alerts-team@customer.example>"},
        {"From": "Robot Vacuum Fans <robot@customer.example>"},
        {"From": "Automation Inc <automation@customer.example>"},
        {"From": "automechanic@customer.example"},
        {"From": "Automat <automat@customer.example>"},
        {"From": "automation-anna@customer.example"},
        {"From": "Anna <notifications.anna@customer.example>"},
        {"From": "Anna <postmaster-anna@customer.example>"},
        {"From": "Jane (system administrator at Acme) <jane@customer.example>"},
        {"From": "Mail Systems Ltd <sales@mailsystems.example>"},
        {"X_Auto_Response_Suppress": "DR, RN, NRN, OOF, AutoReply"},
        {"X_Auto_Response_Suppress": "All"},
        {"X_Auto_Response_Suppress": "OOF"},
        {"Feedback_ID": "1:2:3:esp"},
        {"List_Unsubscribe": "<mailto:out@customer.example>"},
        {"Auto_Submitted": "no"},
        {"Precedence": "normal"},
        {"Precedence": "first-class"},
        {"Importance": "high", "X_Mailer": "Microsoft Outlook 16.0"},
    ],
)
def test_headers_that_people_have_too(headers: dict[str, str]) -> None:
    """Exchange asks for no absence notes to people's mail; mail services add Feedback-ID and List-Unsubscribe."""
    message = a_message("Where is my order? I paid on Monday.", **headers)
    assert (message.automatic, message.automatic_because) == (False, "")


@pytest.mark.parametrize(
    "sender",
    [
        "noreply@shop.example",
        "mailer@forms.example",
        "www-data@web7.example",
        "nobody@web7.example",
        "notifications@tracker.example",
    ],
)
def test_a_form_sends_what_a_customer_wrote(sender: str) -> None:
    """A contact form sends from a robot's address and names the customer in Reply-To."""
    assert not a_message("Where is my order?", From=sender, Reply_To="Jane <jane@customer.example>").automatic
    assert a_message("Your order was shipped.", From=sender).automatic
    assert a_message("Your order was shipped.", From=sender, Reply_To="no-reply@elsewhere.example").automatic


def test_a_ticket_system_may_carry_a_customers_words() -> None:
    """`auto-generated` with answers to somebody at another domain: no loop, and a customer who waits."""
    relayed = {"Auto_Submitted": "auto-generated", "From": "Form <form@shop.example>"}
    assert not a_message("Where is my order?", **relayed, Reply_To="jane@customer.example").automatic
    assert a_message("Where is my order?", **relayed).automatic
    assert a_message("Where is my order?", **relayed, Reply_To="help@shop.example").automatic
    relayed["Auto_Submitted"] = "auto-replied"
    assert a_message("I am away.", **relayed, Reply_To="jane@customer.example").automatic
