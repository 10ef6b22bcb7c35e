"""What companies and programs put below a mail goes; what the person says about such things stays."""

from __future__ import annotations

import pytest

from router.mail import footers
from tests.mail.builders import a_message

TEXT = "Where is my parcel?\n\nBest regards,\nAnn"

NOTICES = {
    "English": (
        "This e-mail and any attachments are confidential and intended solely for the addressee. "
        "If you have received "
        "it in error, please notify the sender and delete it."
    ),
    "English, two paragraphs": (
        "CONFIDENTIALITY NOTICE:\n\nThis message may contain privileged information, for the "
        "intended recipient only.\n\n"
        "Any unauthorised disclosure or copying of this e-mail is strictly prohibited."
    ),
    "German": (
        "Diese E-Mail enthält vertrauliche und rechtlich geschützte Informationen. Wenn Sie nicht "
        "der richtige Adressat "
        "sind, vernichten Sie diese Mail bitte."
    ),
    "French": (
        "Ce message et ses pièces jointes sont confidentiels et destinés au seul destinataire. Toute diffusion est "
        "interdite."
    ),
    "Spanish": (
        "Este mensaje es confidencial y se dirige exclusivamente a su destinatario; si lo recibe por error, bórrelo."
    ),
    "Portuguese": (
        "Esta mensagem é confidencial e dirige-se apenas ao destinatário. Se a recebeu por engano, apague-a."
    ),
    "Italian": (
        "Le informazioni contenute in questo messaggio sono riservate e per uso esclusivo del destinatario. Chi lo "
        "riceve per errore lo cancelli."
    ),
    "Dutch": (
        "Dit bericht is vertrouwelijk en uitsluitend bestemd voor "
        "de geadresseerde. Ontving u het ten onrechte, wis het."
    ),
    "Polish": (
        "Ta wiadomość jest poufna i przeznaczona wyłącznie dla adresata; jeśli otrzymali ją Państwo omyłkowo, usuńcie."
    ),
    "Czech": (
        "Tato zpráva je důvěrná a určena pouze adresátovi. Pokud ji dostanete omylem, smažte ji prosím z počítače."
    ),
    "Swedish": (
        "Detta meddelande är konfidentiellt och endast avsett för mottagaren; har du fått det av misstag, radera det."
    ),
    "Danish": (
        "Denne meddelelse er fortrolig og kun beregnet for modtageren. Har du modtaget den ved en fejl, så slet den."
    ),
    "Finnish": (
        "Tämä viesti on luottamuksellinen ja tarkoitettu vain vastaanottajalle. Jos sait sen erehdyksessä, poista se."
    ),
    "Turkish": (
        "Bu e-posta gizli bilgiler içerir ve yalnızca alıcıya özeldir; yanlışlıkla aldıysanız lütfen siliniz efendim."
    ),
    "Russian": (
        "Это сообщение содержит конфиденциальную информацию и "
        "предназначено только адресату. Получив его по ошибке, удалите."
    ),
    "Ukrainian": (
        "Це повідомлення є конфіденційним і призначене лише адресатові. Якщо ви отримали його помилково, видаліть його."
    ),
    "Serbian": (
        "Ова порука је поверљива и намењена само примаоцу. Ако сте је добили грешком, молимо вас да је обришете одмах."
    ),
    "Mongolian": (
        "Энэ захидал нууц бөгөөд зөвхөн хүлээн авагчид зориулагдсан. "
        "Андуурч авсан бол устгана уу, хуулбарлахгүй байна уу."
    ),
    "Chinese": "本邮件及其附件含有保密信息，仅供指定的收件人使用。如误收，请立即删除，并通知发件人。",
    "Japanese": (
        "このメールには機密情報が含まれており、宛先の方のみを対象としています。誤って受信された場合は削除してください。"
    ),
    "Korean": (
        "본 메일은 기밀 정보를 포함할 수 있으며 지정된 수신인만을 위한 것입니다. 잘못 수신된 경우 삭제해 주십시오."
    ),
    "printing": "Please consider the environment before printing this e-mail.",
    "printing, German": "Bitte denken Sie an die Umwelt, bevor Sie diese E-Mail drucken.",
    "Avast": "Virus-free. www.avast.com <https://www.avast.com/sig-email>",
    "Avast, Russian": "Без вирусов. www.avast.ru",
    "scanned": "This email has been checked for viruses by Avast antivirus software.\nwww.avast.com",
    "newsletter": ("You are receiving this email because you bought from us.\nUnsubscribe | Manage your preferences"),
    "newsletter, link": "Unsubscribe <https://shop.example/u>",
    "newsletter, sentence": "To unsubscribe from this list, visit https://shop.example/u.",
    "newsletter, German": "Wenn Sie keine E-Mails mehr erhalten möchten, können Sie sich hier abmelden.",
    "newsletter, Ukrainian": "Щоб відписатися від розсилки, перейдіть за посиланням: https://shop.example/u",
    "company": "Sitz der Gesellschaft: Berlin, Amtsgericht Charlottenburg HRB 12345",
}


