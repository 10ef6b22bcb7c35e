"""Where the mail of well-known providers is, and which passwords they take over IMAP. Facts only, as they publish them.

Checked in November 2026 against the providers' autoconfig files, the settings database of Thunderbird and their help
pages. A provider that publishes nothing certain (i.ua, bigmir.net) is not here: its domain is asked instead.
"""

# ruff: noqa: S106 - pages on which passwords are made, no passwords

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from router.values import Server, Tls


class Passwords(StrEnum):
    """Which password works over IMAP. own: the account's own. app: only one made for a program. none: no password."""

    OWN = "own"
    APP = "app"
    NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Provider:
    """One provider: its servers, whom they belong to, and how one logs in there.

    `imap` is None where there is no IMAP at all; `note` says what to do instead.
    """

    name: str
    imap: Server | None
    smtp: Server | None = None
    domains: tuple[str, ...] = ()  # of its addresses
    families: tuple[str, ...] = ()  # "yahoo": yahoo.fr, yahoo.co.uk, yahoo.com.br and their like too
    exchangers: tuple[str, ...] = ()  # ends of its mail exchangers' names
    passwords: Passwords = Passwords.OWN
    app_password_page: str = ""  # where an app password is made: an address, or a menu
    oauth: str = ""  # whose OAuth 2 we can use there: google · microsoft
    imap_switch: str = ""  # where IMAP has to be switched on first
    local_user: bool = False  # the login name is the part before the @
    note: str = ""

    @property
    def hint(self) -> str:
        """What the provider asks of people, in sentences."""
        said = {
            Passwords.NONE: f"{self.name} takes no passwords over IMAP, app passwords included; it wants OAuth 2.",
            Passwords.APP: "Use an app password: the account's own password is refused.",
            Passwords.OWN: "With two-factor login use an app password." if self.app_password_page else "",
        }
        parts = [
            f"Switch IMAP on first: {self.imap_switch}." if self.imap_switch else "",
            said[self.passwords] if self.imap else "",
            f"It is made at {self.app_password_page}." if self.app_password_page else "",
            self.note,
        ]
        return " ".join(part for part in parts if part)

    def user_for(self, address: str) -> str:
        """The login name of an address."""
        return address.rpartition("@")[0] if self.local_user else address


def _imaps(host: str) -> Server:
    return Server(host=host, port=993)


def _submissions(host: str) -> Server:
    return Server(host=host, port=465)


def _submission(host: str) -> Server:
    return Server(host=host, port=587, tls=Tls.STARTTLS)


_GOOGLE_PAGE = "https://myaccount.google.com/apppasswords (needs 2-Step Verification)"
_WORKSPACE = "The administrator can forbid app passwords; then OAuth 2 is the way."
_GMX_PAGE = "https://hilfe.gmx.net/sicherheit/2fa/anwendungsspezifisches-passwort.html"
_POP_AND_IMAP = "E-mail settings → POP3 & IMAP"
_ZOHO_SWITCH = "Settings → Mail accounts → IMAP access"


def _zoho(region: str, name: str, *domains: str, exchanger: str = "", host: str = "") -> Provider:
    """Zoho's regions differ in nothing but names; addresses in one's own domain live on hosts of their own."""
    return Provider(
        name=name, imap=_imaps(f"{host or 'imap'}.zoho.{region}"),
        smtp=_submissions(f"{host.replace('imap', 'smtp') or 'smtp'}.zoho.{region}"),
        domains=domains, exchangers=(exchanger,) if exchanger else (), imap_switch=_ZOHO_SWITCH,
        app_password_page=f"https://accounts.zoho.{region}/home#security/app_password",
    )  # fmt: skip


