"""Where the mail of well-known providers is: hosts and ports as they publish them. Facts only."""

from __future__ import annotations

from dataclasses import dataclass

from router.values import Server, Tls

_APP_ONLY = "Use an app password: the account's own password is refused."


@dataclass(frozen=True, slots=True, kw_only=True)
class Provider:
    """One provider: its servers, the domains of its addresses, the ends of its mail exchangers' names."""

    name: str
    imap: Server
    smtp: Server | None
    domains: tuple[str, ...] = ()
    exchangers: tuple[str, ...] = ()
    hint: str = ""


def _imaps(host: str) -> Server:
    return Server(host=host, port=993)


def _submissions(host: str) -> Server:
    return Server(host=host, port=465)


def _submission(host: str) -> Server:
    return Server(host=host, port=587, tls=Tls.STARTTLS)


PROVIDERS: tuple[Provider, ...] = (
    Provider(
        name="Gmail", imap=_imaps("imap.gmail.com"), smtp=_submissions("smtp.gmail.com"),
        domains=("gmail.com", "googlemail.com"), exchangers=("google.com", "googlemail.com"), hint=_APP_ONLY,
    ),
    Provider(
        name="Microsoft 365", imap=_imaps("outlook.office365.com"), smtp=_submission("smtp.office365.com"),
        exchangers=("mail.protection.outlook.com", "mx.microsoft"),
        hint="Microsoft 365 takes no passwords over IMAP, app passwords included; it wants OAuth 2.",
    ),
    Provider(
        name="Outlook.com", imap=_imaps("outlook.office365.com"), smtp=_submission("smtp-mail.outlook.com"),
        domains=("outlook.com", "hotmail.com", "live.com", "msn.com"), exchangers=("olc.protection.outlook.com",),
        hint="Outlook.com takes no passwords over IMAP, app passwords included; it wants OAuth 2.",
    ),
    Provider(
        name="Fastmail", imap=_imaps("imap.fastmail.com"), smtp=_submissions("smtp.fastmail.com"),
        domains=("fastmail.com", "fastmail.fm"), exchangers=("messagingengine.com",), hint=_APP_ONLY,
    ),
    Provider(
        name="Yahoo", imap=_imaps("imap.mail.yahoo.com"), smtp=_submissions("smtp.mail.yahoo.com"),
        domains=("yahoo.com", "yahoo.co.uk", "yahoo.de", "yahoo.fr", "yahoo.it", "yahoo.es", "ymail.com"),
        exchangers=("yahoodns.net",), hint=_APP_ONLY,
    ),
    Provider(
        name="AOL", imap=_imaps("imap.aol.com"), smtp=_submissions("smtp.aol.com"),
        domains=("aol.com", "aim.com"), hint=_APP_ONLY,
    ),
    Provider(
        name="iCloud", imap=_imaps("imap.mail.me.com"), smtp=_submission("smtp.mail.me.com"),
        domains=("icloud.com", "me.com", "mac.com"), exchangers=("mail.icloud.com",), hint=_APP_ONLY,
    ),
    Provider(
        name="Zoho", imap=_imaps("imap.zoho.com"), smtp=_submissions("smtp.zoho.com"),
        domains=("zoho.com", "zohomail.com"),
        hint="Switch IMAP on in the settings; with two-factor login use an app password.",
    ),
    Provider(
        name="Zoho Europe", imap=_imaps("imap.zoho.eu"), smtp=_submissions("smtp.zoho.eu"),
        domains=("zoho.eu", "zohomail.eu"),
        hint="Switch IMAP on in the settings; with two-factor login use an app password.",
    ),
    Provider(  # addresses in one's own domain live on other hosts than zoho.com's own
        name="Zoho Mail for organisations", imap=_imaps("imappro.zoho.com"), smtp=_submissions("smtppro.zoho.com"),
        exchangers=("zoho.com",), hint="Switch IMAP on in the settings; with two-factor login use an app password.",
    ),
    Provider(
        name="Zoho Mail for organisations, Europe",
        imap=_imaps("imappro.zoho.eu"), smtp=_submissions("smtppro.zoho.eu"),
        exchangers=("zoho.eu",), hint="Switch IMAP on in the settings; with two-factor login use an app password.",
    ),
    Provider(
        name="GMX", imap=_imaps("imap.gmx.net"), smtp=_submissions("mail.gmx.net"),
        domains=("gmx.net", "gmx.de", "gmx.at", "gmx.ch"), exchangers=("gmx.net",),
        hint="Switch IMAP on in the settings.",
    ),
    Provider(
        name="GMX International", imap=_imaps("imap.gmx.com"), smtp=_submission("mail.gmx.com"), domains=("gmx.com",),
        hint="Switch IMAP on in the settings.",
    ),
    Provider(
        name="WEB.DE", imap=_imaps("imap.web.de"), smtp=_submission("smtp.web.de"),
        domains=("web.de",), exchangers=("web.de",), hint="Switch IMAP on in the settings.",
    ),
    Provider(
        name="T-Online", imap=_imaps("secureimap.t-online.de"), smtp=_submissions("securesmtp.t-online.de"),
        domains=("t-online.de", "magenta.de"), hint="Use the separate e-mail password.",
    ),
    Provider(
        name="mailbox.org", imap=_imaps("imap.mailbox.org"), smtp=_submissions("smtp.mailbox.org"),
        domains=("mailbox.org",), exchangers=("mailbox.org",),
    ),
    Provider(
        name="Posteo", imap=_imaps("posteo.de"), smtp=_submissions("posteo.de"),
        domains=("posteo.de", "posteo.net"), exchangers=("posteo.de",),
    ),
    Provider(
        name="IONOS", imap=_imaps("imap.ionos.com"), smtp=_submissions("smtp.ionos.com"),
        exchangers=("ionos.com", "1and1.com"),
    ),
    Provider(
        name="IONOS Germany", imap=_imaps("imap.ionos.de"), smtp=_submissions("smtp.ionos.de"),
        exchangers=("kundenserver.de",),
    ),
    Provider(
        name="OVH", imap=_imaps("ssl0.ovh.net"), smtp=_submissions("ssl0.ovh.net"), exchangers=("mail.ovh.net",),
    ),
    Provider(
        name="Gandi", imap=_imaps("mail.gandi.net"), smtp=_submissions("mail.gandi.net"),
        exchangers=("mail.gandi.net",),
    ),
    Provider(
        name="Infomaniak", imap=_imaps("mail.infomaniak.com"), smtp=_submissions("mail.infomaniak.com"),
        domains=("ik.me",), exchangers=("infomaniak.ch",),
    ),
    Provider(
        name="Migadu", imap=_imaps("imap.migadu.com"), smtp=_submissions("smtp.migadu.com"), exchangers=("migadu.com",),
    ),
    Provider(
        name="Namecheap Private Email",
        imap=_imaps("mail.privateemail.com"), smtp=_submissions("mail.privateemail.com"),
        exchangers=("privateemail.com",),
    ),
    Provider(
        name="Mail.ru", imap=_imaps("imap.mail.ru"), smtp=_submissions("smtp.mail.ru"),
        domains=("mail.ru", "inbox.ru", "list.ru", "bk.ru", "internet.ru"), exchangers=("mail.ru",), hint=_APP_ONLY,
    ),
    Provider(
        name="Yandex", imap=_imaps("imap.yandex.com"), smtp=_submissions("smtp.yandex.com"),
        domains=("yandex.ru", "yandex.com", "yandex.kz", "yandex.by", "ya.ru"), exchangers=("yandex.net", "yandex.ru"),
        hint=f"Switch IMAP on in the settings. {_APP_ONLY}",
    ),
    Provider(
        name="ukr.net", imap=_imaps("imap.ukr.net"), smtp=_submissions("smtp.ukr.net"),
        domains=("ukr.net",), exchangers=("ukr.net",), hint=f"Switch IMAP on in the settings. {_APP_ONLY}",
    ),
    Provider(
        name="Seznam", imap=_imaps("imap.seznam.cz"), smtp=_submissions("smtp.seznam.cz"),
        domains=("seznam.cz", "email.cz", "post.cz"), exchangers=("seznam.cz",),
    ),
)  # fmt: skip

_BY_DOMAIN = {domain: provider for provider in PROVIDERS for domain in provider.domains}


def by_domain(domain: str) -> Provider | None:
    """The provider whose addresses end in this domain."""
    return _BY_DOMAIN.get(domain)


def by_exchanger(host: str) -> Provider | None:
    """The provider that a mail exchanger belongs to; the longest matching end of its name decides."""
    matching = [
        (len(end), provider)
        for provider in PROVIDERS
        for end in provider.exchangers
        if host == end or host.endswith(f".{end}")
    ]
    return max(matching, key=lambda match: match[0])[1] if matching else None