@pytest.mark.parametrize("notice", NOTICES.values(), ids=NOTICES.keys())
def test_notices_below_the_text_go(notice: str) -> None:
    """Also several of them, and below a quote; the sign-off stays."""
    assert a_message(f"{TEXT}\n\n{notice}").text == TEXT
    assert a_message(f"{TEXT}\n\n{NOTICES['Avast']}\n\n{notice}\n\nSent from my iPhone").text == TEXT
    assert a_message(f"{TEXT}\n\n{notice}\n\n> Which parcel?\n").text == TEXT


@pytest.mark.parametrize("notice", NOTICES.values(), ids=NOTICES.keys())
def test_a_notice_alone_stays(notice: str) -> None:
    """Nothing is not a text."""
    assert footers.split(notice)[0]


@pytest.mark.parametrize(
    "last",
    [
        "Please unsubscribe me.",
        "Unsubscribe",
        "Unsubscribe me from all your lists, please",
        "I want to unsubscribe from your newsletter.",
        "Unsubscribe from these emails please",
        "To unsubscribe I clicked the link, and nothing happened.",
        "If I unsubscribe, do I lose my points?",
        "Change subscription to monthly.",
        "Newsletter abbestellen bitte",
        "Отписаться от рассылки",
        "Прошу відписати мене від розсилки.",
        "退订",
        "Is this e-mail confidential, or may I show it to the recipient of the parcel?",
        "I received your message in error: it says it is confidential, and I am not the intended recipient.",
        "This is confidential.",
        "The confidential letter did not arrive.",
        "Does your mail contain a virus?",
        "Sent by DHL on Monday",
        "Sent from Berlin",
        "To be honest, you should change your delivery company.",
        "My phone is +1 555 123 4567",
        "+1 555 123 4567",
    ],
)
def test_a_persons_last_words_stay(last: str) -> None:
    """Wishes, questions and facts about such things are the text."""
    text = f"Hello,\n\nI have written before.\n\n{last}"
    assert a_message(text).text == text


@pytest.mark.parametrize(
    "signature",
    [
        "-- \nAnn Miller\nAcme Ltd",
        "--\nAnn Miller",
        "__\nAnn Miller",
        "-- \nSent from Mail.ru for Android",
        "-- \n" + "\n".join(f"Line {number} of a long signature" for number in range(30)),
        "Ann Miller\nSales Manager\nTel: +1 555 123 4567\nwww.acme.example",
        "Ann Miller\nann@acme.example\n(555) 123-4567",
        "----------------\n\nAnn Miller\n\nt. 555-123-4567\n\nhttps://acme.example/",
        "________________________________\nusers mailing list\nusers@lists.example\nhttps://lists.example/listinfo/users",
    ],
)
def test_signature_blocks_go(signature: str) -> None:
    """Below dashes, or as a block of name, phone and web address."""
    assert a_message(f"Where is it?\n\n{signature}").text == "Where is it?"
    assert a_message(f"Where is it?\n\n{signature}\n\n{NOTICES['English']}").text == "Where is it?"


@pytest.mark.parametrize(
    "text",
    [
        "Hello,\n\nmy details are:\n\nAnn Miller\nann@x.example\n+1 555 123 4567",
        "Hello,\n\nplease write to one of these.\n\nann@x.example",
        "Prices\n--\nA shirt is 10.\n\nA hat is 20.\n" + "\n".join(f"Thing {number} is cheap." for number in range(20)),
        "Best,\nAnn",
        "Thanks!\n\n-Ann",
    ],
)
def test_answers_and_sign_offs_stay(text: str) -> None:
    """Contact details that were asked for, and the name below the text."""
    assert a_message(text).text == text


def test_a_first_name_above_a_contact_block_stays() -> None:
    """It is how the person signed."""
    assert a_message("Where is it?\n\nAnn\nTel: +1 555 123 4567\nwww.acme.example").text == "Where is it?\n\nAnn"


def test_what_is_split_off_is_the_signature() -> None:
    """Both parts together hold every line of the text."""
    written, signature = footers.split(f"{TEXT}\n\n-- \nAcme Ltd\n\n{NOTICES['English']}")
    assert written == TEXT
    assert signature.startswith("-- \nAcme Ltd")
    assert signature.endswith("delete it.")
