"""A reply and a message become the bytes of a draft; a reminder becomes the bytes of a mail to the team.

Every header is built anew from parsed values (RFC 5322); nothing that a stranger wrote is copied raw.
"""

from __future__ import annotations

import base64
import hashlib
import mimetypes
import re
import unicodedata
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from email import headerregistry
from email.headerregistry import HeaderRegistry, UnstructuredHeader
from email.message import EmailMessage
from email.policy import SMTP, Policy

from router.errors import UnsafeArgument
from router.mail import subjects
from router.values import Address, Message, MessageRef, NoDraft

KEY_HEADER = "X-Inbox-Router-Key"
LONGEST_SUBJECT = 250  # characters
LONGEST_NAME = 80
MOST_REFERENCES = 20  # the first and the newest are kept
MOST_QUOTED_LINES = 200

_MESSAGE_ID = re.compile(r"<[!-;=?-~]{1,900}>")  # printable ASCII, no space, no angle bracket inside
_LOCAL_PART = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}")
_DOMAIN = re.compile(r"(?=.{1,253}$)[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63})*")
_NOT_IN_NAMES = re.compile(r'["<>()\[\]\\,;:@]+')
_TOKEN = re.compile(r"[^!-~]+")

# Who wrote what we quote; the moment is the customer's own wall clock. Verbs have no gender.
_ATTRIBUTIONS = {
    "en": "On {day} at {time}, {who} wrote:",
    "uk": "{day} о {time} {who} пише:",
    "ru": "{day} в {time} {who} пишет:",
    "sr": "{day} у {time} {who} пише:",
    "sr-Latn": "{day} u {time} {who} piše:",
    "mn": "{day} {time} цагт {who} бичсэн нь:",
}
_UNDATED = {
    "en": "{who} wrote:",
    "uk": "{who} пише:",
    "ru": "{who} пишет:",
    "sr": "{who} пише:",
    "sr-Latn": "{who} piše:",
    "mn": "{who} бичсэн нь:",
}
_DAYS = {
    "en": "%Y-%m-%d",
    "uk": "%d.%m.%Y",
    "ru": "%d.%m.%Y",
    "sr": "%d.%m.%Y",
    "sr-Latn": "%d.%m.%Y",
    "mn": "%Y.%m.%d",
}


class _OneLine(UnstructuredHeader):
    """Tokens on one line, never encoded (the standard folder would make an encoded word of a long one)."""

    between = " "

    def fold(self, *, policy: Policy) -> str:
        name = str(getattr(self, "name", ""))  # given by the registry, which makes the class of each header
        between = self.between.replace("\n", policy.linesep)
        return f"{name}: {between.join(str(self).split())}{policy.linesep}"


class _OnePerLine(_OneLine):
    """The same with a line for each: References grows."""

    between = "\n "


_REGISTRY = HeaderRegistry()
_REGISTRY.map_to_type("references", _OnePerLine)  # type: ignore[arg-type]  # the registry adds BaseHeader itself
for _name in ("message-id", "in-reply-to", "x-draft-info", KEY_HEADER.lower()):
    _REGISTRY.map_to_type(_name, _OneLine)  # type: ignore[arg-type]
_POLICY = SMTP.clone(header_factory=_REGISTRY, cte_type="7bit")


# ------------------------------------------------------------------ text from strangers


def one_line(text: str, limit: int) -> str:
    """The text without control, formatting and unpaired characters, on one line, at most `limit` characters.

    `=?` is taken apart, so that a header never holds an encoded word that somebody else wrote (RFC 2047).
    """
    return " ".join(_shown(text[: limit * 4]).replace("=?", "= ?").split())[:limit].strip()


