"""What mail programs and providers call special folders where the server does not say (no RFC 6154)."""

from __future__ import annotations

_NAMES: dict[str, str] = {
    "drafts": (
        "drafts · draft · чернетки · черновики · entwürfe · brouillons · borradores · bozze · rascunhos · "
        "concepten · wersje robocze · kopie robocze · koncepty · piszkozatok · skice · нацрти · nacrti · "
        "radne verzije · чернови · taslaklar · utkast · kladder · luonnokset · 下書き · 草稿 · ноорог"
    ),
    "sent": (
        "sent · sent items · sent messages · sent mail · sent-mail · надіслані · відправлені · отправленные · "
        "отправленное · gesendet · gesendete objekte · gesendete elemente · éléments envoyés · messages "
        "envoyés · envoyés · enviados · elementos enviados · posta inviata · inviati · itens enviados · "
        "verzonden · verzonden items · wysłane · elementy wysłane · odeslaná pošta · odeslané · elküldött · "
        "послато · послате поруке · poslato · poslate poruke · poslano · изпратени · gönderilmiş öğeler · "
        "skickat · sendt · lähetetyt · 送信済み · 已发送 · илгээсэн"
    ),
    "junk": (
        "junk · spam · junk e-mail · junk email · bulk mail · спам · небажана пошта · нежелательная почта · "
        "junk-e-mail · pourriel · courrier indésirable · correo no deseado · posta indesiderata · непожељна "
        "пошта · nepoželjna pošta · ongewenste e-mail · wiadomości-śmieci · nevyžádaná pošta"
    ),
    "trash": (
        "trash · deleted items · deleted messages · deleted · bin · кошик · видалені · корзина · удаленные · "
        "удалённые · papierkorb · gelöschte elemente · gelöschte objekte · corbeille · éléments supprimés · "
        "papelera · elementos eliminados · cestino · posta eliminata · lixeira · prullenbak · kosz · koš · "
        "смеће · отпад · smeće · otpad · obrisane stavke · кошче"
    ),
    "archive": ("archive · archives · архів · архив · архива · arhiva · archiv · archivo · archivio · archiwum"),
    "all": ("all mail"),
}
_USE_BY_NAME = {name: use for use, names in _NAMES.items() for name in names.split(" · ")}


# What Exchange lists beside the mail folders: a message there is an appointment or a card, or cannot be read at all.
_NO_MAIL = (
    "calendar · contacts · tasks · notes · journal · outbox · conversation history · sync issues · rss feeds · "
    "rss subscriptions · suggested contacts · yammer root · календар · контакти · завдання · нотатки · журнал · "
    "вихідні · журнал бесід · проблеми синхронізації · rss-канали · календарь · контакты · задачи · заметки · "
    "дневник · исходящие · журнал бесед · ошибки синхронизации · rss-каналы · kalender · kontakte · aufgaben · "
    "notizen · postausgang · aufgezeichnete unterhaltungen · synchronisierungsprobleme · calendrier · tâches · "
    "boîte d'envoi · flux rss · calendario · contactos · tareas · bandeja de salida · kalendarz · kontakty · "
    "zadania · skrzynka nadawcza"
)
_NO_MAIL_NAMES = frozenset(_NO_MAIL.split(" · "))


def holds_no_mail(name: str) -> bool:
    """Whether a top folder, or one inside it, is called as Exchange calls what is no mail folder."""
    return name.partition("/")[0].casefold() in _NO_MAIL_NAMES


def use_of(name: str) -> str:
    """The use that a folder's last part suggests, whatever its case; '' when it suggests none."""
    return _USE_BY_NAME.get(name.rpartition("/")[2].casefold(), "")
