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


def use_of(name: str) -> str:
    """The use that a folder's last part suggests, whatever its case; '' when it suggests none."""
    return _USE_BY_NAME.get(name.rpartition("/")[2].casefold(), "")