PROVIDERS: tuple[Provider, ...] = (
    # ------------------------------------------------------------------ the large ones
    Provider(
        name="Gmail", imap=_imaps("imap.gmail.com"), smtp=_submissions("smtp.gmail.com"),
        domains=("gmail.com", "googlemail.com"),
        passwords=Passwords.APP, app_password_page=_GOOGLE_PAGE, oauth="google",
    ),
    Provider(
        name="Google Workspace", imap=_imaps("imap.gmail.com"), smtp=_submissions("smtp.gmail.com"),
        exchangers=("google.com", "googlemail.com"),
        passwords=Passwords.APP, app_password_page=_GOOGLE_PAGE, oauth="google", note=_WORKSPACE,
    ),
    Provider(
        name="Microsoft 365", imap=_imaps("outlook.office365.com"), smtp=_submission("smtp.office365.com"),
        domains=("office365.com",), exchangers=("mail.protection.outlook.com", "mx.microsoft"),
        passwords=Passwords.NONE, oauth="microsoft",
    ),
    Provider(
        name="Outlook.com", imap=_imaps("outlook.office365.com"), smtp=_submission("smtp-mail.outlook.com"),
        domains=("outlook.com", "hotmail.com", "live.com", "msn.com", "windowslive.com"),
        families=("outlook", "hotmail", "live"), exchangers=("olc.protection.outlook.com",),
        passwords=Passwords.NONE, oauth="microsoft",
    ),
    Provider(
        name="Yahoo", imap=_imaps("imap.mail.yahoo.com"), smtp=_submissions("smtp.mail.yahoo.com"),
        domains=("yahoo.com", "ymail.com", "myyahoo.com", "rocketmail.com"), families=("yahoo",),
        exchangers=("yahoodns.net",), passwords=Passwords.APP,
        app_password_page="https://login.yahoo.com/account/security",
    ),
    Provider(
        name="AOL", imap=_imaps("imap.aol.com"), smtp=_submissions("smtp.aol.com"),
        domains=("aol.com", "aim.com", "verizon.net", "netscape.net"), families=("aol",),
        exchangers=("mail.gm0.yahoodns.net",), passwords=Passwords.APP,
        app_password_page="https://login.aol.com/account/security",
    ),
    Provider(
        name="iCloud", imap=_imaps("imap.mail.me.com"), smtp=_submission("smtp.mail.me.com"),
        domains=("icloud.com", "me.com", "mac.com"), exchangers=("mail.icloud.com",), passwords=Passwords.APP,
        app_password_page="https://account.apple.com (Sign-In and Security)",
        note="With a domain of your own the login name is the account's iCloud address.",
    ),
    Provider(
        name="Fastmail", imap=_imaps("imap.fastmail.com"), smtp=_submissions("smtp.fastmail.com"),
        domains=("fastmail.com", "fastmail.fm"), families=("fastmail",), exchangers=("messagingengine.com",),
        passwords=Passwords.APP,
        app_password_page="https://www.fastmail.help/hc/en-us/articles/360058752854-App-passwords",
    ),
    _zoho("com", "Zoho", "zoho.com", "zohomail.com"),
    _zoho("eu", "Zoho Europe", "zoho.eu", "zohomail.eu"),
    _zoho("in", "Zoho India", "zoho.in", "zohomail.in"),
    _zoho("com.au", "Zoho Australia", "zoho.com.au", "zohomail.com.au"),
    _zoho("jp", "Zoho Japan", "zoho.jp", "zohomail.jp"),
    _zoho("com", "Zoho Mail for organisations", exchanger="zoho.com", host="imappro"),
    _zoho("eu", "Zoho Mail for organisations, Europe", exchanger="zoho.eu", host="imappro"),
    _zoho("in", "Zoho Mail for organisations, India", exchanger="zoho.in", host="imappro"),
    # ------------------------------------------------------------------ Ukrainian, Russian, Serbian
    Provider(
        name="ukr.net", imap=_imaps("imap.ukr.net"), smtp=_submissions("smtp.ukr.net"),
        domains=("ukr.net",), exchangers=("ukr.net",), passwords=Passwords.APP,
        app_password_page="https://mail.ukr.net/desktop#security/appPasswords",
        imap_switch="Керування IMAP-доступом, as https://wiki.ukr.net/ManageIMAPAccess shows",
    ),
    Provider(name="meta.ua", imap=_imaps("imap.meta.ua"), smtp=_submissions("smtp.meta.ua"), domains=("meta.ua",)),
    Provider(
        name="Mail.ru", imap=_imaps("imap.mail.ru"), smtp=_submissions("smtp.mail.ru"),
        domains=("mail.ru", "inbox.ru", "list.ru", "bk.ru", "internet.ru", "vk.com"), exchangers=("mail.ru",),
        passwords=Passwords.APP, app_password_page="https://account.mail.ru/user/2-step-auth/passwords",
    ),
    Provider(
        name="Yandex", imap=_imaps("imap.yandex.com"), smtp=_submissions("smtp.yandex.com"),
        domains=("yandex.ru", "yandex.com", "yandex.kz", "yandex.by", "yandex.ua", "ya.ru", "narod.ru"),
        exchangers=("yandex.net", "yandex.ru"), passwords=Passwords.APP,
        app_password_page="https://id.yandex.ru/security/app-passwords",
        imap_switch="https://mail.yandex.com/#setup/client",
    ),
    Provider(
        name="Rambler", imap=_imaps("imap.rambler.ru"), smtp=_submissions("smtp.rambler.ru"),
        domains=("rambler.ru", "autorambler.ru", "myrambler.ru", "rambler.ua", "lenta.ru", "ro.ru", "r0.ru"),
        imap_switch="https://mail.rambler.ru/settings/mailapps",
    ),
    Provider(
        name="TEOL", imap=_imaps("imap.teol.net"), smtp=_submissions("smtp.teol.net"), domains=("teol.net", "mtel.tel"),
    ),
    # ------------------------------------------------------------------ Germany, Austria, Switzerland
    Provider(
        name="GMX", imap=_imaps("imap.gmx.net"), smtp=_submissions("mail.gmx.net"),
        domains=("gmx.net", "gmx.de", "gmx.at", "gmx.ch", "gmx.eu", "gmx.biz", "gmx.org", "gmx.info"),
        exchangers=("gmx.net",), imap_switch=_POP_AND_IMAP, app_password_page=_GMX_PAGE,
    ),
    Provider(
        name="GMX International", imap=_imaps("imap.gmx.com"), smtp=_submissions("mail.gmx.com"),
        domains=("gmx.com",), families=("gmx",), imap_switch=_POP_AND_IMAP,
    ),
    Provider(
        name="mail.com", imap=_imaps("imap.mail.com"), smtp=_submissions("smtp.mail.com"),
        domains=("mail.com", "email.com", "post.com", "usa.com", "consultant.com", "engineer.com", "europe.com"),
        imap_switch=_POP_AND_IMAP,
        app_password_page="https://support.mail.com/security/2fa/application-specific-passwords.html",
    ),
    Provider(
        name="WEB.DE", imap=_imaps("imap.web.de"), smtp=_submission("smtp.web.de"),
        domains=("web.de", "email.de"), exchangers=("web.de",), local_user=True,
        imap_switch="E-Mail-Einstellungen → POP3/IMAP, as https://hilfe.web.de/pop-imap/einschalten.html shows",
    ),
    Provider(
        name="T-Online", imap=_imaps("secureimap.t-online.de"), smtp=_submissions("securesmtp.t-online.de"),
        domains=("t-online.de", "magenta.de"), exchangers=("t-online.de",), passwords=Passwords.APP,
        app_password_page="https://email.t-online.de (Einstellungen → Passwörter)",
    ),
    Provider(
        name="freenet", imap=_imaps("mx.freenet.de"), smtp=_submissions("mx.freenet.de"), domains=("freenet.de",),
        imap_switch="Postfach-Einstellungen → POP3/IMAP/SMTP",
    ),
    Provider(
        name="Vodafone Germany", imap=_imaps("imap.vodafonemail.de"), smtp=_submissions("smtp.vodafonemail.de"),
        domains=("vodafonemail.de", "vodafone.de", "arcor.de", "kabelmail.de"),
    ),
    Provider(
        name="mailbox.org", imap=_imaps("imap.mailbox.org"), smtp=_submissions("smtp.mailbox.org"),
        domains=("mailbox.org",), exchangers=("mailbox.org",),
    ),
    Provider(
        name="Posteo", imap=_imaps("posteo.de"), smtp=_submissions("posteo.de"),
        domains=("posteo.de",), families=("posteo",), exchangers=("posteo.de",),
    ),
    Provider(
        name="IONOS", imap=_imaps("imap.ionos.com"), smtp=_submissions("smtp.ionos.com"),
        exchangers=("ionos.com", "1and1.com"),
    ),
    Provider(
        name="IONOS Germany", imap=_imaps("imap.ionos.de"), smtp=_submissions("smtp.ionos.de"),
        domains=("online.de",), exchangers=("kundenserver.de", "schlund.de"),
    ),
    Provider(
        name="Strato", imap=_imaps("imap.strato.de"), smtp=_submissions("smtp.strato.de"),
        domains=("strato.de",), exchangers=("rzone.de",),
    ),
    Provider(
        name="Hetzner", imap=_imaps("mail.your-server.de"), smtp=_submissions("mail.your-server.de"),
        exchangers=("your-server.de",),
    ),
    Provider(
        name="domainFACTORY", imap=_imaps("sslin.df.eu"), smtp=_submissions("sslout.df.eu"),
        exchangers=("ispgateway.de",),
    ),
    Provider(
        name="Bluewin", imap=_imaps("imaps.bluewin.ch"), smtp=_submissions("smtpauths.bluewin.ch"),
        domains=("bluewin.ch", "bluemail.ch"),
    ),
    Provider(
        name="Infomaniak", imap=_imaps("mail.infomaniak.com"), smtp=_submissions("mail.infomaniak.com"),
        domains=("ik.me",), exchangers=("infomaniak.ch",), passwords=Passwords.APP,
        app_password_page="https://manager.infomaniak.com (Mail Service → the address → Devices)",
    ),
    # ------------------------------------------------------------------ France, Italy, Poland, Czechia
    Provider(
        name="Orange", imap=_imaps("imap.orange.fr"), smtp=_submissions("smtp.orange.fr"),
        domains=("orange.fr", "wanadoo.fr"), exchangers=("orange.fr",),
    ),
    Provider(
        name="Free", imap=_imaps("imap.free.fr"), smtp=_submissions("smtp.free.fr"), domains=("free.fr",),
        local_user=True,
    ),
    Provider(
        name="La Poste", imap=_imaps("imap.laposte.net"), smtp=_submissions("smtp.laposte.net"),
        domains=("laposte.net",), local_user=True,
    ),
    Provider(
        name="SFR", imap=_imaps("imap.sfr.fr"), smtp=_submissions("smtp.sfr.fr"),
        domains=("sfr.fr", "neuf.fr", "club-internet.fr"),
    ),
    Provider(
        name="OVH", imap=_imaps("ssl0.ovh.net"), smtp=_submissions("ssl0.ovh.net"), exchangers=("mail.ovh.net",),
    ),
    Provider(
        name="Gandi", imap=_imaps("mail.gandi.net"), smtp=_submissions("mail.gandi.net"),
        exchangers=("mail.gandi.net",),
    ),
    Provider(
        name="Libero", imap=_imaps("imapmail.libero.it"), smtp=_submissions("smtp.libero.it"),
        domains=("libero.it", "iol.it", "blu.it", "inwind.it", "giallo.it"),
    ),
    Provider(
        name="Virgilio", imap=_imaps("in.virgilio.it"), smtp=_submissions("out.virgilio.it"), domains=("virgilio.it",),
    ),
    Provider(
        name="Aruba", imap=_imaps("imaps.aruba.it"), smtp=_submissions("smtps.aruba.it"),
        domains=("aruba.it",), exchangers=("mx.aruba.it",),
    ),
    Provider(
        name="Aruba PEC", imap=_imaps("imaps.pec.aruba.it"), smtp=_submissions("smtps.pec.aruba.it"),
        domains=("pec.it", "arubapec.it", "mypec.eu", "gigapec.it", "ingpec.eu"),
    ),
    Provider(
        name="Wirtualna Polska", imap=_imaps("imap.wp.pl"), smtp=_submissions("smtp.wp.pl"), domains=("wp.pl",),
        local_user=True,
    ),
    Provider(
        name="o2", imap=_imaps("poczta.o2.pl"), smtp=_submissions("poczta.o2.pl"),
        domains=("o2.pl", "go2.pl", "tlen.pl"), local_user=True,
    ),
    Provider(
        name="Onet", imap=_imaps("imap.poczta.onet.pl"), smtp=_submissions("smtp.poczta.onet.pl"),
        domains=("onet.pl", "onet.eu", "op.pl", "vp.pl", "poczta.onet.pl"),
    ),
    Provider(
        name="Seznam", imap=_imaps("imap.seznam.cz"), smtp=_submissions("smtp.seznam.cz"),
        domains=("seznam.cz", "email.cz", "post.cz", "spoluzaci.cz"), exchangers=("seznam.cz",),
    ),
    # ------------------------------------------------------------------ hosting for one's own domain, everywhere
    Provider(
        name="GoDaddy", imap=_imaps("imap.secureserver.net"), smtp=_submissions("smtpout.secureserver.net"),
        exchangers=("secureserver.net",),
    ),
    Provider(
        name="Rackspace Email", imap=_imaps("secure.emailsrvr.com"), smtp=_submissions("secure.emailsrvr.com"),
        exchangers=("emailsrvr.com",),
    ),
    Provider(
        name="Hostinger", imap=_imaps("imap.hostinger.com"), smtp=_submissions("smtp.hostinger.com"),
        exchangers=("mx1.hostinger.com", "mx2.hostinger.com"),
    ),
    Provider(
        name="Titan", imap=_imaps("imap.titan.email"), smtp=_submissions("smtp.titan.email"),
        exchangers=("titan.email",),
    ),
    Provider(
        name="one.com", imap=_imaps("imap.one.com"), smtp=_submissions("send.one.com"), exchangers=("one.com",),
    ),
    Provider(
        name="Namecheap Private Email",
        imap=_imaps("mail.privateemail.com"), smtp=_submissions("mail.privateemail.com"),
        exchangers=("privateemail.com",),
    ),
    Provider(
        name="Migadu", imap=_imaps("imap.migadu.com"), smtp=_submissions("smtp.migadu.com"), exchangers=("migadu.com",),
    ),
    Provider(
        name="Purelymail", imap=_imaps("imap.purelymail.com"), smtp=_submissions("smtp.purelymail.com"),
        domains=("purelymail.com",), exchangers=("purelymail.com",),
    ),
    Provider(
        name="Mailfence", imap=_imaps("imap.mailfence.com"), smtp=_submissions("smtp.mailfence.com"),
        domains=("mailfence.com",),
    ),
    Provider(
        name="Runbox", imap=_imaps("mail.runbox.com"), smtp=_submissions("mail.runbox.com"),
        domains=("runbox.com",), exchangers=("runbox.com",),
    ),
    # ------------------------------------------------------------------ China
    Provider(
        name="NetEase", imap=_imaps("imap.163.com"), smtp=_submissions("smtp.163.com"), domains=("163.com",),
        passwords=Passwords.APP, app_password_page="Settings → POP3/SMTP/IMAP (authorisation code)",
    ),
    Provider(
        name="QQ", imap=_imaps("imap.qq.com"), smtp=_submissions("smtp.qq.com"), domains=("qq.com", "foxmail.com"),
        passwords=Passwords.APP, app_password_page="Settings → Account (authorisation code)",
    ),
    # ------------------------------------------------------------------ no IMAP
    Provider(
        name="Proton Mail", imap=None, domains=("proton.me", "protonmail.com", "protonmail.ch", "pm.me"),
        exchangers=("protonmail.ch",),
        note="Its Bridge, running on this machine, has one: name the port that it shows, with `--imap 127.0.0.1:PORT`, "
        "and use the password that it shows.",
    ),
    Provider(
        name="Tuta", imap=None,
        domains=("tuta.com", "tutanota.com", "tutanota.de", "tutamail.com", "tuta.io", "keemail.me"),
        note="Its mail can only be read with its own programs.",
    ),
    Provider(name="HEY", imap=None, domains=("hey.com",), note="Its mail can only be read with its own programs."),
)  # fmt: skip

