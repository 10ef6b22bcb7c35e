"""Subjects as a mixed inbox has them: one phrase each, in five languages."""

from __future__ import annotations

import pytest

from router.classify.classifier import Classifier
from tests.classify.builders import a_category, a_mail

CATEGORIES = [
    a_category("billing", en="invoice", ru="счет", uk="рахунок", sr="рачун", mn="нэхэмжлэх"),
    a_category("technical", en="error", ru="ошибка", uk="помилка", sr="грешка", mn="алдаа"),
    a_category("sales", en="quote", ru="предложение", uk="пропозиція", sr="понуда", mn="үнийн санал"),
    a_category("complaint", en="refund", ru="возврат", uk="повернення", sr="рекламација", mn="буцаалт"),
]
FRAMES = {
    "en": ("{} for order 100017", "Question about {} 100017", "Re: Urgent: {}, case 100017"),
    "ru": ("{} по заказу 100017", "Вопрос: {} № 100017", "Срочно! {}, обращение 100017"),
    "uk": ("{} щодо замовлення 100017", "Питання: {} № 100017", "Re: Терміново! {}, звернення 100017"),
    "sr": ("{} за поруџбину 100017", "Питање: {} бр. 100017", "Хитно! {}, предмет 100017"),
    "mn": ("{}, захиалга 100017", "Асуулт: {} № 100017", "Яаралтай! {}, хүсэлт 100017"),
}
NEUTRAL = (
    "Opening hours on holiday 100017",
    "График работы в праздники 100017",
    "Графік роботи у свята 100017",
    "Радно време празником 100017",
    "Баярын өдрийн цагийн хуваарь 100017",
)
BODY = (
    "Hello, I am writing about my recent order. Could you please look into this?\n\n"
    "Здравствуйте, прошу разобраться. Добрий день, посилка прийшла. Поштовани, пакет је стигао. Илгээмж ирсэн.\n"
)


@pytest.mark.parametrize("frame", [(language, frame) for language, frames in FRAMES.items() for frame in frames])
def test_the_phrase_in_a_subject_decides(frame: tuple[str, str]) -> None:
    """Every category's phrase is found in every frame, small or capital."""
    language, text = frame
    classifier = Classifier(CATEGORIES)
    for category in CATEGORIES:
        phrase = category.phrases[language][0]
        for written in (phrase, phrase.capitalize()):
            (answer,) = classifier.classify([a_mail(text.format(written), BODY)], [None])
            assert (answer.category, answer.decided_by) == (category.name, "phrase")


@pytest.mark.parametrize("subject", NEUTRAL)
def test_a_subject_without_a_phrase_stays_unsure(subject: str) -> None:
    """A mail about something else stays where it is."""
    (answer,) = Classifier(CATEGORIES).classify([a_mail(subject, BODY)], [None])
    assert answer.category is None
