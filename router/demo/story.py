"""The demo: a morning in a support inbox, told in six beats by what really lies on the server afterwards.

Nothing here knows an outcome in advance: every number and reason is read back over IMAP or from the store's trace.
"""

from __future__ import annotations

import json
import re
import sys
import tempfile
import textwrap
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.utils import getaddresses
from pathlib import Path
from zoneinfo import ZoneInfo

from router.cli.show import one_line
from router.connect import open_session
from router.decide.business_time import calendar
from router.decide.rules import Hours
from router.demo.found import DRAFTS, Found, answered_by_drafts, counts, objections, parsed, read_back, reason
from router.demo.letters import SUPPORT
from router.demo.mails import AFTER_THE_MOVE, DemoMail, demo_mails
from router.demo.office import PASSWORD, Office
from router.demo.server import DemoServer
from router.errors import RouterError
from router.imap.move import move
from router.store import mailboxes, threads
from router.values import Mailbox

A_MONDAY = datetime(2026, 3, 2, tzinfo=UTC)  # the story begins at the next opening
NIGHT = timedelta(hours=4)  # before the opening: the daemon runs already, so that all mail is news to it
QUIET = timedelta(minutes=11)  # more than the ten minutes after which a move has settled
SIX_HOURS = timedelta(hours=6)
WIDTH = 100
BODY_LINES = 4  # of the draft
TIED = "\N{SYMBOL FOR SPACE}"  # stands for a space at which no line is broken


def tell(out: Path | None, keep: bool) -> int:
    """Run and tell the demo; the exit code. `out` also gets demo.json; with `keep` the server stays up until Ctrl-C."""
    with (
        tempfile.TemporaryDirectory(prefix="inbox-router-demo-") as folder,
        DemoServer({SUPPORT: PASSWORD}) as server,
        Office(server, Path(folder), _note) as office,
    ):
        story = Story(office=office, server=server, say=_say)
        try:
            wrong = story.told()
        except RouterError as error:
            wrong = [str(error)]
        for text in wrong:
            _say(f"This went wrong: {text}")
        if out is not None:
            out.mkdir(parents=True, exist_ok=True)
            story.write(out / "demo.json")
        if keep and not wrong:
            _stay(office, server)
        return 1 if wrong else 0


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def _note(text: str) -> None:
    sys.stderr.write(text + "\n")


def _stay(office: Office, server: DemoServer) -> None:
    office.clock.run()
    _say("")
    _say(f"The server stays up until Ctrl-C, and the daemon with it. IMAP {server.host}, port {server.imap_port},")
    _say(f"no TLS, user {SUPPORT}, password {PASSWORD}. SMTP, for sending: port {server.smtp_port}, no TLS.")
    _say("Thunderbird: Account Settings, Add Mail Account, Configure manually, Connection security: None. Or")
    _say(f"  neomutt -n -F /dev/null -e 'set ssl_starttls=no imap_user={SUPPORT} imap_pass={PASSWORD}' \\")
    _say(f"    -e 'set imap_check_subscribed' -f imap://{server.host}:{server.imap_port}/INBOX")
    try:
        threading.Event().wait()
    except KeyboardInterrupt:
        _say("")