def plain_lines(text: str) -> str:
    """The text without control characters but newline and tab; all line ends become newlines."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n").replace("\u2029", "\n")
    return "\n".join("\t".join(map(_shown, line.split("\t"))) for line in lines.split("\n"))


def _shown(text: str) -> str:
    return text if text.isprintable() else "".join(map(_visible, text))


def _visible(character: str) -> str:
    if character.isprintable() or character in "\u200c\u200d":  # joiners shape Indic and Persian words
        return character
    return "" if unicodedata.category(character) in {"Cf", "Cs", "Cn", "Co"} else " "


# ------------------------------------------------------------------ who gets it


def reply_recipient(message: Message, own: Collection[str]) -> Address | NoDraft:
    """Reply-To when it is exactly one address and not ours, else From; why not, when neither can be written to."""
    ours = {address.lower() for address in own}
    candidates: list[Address] = [*(message.reply_to if len(message.reply_to) == 1 else ()), message.sender]
    for address in candidates:
        if _can_be_written(address.address) and address.address.lower() not in ours:
            return address
    if message.sender.address.lower() in ours:
        return NoDraft(because="the mail is from our own address")
    return NoDraft(because="the sender's address cannot be read")


def _can_be_written(address: str) -> bool:
    local, at, domain = address.rpartition("@")
    return bool(at and _LOCAL_PART.fullmatch(local) and _DOMAIN.fullmatch(domain) and ".." not in local.strip("."))


def _mail_address(address: Address) -> headerregistry.Address:
    local, _, domain = address.address.rpartition("@")
    name = " ".join(_NOT_IN_NAMES.sub(" ", one_line(address.name, LONGEST_NAME)).split())
    return headerregistry.Address(display_name=name, username=local, domain=domain)


# ------------------------------------------------------------------ threading


def message_id_for(key: str, address: str) -> str:
    """The same Message-ID for the same key, in the domain of our address."""
    domain = address.rpartition("@")[2]
    digest = hashlib.sha256(key.encode("utf-8", "replace")).hexdigest()[:32]
    return f"<{digest}.inbox-router@{domain if _DOMAIN.fullmatch(domain) else 'localhost'}>"


def reply_subject(subject: str) -> str:
    """The subject with `Re:` exactly once."""
    bare = subjects.without_reply(one_line(subject, LONGEST_SUBJECT))
    return f"Re: {bare}".rstrip() if bare else "Re:"


def references(message: Message) -> tuple[str, ...]:
    """What References of an answer holds: the parent's and its Message-ID (RFC 5322 §3.6.4); () without one."""
    parent = _safe_ids((message.message_id,))
    if not parent:
        return ()
    before = _safe_ids(message.references)
    if not before and len(message.in_reply_to) == 1:
        before = _safe_ids(message.in_reply_to)
    known = tuple(dict.fromkeys((*(one for one in before if one != parent[0]), parent[0])))
    return known if len(known) <= MOST_REFERENCES else (known[0], *known[-(MOST_REFERENCES - 1) :])


def _safe_ids(ids: Iterable[str]) -> tuple[str, ...]:
    """Those that can be written as they are; one that hides an encoded word is none."""
    return tuple(one for one in ids if _MESSAGE_ID.fullmatch(one) and "=?" not in one and "@" in one)


def draft_info(ref: MessageRef) -> str:
    """Roundcube's note of what a draft answers: it marks that message `\\Answered` when the draft is sent."""
    folder = base64.b64encode(_modified_utf7(ref.folder).encode("ascii")).decode("ascii")
    return f"type=reply; uid={int(ref.uid)}; folder=B::{folder}"


def _modified_utf7(name: str) -> str:
    """A folder's name as IMAP writes it (RFC 3501 §5.1.3)."""
    parts: list[str] = []
    for run in re.findall(r"[ -~]+|[^ -~]+", name):
        if " " <= run[0] <= "~":
            parts.append(run.replace("&", "&-"))
        else:
            packed = base64.b64encode(run.encode("utf-16-be", "replace")).decode("ascii")
            parts.append("&" + packed.rstrip("=").replace("/", ",") + "-")
    return "".join(parts)


# ------------------------------------------------------------------ quoting


def quoted(message: Message, language: str) -> str:
    """The customer's mail below an answer: an attribution in their language and `> ` lines; '' without text."""
    # Cleaning can only split a line further, so nothing beyond this many lines could be shown.
    first = message.full_text.strip("\r\n").split("\n", MOST_QUOTED_LINES + 1)[: MOST_QUOTED_LINES + 1]
    lines = plain_lines("\n".join(first)).strip("\n").split("\n")
    if not any(line.strip() for line in lines):
        return ""
    kept = [*lines[:MOST_QUOTED_LINES], *(["…"] if len(lines) > MOST_QUOTED_LINES else [])]
    marked = [(">" if line.startswith(">") else "> ") + line for line in kept]
    return "\n".join([_attribution(message, language), *(line.rstrip() for line in marked)]) + "\n"


