"""What the demo's customers write in Serbian (both scripts) and Mongolian, and the one in German."""

from __future__ import annotations

from router.demo.letters import Letter

SERBIAN = (
    Letter(
        key="sr-refund",
        sender="Јелена Петровић",
        address="jelena@petrovic.example",
        subject="Повраћај новца за поруџбину број 6120",
        text="Добар дан,\n\nпоруџбина број 6120 је стигла оштећена. Молим вас за повраћај новца.\n\nСрдачан поздрав,\n"
        "Јелена Петровић",
        age=55,
        encoding="base64",
    ),
    Letter(
        key="sr-cancel",
        sender="Marko Nikolić",
        address="marko@nikolic.example",
        subject="Otkazivanje pretplate",
        text="Poštovani,\n\nželim da otkažem pretplatu od sledećeg meseca.\n\nPozdrav,\nMarko Nikolić",
        age=53,
        charset="windows-1250",
        encoding="quoted-printable",
    ),
    Letter(
        key="sr-faq",
        sender="Milica Jovanović",
        address="milica@jovanovic.example",
        subject="Kako da promenim adresu za isporuku?",
        text="Zdravo,\n\ngde na sajtu mogu da promenim adresu za isporuku i koliko traje isporuka do Novog Sada?\n\n"
        "Hvala,\n"
        "Milica",
        age=51,
    ),
    Letter(
        key="sr-billing",
        sender="Драган Илић",
        address="dragan@ilic.example",
        subject="Рачун INV-1870 наплаћен два пута",
        text="Добар дан,\n\nса картице је два пута скинут износ за рачун INV-1870. Молим вас проверите уплату.\n\n"
        "Драган Илић",
        age=49,
        charset="windows-1251",
        encoding="base64",
    ),
    Letter(
        key="sr-technical",
        sender="Ana Stojanović",
        address="ana@stojanovic.example",
        subject="Aplikacija se ruši",
        text="Ćao,\n\nposle ažuriranja aplikacija se ruši čim se prijavim, greška E-1042. Šta da radim?\n\nAna",
        age=47,
        encoding="quoted-printable",
    ),
    Letter(
        key="sr-complaint",
        sender="Зоран Марковић",
        address="zoran@markovic.example",
        subject="Жалба на услугу",
        text="Поштовани,\n\nвеома сам незадовољан услугом: курир је био непристојан, а пакет је каснио недељу дана. "
        "Ово је "
        "моја жалба.\n\nЗоран Марковић",
        age=45,
        encoding="8bit",
    ),
    Letter(
        key="sr-thanks",
        sender="Ivana Ristić",
        address="ivana@ristic.example",
        subject="Hvala",
        text="Hvala vam puno na pomoći!\n\nIvana",
        age=43,
        encoding="base64",
    ),
)

MONGOLIAN = (
    Letter(
        key="mn-refund",
        sender="Болормаа Дорж",
        address="bolormaa@dorj.example",
        subject="Захиалга № 3391: мөнгөө буцааж авмаар байна",
        text="Сайн байна уу?\n\nЗахиалга № 3391 эвдэрсэн ирсэн тул мөнгөө буцааж авмаар байна.\n\nХүндэтгэсэн,\n"
        "Болормаа Дорж",
        age=40,
        encoding="base64",
    ),
    Letter(
        key="mn-cancel",
        sender="Бат-Эрдэнэ Ганбаатар",
        address="bat@ganbaatar.example",
        subject="Бүртгэлээ цуцлах",
        text="Сайн байна уу?\n\nДараа сараас эхлэн захиалгаа цуцалж, бүртгэлийг маань хаана уу.\n\nБат-Эрдэнэ",
        age=38,
        encoding="base64",
    ),
    Letter(
        key="mn-faq",
        sender="Сарангэрэл",
        address="sarangerel@tuya.example",
        subject="Хүргэлтийн хаягаа яаж солих вэ?",
        text="Сайн байна уу?\n\nХүргэлтийн хаягаа хаанаас солих вэ? Хүргэлт хэдэн хоног болдог вэ?\n\n"
        "Баярлалаа,\nСарангэрэл",
        age=36,
        encoding="quoted-printable",
    ),
    Letter(
        key="mn-billing",
        sender="Тэмүүжин Бямба",
        address="temuujin@byamba.example",
        subject="INV-1502 нэхэмжлэх хоёр удаа төлөгдсөн",
        text="Сайн байна уу?\n\nINV-1502 нэхэмжлэхийн төлбөр картаас хоёр удаа хасагдсан байна. Шалгаж өгнө үү.\n\n"
        "Тэмүүжин",
        age=34,
        encoding="8bit",
    ),
    Letter(
        key="mn-technical",
        sender="Нандин",
        address="nandin@erdene.example",
        subject="Апп нээгдэхгүй байна",
        text="Сайн уу,\n\nшинэчлэлтийн дараа апп нээгдэхгүй, E-1042 алдаа заагаад нэвтэрч чадахгүй байна. Яах "
        "вэ?\n\nНандин",
        age=32,
        encoding="base64",
    ),
    Letter(
        key="mn-complaint",
        sender="Ганзориг Пүрэв",
        address="ganzorig@purev.example",
        subject="Гомдол",
        text="Үйлчилгээнд тань маш их гомдолтой байна. Хүргэгч бүдүүлэг харилцсан, бараа долоо хоног хоцорсон.\n\n"
        "Ганзориг Пүрэв",
        age=30,
        encoding="base64",
    ),
    Letter(
        key="mn-thanks",
        sender="Оюунчимэг",
        address="oyuna@oyun.example",
        subject="Баярлалаа",
        text="Тусалсанд маш их баярлалаа!\n\nОюунчимэг",
        age=28,
        encoding="base64",
    ),
)

GERMAN = (
    Letter(
        key="de-question",
        sender="Jürgen Schäfer",
        address="juergen@schaefer.example",
        subject="Frage zum Lieferumfang",
        text="Guten Tag,\n\nliegt der Lampe ein Leuchtmittel bei, oder muss ich es selbst besorgen?\n\n"
        "Grüße\nJürgen Schäfer",
        age=26,
        charset="iso-8859-1",
        encoding="quoted-printable",
    ),
)