@dataclass(slots=True, kw_only=True)
class Story:
    """The six beats, in order, and what they found."""

    office: Office
    server: DemoServer
    say: Callable[[str], None]
    delivered: dict[str, bytes] = field(default_factory=dict)  # by key
    found: list[Found] = field(default_factory=list)  # at the last look
    draft: bytes = b""
    reminder: bytes = b""

    def told(self) -> list[str]:
        """Tell everything; what went wrong, in the end."""
        opening = self._opening()
        self._night(opening)
        self._refund()
        self._its_draft()
        self._lesson(opening + timedelta(minutes=4))
        self._strangers()
        self._six_hours_later(opening)
        wrong = self._checked()
        if not wrong:
            self.say("Now yours: inbox-router try you@your-company.example")
        return wrong

    # ------------------------------------------------------------------ beats

    def _night(self, opening: datetime) -> None:
        """Mail comes in while nobody works; in the morning the daemon begins."""
        self.office.open_doors(opening - NIGHT)
        self.office.close_doors()
        for mail in demo_mails(opening):
            if mail.key not in AFTER_THE_MOVE:
                self._deliver(mail)
        before = counts(self._look_again())
        self.office.open_doors(opening)
        after = counts(self._look_again())
        self.say(
            f"1  {opening:%A, %H:%M}. Overnight {len(self.delivered)} mails came in, in six languages. "
            f"Before: {_listed(before).replace(TIED, ' ')}. After:"
        )
        self._wrapped(_listed(after))
        unsure = sum("unsure" in " ".join(one.because("folder")) for one in self.found if one.folder == "INBOX")
        drafts = sum(one.folder == DRAFTS for one in self.found)
        self._wrapped(
            f"In INBOX stay {unsure} it is not sure about and {after.get('INBOX', 0) - unsure} from machines or by a "
            f"rule. In Drafts: {drafts} replies to read, change and send."
        )

    def _refund(self) -> None:
        refund = self._of("uk-refund")
        self.say(f"2  {_sender(refund)} writes “{_subject(refund)}”. Her mail lies in {refund.folder}, because:")
        self._wrapped(f"{refund.row.category if refund.row else ''}: " + "; ".join(refund.because("classify.")[:3]))
        self._wrapped(f"folder: {'; '.join(refund.because('folder'))} · reply: {'; '.join(refund.because('draft'))}")

    def _its_draft(self) -> None:
        parent = str(self._of("uk-refund").shown["Message-ID"])
        drafts = [one for one in self.found if one.folder == DRAFTS and parent == one.shown.get("In-Reply-To")]
        if not drafts:
            self.say("3  No draft waits for her: " + "; ".join(self._of("uk-refund").because("draft")))
            return
        self.draft, shown = drafts[0].raw, drafts[0].shown
        self.say("3  Her answer waits in Drafts, under her mail, until a person has read it and presses Send:")
        self._quoted([f"{name}: {shown[name]}" for name in ("To", "Subject")])
        body = [line for line in _text(shown).splitlines() if line.strip()]
        self._quoted([*body[:BODY_LINES], f"… and below it her own words ({len(body)} lines in all)"])

    def _lesson(self, moment: datetime) -> None:
        """Somebody moves a mail in her own client; after ten quiet minutes that has been learned."""
        wrong, right = self._of("gift-card-1"), self._folder_of("faq")
        with open_session(self._mailbox) as session:
            move(session, wrong.folder, [wrong.uid], right)
        self.say(
            f"4  “{_subject(wrong)}” was put into {wrong.folder} ({'; '.join(wrong.because('classify.phrase')[:1])})."
        )
        self.office.settle(moment)
        self.office.settle(moment + QUIET)
        self._deliver(next(m for m in demo_mails(self._local(moment + QUIET)) if m.key in AFTER_THE_MOVE))
        self.office.settle(moment + QUIET + timedelta(minutes=1))
        self._look_again()
        next_one = self._of("gift-card-2")
        because = re.sub(r"mail \d+, which", "a mail that", reason(next_one))  # a row's number says nothing here
        self.say(f"   An agent moves it to {right} in her own mail client. That is all. Ten quiet minutes later")
        self._wrapped(f"“{_subject(next_one)}” comes in and lies in {next_one.folder}: {because}")

    def _strangers(self) -> None:
        forged, poison, real = self._of("forged-vip"), self._of("poison"), self._of("vip")
        claimed = one_line(str(parsed(forged.raw)["From"]), 60)
        tags = " ".join(flag for flag in forged.flags if flag == self.office.configuration.rules.forged_tag)
        self.say(f"5  “{_subject(forged)}” claims to come from {claimed}.")
        self._wrapped(
            f"The mail server's own check says: {'; '.join(forged.because('authentication'))}. It lies in "
            f"{forged.folder}, tagged {tags or '-'}; the real one's mail lies in {real.folder}."
        )
        self._wrapped(
            f"“{_subject(poison)}” is built to break mail programs ({'; '.join(poison.because('quarantine'))}): "
            f"it waits in {poison.folder} for a person."
        )
        lying = sum(one.folder != DRAFTS for one in self.found)
        intact = "byte for byte; none was deleted" if not self._checked() else "but not as they should be"
        self.say(f"   {len(self.delivered)} mails were delivered, {lying} are there, {intact}.")

    def _six_hours_later(self, opening: datetime) -> None:
        end = calendar(self._hours).add(opening, SIX_HOURS)
        while (due := self._next_due()) and due <= end:
            self.office.settle(due)
        self.office.settle(end)
        self._look_again()
        self.reminder = self._reminder()
        sent = len(self.server.sent)
        self.say(
            f"6  {self._local(end):%H:%M}: six open hours, no answer. {sent} mails went out, all to the team. One:"
        )
        if not self.reminder:
            return
        shown = parsed(self.reminder)
        self._quoted([f"{name}: {shown[name]}" for name in ("From", "To", "Subject")])
        self._quoted(self._her_lines(_text(shown)))

    # ------------------------------------------------------------------ what the beats ask

    @property
    def _mailbox(self) -> Mailbox:
        return self.office.configuration.mailboxes[0]

    @property
    def _hours(self) -> Hours:
        """The hours of the general promise, else the first calendar there is, else always."""
        rules = self.office.configuration.rules
        if rules.reply_within:
            return rules.reply_within.hours
        return next(iter(self.office.configuration.hours.values()), Hours(name="24/7", always=True))

    def _opening(self) -> datetime:
        return self._local(calendar(self._hours).next_opening(A_MONDAY))

    def _local(self, moment: datetime) -> datetime:
        return moment.astimezone(ZoneInfo(self._hours.time_zone))

    def _folder_of(self, category: str) -> str:
        known = self.office.configuration.rules.category(category)
        return known.folder if known and known.folder else "INBOX"

    def _deliver(self, mail: DemoMail) -> None:
        self.server.deliver(SUPPORT, mail.raw, mail.when)
        self.delivered[mail.key] = mail.raw

    def _look_again(self) -> list[Found]:
        self.found = read_back(self._mailbox, self.office.store)
        return self.found

    def _of(self, key: str) -> Found:
        """Where one of the demo's mails lies."""
        found = next((one for one in self.found if one.raw == self.delivered.get(key)), None)
        if found is None:
            raise RouterError(f"the mail {key} is lost")
        return found

    def _next_due(self) -> datetime | None:
        """When the next step of a running clock is due."""
        with self.office.store.begin() as tx:
            waiting = [t for m in mailboxes.all_mailboxes(tx) for t in threads.waiting(tx, m.id)]
        return min((t.next_due for t in waiting if t.next_due), default=None)

    def _reminder(self) -> bytes:
        """The first mail to the team that speaks of the Ukrainian refund, else the first mail to the team."""
        about = _subject(self._of("uk-refund"))
        sent = self.server.sent
        return next((raw for raw in sent if about in _text(parsed(raw))), sent[0] if sent else b"")

    def _her_lines(self, body: str) -> list[str]:
        """The heading of the reminder and the lines about the Ukrainian refund."""
        lines = [line for line in body.splitlines() if line.strip()]
        who = _sender(self._of("uk-refund"))
        at = next((n for n, line in enumerate(lines) if who in line), 1)
        others = sum("has waited" in line for line in lines) - 1
        return [lines[0], *lines[at : at + 3], f"… and {others} more, in the same mail"]

    def _checked(self) -> list[str]:
        """The promises, as far as this morning can break them."""
        wrong = objections(self.found, list(self.delivered.values()), answered_by_drafts(self.found))
        team = {email for person in self.office.configuration.rules.people for email in person.emails}
        told = {a for raw in self.server.sent for _, a in getaddresses([str(parsed(raw)["To"])])}
        wrong += [f"a mail was sent to {address}, who is not of the team" for address in sorted(told - team)]
        return wrong

    # ------------------------------------------------------------------ how it is told

    def write(self, path: Path) -> None:
        """demo.json: every mail with its folder and the reason, the Ukrainian draft, the reminder."""
        told = {
            "mails": [
                {"subject": one.row.subject if one.row else "", "folder": one.folder, "reason": reason(one)}
                for one in self.found
                if one.folder != DRAFTS
            ],
            "draft": self.draft.decode("utf-8", "replace"),
            "reminder": self.reminder.decode("utf-8", "replace"),
        }
        path.write_text(json.dumps(told, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")

    def _wrapped(self, text: str) -> None:
        for line in textwrap.wrap(one_line(text, 600), WIDTH - 3, break_on_hyphens=False):
            self.say("   " + line.replace(TIED, " "))

    def _quoted(self, lines: Iterable[str]) -> None:
        for line in lines:
            self.say("   │ " + one_line(line, WIDTH - 5))


def _listed(folders: dict[str, int]) -> str:
    return ", ".join(f"{name} {count}".replace(" ", TIED) for name, count in folders.items())


def _subject(one: Found) -> str:
    return one_line(one.row.subject, 80) if one.row else ""


def _sender(one: Found) -> str:
    address = one.shown["From"].addresses[0]
    return one_line(address.display_name or address.addr_spec, 60)


def _text(shown: EmailMessage) -> str:
    body = shown.get_body(("plain",))
    return str(body.get_content()) if body else ""