def _attribution(message: Message, language: str) -> str:
    who = one_line(message.sender.name, LONGEST_NAME) or one_line(message.sender.address, LONGEST_NAME) or "?"
    written = f"{language}-{message.script}"
    language = next((known for known in (written, language) if known in _ATTRIBUTIONS), "en")
    if message.date is None:
        return _UNDATED[language].format(who=who)
    day = message.date.strftime(_DAYS[language])
    return _ATTRIBUTIONS[language].format(day=day, time=message.date.strftime("%H:%M"), who=who)


# ------------------------------------------------------------------ the two mails we write


def compose_draft(
    *,
    body: str,
    message: Message,
    sender: Address,
    recipient: Address,
    message_id: str,
    key: str,
    date: datetime,
    ref: MessageRef | None = None,
    language: str = "",
    attachments: Sequence[tuple[str, bytes]] = (),
) -> bytes | NoDraft:
    """An answer as an RFC 5322 message with CRLF, plain text, threaded, the original quoted below.

    `ref` says where the message lies when the draft is placed; without it Roundcube cannot mark it answered.
    A person sends it, so it carries no Auto-Submitted.
    """
    if not _can_be_written(recipient.address):
        return NoDraft(because="the sender's address cannot be read")
    if not _can_be_written(sender.address):
        return NoDraft(because=f"the mailbox's own address cannot be written in a header: {sender.address!r}")
    mail = _new_mail(sender, (recipient,), reply_subject(message.subject), message_id, key, date)
    if known := references(message):
        mail["In-Reply-To"] = known[-1]
        mail["References"] = " ".join(known)
    if ref is not None:
        mail["X-Draft-Info"] = draft_info(ref)
    quote = quoted(message, language or message.language)
    _set_text(mail, plain_lines(body).rstrip("\n") + "\n" + (f"\n{quote}" if quote else ""))
    for file_name, content in attachments:
        _attach(mail, one_line(file_name, LONGEST_NAME), content)
    return mail.as_bytes()


def compose_notice(
    *,
    body: str,
    subject: str,
    sender: Address,
    recipients: Sequence[Address],
    message_id: str,
    key: str,
    date: datetime,
) -> bytes:
    """A mail from us to the team that no robot answers (RFC 3834); raises `UnsafeArgument` without a usable address."""
    usable = tuple(address for address in recipients if _can_be_written(address.address))
    if not usable or not _can_be_written(sender.address):
        raise UnsafeArgument("a notice needs a sender and at least one recipient that can be written in a header")
    mail = _new_mail(sender, usable, one_line(subject, LONGEST_SUBJECT), message_id, key, date)
    mail["Auto-Submitted"] = "auto-generated"
    mail["X-Auto-Response-Suppress"] = "All"
    _set_text(mail, plain_lines(body).rstrip("\n") + "\n")
    return mail.as_bytes()


def _new_mail(
    sender: Address, recipients: Sequence[Address], subject: str, message_id: str, key: str, date: datetime
) -> EmailMessage:
    mail = EmailMessage(policy=_POLICY)
    mail["From"] = _mail_address(sender)
    mail["To"] = [_mail_address(address) for address in recipients]
    mail["Subject"] = subject
    mail["Date"] = date
    mail["Message-ID"] = message_id if _safe_ids((message_id,)) else message_id_for(message_id, sender.address)
    mail[KEY_HEADER] = _TOKEN.sub("", key)[:200]
    return mail


def _set_text(mail: EmailMessage, text: str) -> None:
    # Mostly ASCII stays readable in the source; Cyrillic in base64 is half the size of quoted-printable.
    ascii_share = len(text.encode("ascii", "ignore")) / max(len(text), 1)
    mail.set_content(text, charset="utf-8", cte="quoted-printable" if ascii_share > 0.7 else "base64")


def _attach(mail: EmailMessage, file_name: str, content: bytes) -> None:
    maintype, _, subtype = (mimetypes.guess_type(file_name)[0] or "application/octet-stream").partition("/")
    mail.add_attachment(content, maintype=maintype, subtype=subtype, filename=file_name)