_BY_DOMAIN = {domain: provider for provider in PROVIDERS for domain in provider.domains}
_BY_FAMILY = {family: provider for provider in PROVIDERS for family in provider.families}
_REGIONAL = re.compile(r"(?P<family>[a-z0-9-]+)\.(?:[a-z]{2}|com|co\.[a-z]{2}|com\.[a-z]{2})")
_OTHERS = frozenset({"yahoo.co.jp"})  # of a family by its name only


def by_domain(domain: str) -> Provider | None:
    """The provider whose addresses end in this domain (lower case)."""
    if domain in _BY_DOMAIN:
        return _BY_DOMAIN[domain]
    regional = _REGIONAL.fullmatch(domain)
    return _BY_FAMILY.get(regional["family"]) if regional and domain not in _OTHERS else None


def by_exchanger(host: str) -> Provider | None:
    """The provider that a mail exchanger belongs to; the longest matching end of its name decides."""
    matching = [
        (len(end), provider)
        for provider in PROVIDERS
        for end in provider.exchangers
        if host == end or host.endswith(f".{end}")
    ]
    return max(matching, key=lambda match: match[0])[1] if matching else None


def by_issuer(issuer: str) -> Provider:
    """The provider whose access tokens these are: where its organisations' own domains have their mailboxes."""
    return next(provider for provider in PROVIDERS if provider.oauth == issuer)


def by_server(host: str) -> Provider | None:
    """The provider whose IMAP server this is: a company's domain may name it without saying whose it is.

    Where a provider serves its own addresses and those of others from one host, the entry for others'.
    """
    found = [provider for provider in PROVIDERS if provider.imap and provider.imap.host == host]
    return next((provider for provider in found if provider.exchangers), found[0] if found else None)
