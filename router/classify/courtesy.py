"""Words of greeting, thanks and sign-off: they make mails alike that have nothing else in common."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

import numpy as np

from router.classify.features import BUCKETS, Floats, features_of_words
from router.classify.normalise import tokens

_SAID: Final = (
    (
        "hello hi hey dear sir madam team all good morning afternoon evening day i am writing to you about hope"
        " this finds you well please could you would can let me know thank you thanks in advance many thanks thank"
        " you very much for your help support time looking forward to hearing from you your reply best regards kind"
        " regards regards yours sincerely faithfully cheers best wishes have a nice day sent from my phone"
    ),
    (
        "добрий день доброго дня вітаю шановні привіт доброго ранку добрий вечір пишу вам щодо будь ласка прошу"
        " підкажіть чи можете дякую заздалегідь дякую наперед дякую за допомогу відповідь буду вдячний вдячна чекаю"
        " на відповідь з повагою з найкращими побажаннями всього найкращого гарного дня надіслано з"
    ),
    (
        "здравствуйте добрый день доброе утро добрый вечер уважаемые привет пишу вам по поводу пожалуйста прошу"
        " подскажите не могли бы вы можете спасибо заранее спасибо заранее благодарю за помощь за ответ буду"
        " благодарен благодарна жду ответа с уважением с наилучшими пожеланиями всего доброго хорошего дня"
        " отправлено с"
    ),
    (
        "поштовани здраво добар дан добро јутро добро вече драги пишем вам у вези са молим вас да ли можете хвала"
        " унапред хвала на помоћи унапред хвала хвала вам пуно на одговору чекам одговор срдачан поздрав с"
        " поштовањем поздрав лепо све најбоље пријатан дан послато са"
    ),
    (
        "сайн байна уу сайн уу хүндэт эрхэм өглөөний мэнд өдрийн мэнд оройн мэнд бичиж байна та танай надад хэлж"
        " өгнө үү туслана уу боломжтой юу урьдчилан баярлалаа маш их баярлалаа тусалсанд баярлалаа хариу хүлээж"
        " байна хүндэтгэсэн хүндэтгэсэнээр хүндэтгэн мэндчилгээ амжилт хүсье"
    ),
)


@lru_cache(maxsize=1)
def without_courtesy() -> Floats:
    """A weight for each bucket: nothing for courtesy words, their pairs and their characters, one for all else."""
    weights = np.ones(BUCKETS, dtype=np.float32)
    for said in _SAID:
        weights[features_of_words(tokens(said)).buckets] = 0.0
    return weights
