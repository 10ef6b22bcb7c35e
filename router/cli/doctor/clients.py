"""`doctor --clients`: a person sends a practice draft from their own mail client, and sees what became of it.

It changes the mailbox, so it asks first; at the end every practice mail, and nothing else, is moved to Trash.
"""

from __future__ import annotations

import secrets
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from router.cli import show
from router.cli.base import FINE, USAGE, configuration_of, leave, say
from router.cli.doctor import practice
from router.cli.doctor.findings import Finding, fail, ok, warn
from router.errors import CommandRefused, FolderMissing, MailboxError, Unreachable
from router.values import FetchedMessage, Mailbox, MessageRef

if TYPE_CHECKING:
    from router.cli.doctor.practice import Practice
    from router.imap.session import Session

INBOX = "INBOX"
LONGEST = 15 * 60.0  # seconds that a person may take
POLL = 3.0
SETTLE = 6.0  # after the copy was seen: clients mark the question and remove the draft a moment later
COPY = 90.0  # after the mail left: so long a client may take to put its copy into Sent
RETURN = 20.0  # until the mail is back in INBOX
_MOST = 50  # mails of a folder that are looked through, the newest


def findings(config: Path, only: str) -> Iterator[Finding]:
    """Guide a person through a draft: placed, opened, edited, sent; then tell how it went and clean up."""
    mailbox = _chosen(config, only)
    _agree(mailbox)
    with _interruptible():
        yield from _practised(mailbox)


def _chosen(config: Path, only: str) -> Mailbox:
    from router.cli.doctor import located, mailboxes_of

    chosen = mailboxes_of(configuration_of(config), only)
    if not sys.stdin.isatty():
        leave(USAGE, "inbox-router: --clients guides a person: run it in a terminal")
    if len(chosen) != 1:
        leave(USAGE, f"inbox-router: name one with --mailbox: {', '.join(m.name for m in chosen)}")
    return chosen[0] if chosen[0].imap else located(chosen[0])[0]


def _agree(mailbox: Mailbox) -> None:
    say(f"This practises with the mailbox {mailbox.name} ({mailbox.address}):")
    say("  1. A question from the mailbox to itself is put into INBOX, and a draft")
    say("     that answers it into Drafts.")
    say("  2. You send that draft from your own mail client. It goes to the mailbox")
    say("     itself and to nobody else.")
    say("  3. What became of it is looked at, and the practice mails are moved to")
    say("     Trash. No other mail is touched.")
    sys.stderr.write("Go ahead? [y/N] ")
    sys.stderr.flush()
    if sys.stdin.readline().strip().lower() not in ("y", "yes"):
        leave(FINE, "Nothing was done.")


@contextmanager
def _interruptible() -> Iterator[None]:
    """A closed terminal and a polite end are like Ctrl-C: what was placed is taken back first."""

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    before = {number: signal.signal(number, stop) for number in (signal.SIGTERM, signal.SIGHUP)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _practised(mailbox: Mailbox) -> list[Finding]:
    from router.cli.advice import for_error

    stage = Stage(mailbox)
    try:
        if trouble := stage.look_around():
            return [trouble]
        try:
            stage.place()
            found = stage.watched()
        except KeyboardInterrupt:
            stage.drop_connection()  # perhaps in the middle of a command
            found = [warn(mailbox.name, "stopped before the draft was sent", "Nothing could be seen; start again.")]
        return [*found, stage.clean()]
    except MailboxError as error:
        left = f"Look for “{stage.practice.subject}” in INBOX, Drafts and Sent, and move it to Trash yourself."
        fix = for_error(error, mailbox)
        return [fail(mailbox.name, str(error), f"{fix}\n{left}" if stage.placed else fix)]
    finally:
        stage.close()


@dataclass(slots=True)
class Seen:
    """What lies where of the practice mails now, by UID."""

    sent: list[int] = field(default_factory=list)
    inbox: list[int] = field(default_factory=list)
    drafts: list[int] = field(default_factory=list)


class Stage:
    """One practice in one mailbox. The connection may be lost while a person takes their time: it is made again."""

    def __init__(self, mailbox: Mailbox) -> None:
        from router.daemon import now as clock

        self.mailbox = mailbox
        self.practice: Practice = practice.make(mailbox.address, secrets.token_hex(4).upper(), clock())
        self.placed = False
        self._session: Session | None = None
        self._folders: dict[str, str] = {}
        self._since: dict[str, int] = {}  # folder → the first UID that can be ours
        self._question = 0
        self._draft = 0

    def _connected(self) -> Session:
        from router.connect import open_session

        if self._session is None or not self._session.alive:
            self._session = open_session(self.mailbox)
        return self._session

    def close(self) -> None:
        """Log out."""
        if self._session is not None:
            self._session.close()

    def drop_connection(self) -> None:
        """Begin anew with the next command."""
        if self._session is not None:
            self._session.interrupt()
            self._session = None

    # ------------------------------------------------------------------ placing

    def look_around(self) -> Finding | None:
        """Find the special folders and where they end now; what is in the way, if anything is."""
        from router.imap import fetch, folders

        session = self._connected()
        self._folders = folders.specials(folders.listing(session))
        missing = [use for use in ("drafts", "sent") if use not in self._folders]
        if missing:
            fix = "Let a mail client make it, or name it as clients do; then  inbox-router doctor"
            return fail(self.mailbox.name, f"there is no folder for {' and '.join(missing)}", fix)
        for folder in (INBOX, self._folders["drafts"], self._folders["sent"]):
            self._since[folder] = fetch.select(session, folder, readonly=True).uidnext or 1
        return None

    def place(self) -> None:
        """Put the question into INBOX and its answer into Drafts, as a pass would."""
        drafts = self._folders["drafts"]
        self.placed = True
        self._question, validity = self._append(INBOX, self.practice.question, ())
        ref = MessageRef(mailbox=self.mailbox.name, folder=INBOX, uidvalidity=validity, uid=self._question)
        self._draft, _ = self._append(drafts, self.practice.draft(ref), ("\\Draft", "\\Seen"))
        say("")
        say("Now, in your mail client:")
        say(f"  1. Open the folder {drafts}. (Nothing there? Fetch mail, or subscribe to it.)")
        say(f"  2. Open “Re: {self.practice.subject}” to edit it: a double click,")
        say("     or Edit.")
        say(f"  3. Replace the word {practice.WORD} by another colour.")
        say("  4. Press Send.")
        say(f"Waiting, up to {LONGEST // 60:.0f} minutes; Ctrl-C ends it and cleans up …")

    def _append(self, folder: str, raw: bytes, flags: tuple[str, ...]) -> tuple[int, int]:
        """UID and UIDVALIDITY of what was placed; looked up where the server does not tell (no UIDPLUS)."""
        from router.imap import drafts, fetch

        session = self._connected()
        said = drafts.append(session, folder, raw, flags=flags, when=self.practice.now)
        if said.uid and said.uidvalidity:
            return said.uid, said.uidvalidity
        session.selected = None  # opened anew, so that it holds what has just come
        validity = fetch.select(session, folder, readonly=True).uidvalidity
        return max(self._ours(folder), default=0), validity

    def _ours(self, folder: str) -> list[int]:
        """The practice mails in a folder: headers are read and compared here."""
        from router.imap import fetch

        session = self._connected()
        session.selected = None
        try:
            uids = fetch.uids(session, folder, self._since[folder])[-_MOST:]
            headers = fetch.headers(session, folder, uids, practice.HEADERS) if uids else {}
        except FolderMissing:
            return []
        return [uid for uid, named in sorted(headers.items()) if self.practice.owns(named)]

    # ------------------------------------------------------------------ watching

    def watched(self) -> list[Finding]:
        """Wait until the person has sent the draft, and tell how it went."""
        where, sent_folder = self.mailbox.name, self._folders["sent"]
        seen, left = self._until_sent()
        if not seen.sent:
            return [self._not_sent(left=left)]
        say("Sent. Looking at what became of everything …")
        seen = self._settled()
        (mail,) = self._fetched(sent_folder, seen.sent[-1:])
        found = [ok(where, f"the answer was sent, and its copy lies in {sent_folder}")]
        found += practice.judge(where, self.practice, mail.raw)
        found.append(practice.answered(where, self._flags_of_question()))
        return [*found, self._leftover(seen), self._returned(seen)]

    def _until_sent(self) -> tuple[Seen, bool]:
        """What is seen when there is a copy in Sent, or when waiting is over; whether the draft has left by then."""
        started = time.monotonic()
        left_at: float | None = None
        told: set[str] = set()
        seen = Seen()
        while (now := time.monotonic()) - started < LONGEST and (left_at is None or now - left_at < COPY):
            with suppress(Unreachable):  # made again at the next look; a person has minutes
                seen = self._look()
            if seen.sent:
                break
            if self._draft not in seen.drafts and seen.drafts and "saved" not in told:
                told.add("saved")
                say("Your client has saved the draft anew. Go on: press Send.")
            gone = not seen.drafts or self._came_back(seen)
            left_at = (left_at or now) if gone else None
            if gone and "gone" not in told:
                told.add("gone")
                say(f"The draft has left Drafts. Waiting for a copy in {self._folders['sent']} …")
            time.sleep(POLL)
        return seen, left_at is not None

    def _look(self) -> Seen:
        return Seen(
            sent=self._ours(self._folders["sent"]),
            drafts=self._ours(self._folders["drafts"]),
            inbox=self._ours(INBOX),
        )

    def _came_back(self, seen: Seen) -> bool:
        return any(uid != self._question for uid in seen.inbox)

    def _settled(self) -> Seen:
        """A moment later, when the client has done all it does."""
        deadline = time.monotonic() + SETTLE
        seen = self._look()
        while time.monotonic() < deadline and (seen.drafts or "\\Answered" not in self._flags_of_question()):
            time.sleep(min(POLL, SETTLE))
            seen = self._look()
        return seen

    def _fetched(self, folder: str, uids: list[int]) -> list[FetchedMessage]:
        from router.imap import fetch

        return fetch.new_messages(self._connected(), self.mailbox.name, folder, uids)

    def _flags_of_question(self) -> tuple[str, ...]:
        from router.imap import fetch

        session = self._connected()
        session.selected = None
        return fetch.flags(session, INBOX, [self._question]).get(self._question, ()) if self._question else ()

    # ------------------------------------------------------------------ telling

    def _not_sent(self, *, left: bool) -> Finding:
        from router.cli.doctor.answers import elsewhere

        where, sent = self.mailbox.name, self._folders["sent"]
        if not left:
            text = f"nothing was sent within {LONGEST // 60:.0f} minutes"
            return warn(where, text, "Start again when you have time.")
        text = f"the draft has left Drafts, and no copy of the answer came to {sent}"
        return fail(where, text, f"Did you send it, and not delete it? {elsewhere(self.mailbox, sent)}")

    def _leftover(self, seen: Seen) -> Finding:
        if not seen.drafts:
            return ok(self.mailbox.name, "the draft is gone from Drafts")
        text = "the draft still lies in Drafts after it was sent"
        fix = "Some clients remove it at their next look (neomutt: press $). If not, people may send it twice."
        return warn(self.mailbox.name, text, fix)

    def _returned(self, seen: Seen) -> Finding:
        """Whether the mail has come back, so that it can be cleaned up, too."""
        deadline = time.monotonic() + RETURN
        while not self._came_back(seen):
            if time.monotonic() > deadline:
                note = f"It may still come: move “Re: {self.practice.subject}” to Trash yourself."
                return ok(self.mailbox.name, "what you sent has not come back to INBOX yet", note)
            time.sleep(POLL)
            seen = self._look()
        return ok(self.mailbox.name, "what you sent has come back to INBOX")

    # ------------------------------------------------------------------ cleaning up

    def clean(self) -> Finding:
        """Move every practice mail to Trash; nothing else."""
        where, trash = self.mailbox.name, self._folders.get("trash", "")
        subject = f"“{self.practice.subject}”"
        if not trash:
            return warn(where, "the practice mails stay: there is no Trash", f"Delete the mails {subject} yourself.")
        moved, marked = 0, False
        try:
            for folder in self._since:
                gone, only_marked = self._moved(folder, trash)
                moved, marked = moved + gone, marked or only_marked
        except (CommandRefused, FolderMissing) as error:
            return warn(where, f"practice mails could not be moved: {error}", f"Delete the mails {subject} yourself.")
        if marked:
            text = f"{show.count(moved, 'practice mail')} copied to {trash} and marked as deleted where they lay"
            return warn(where, text, "This server takes out no single mails; your client does it (Compact, Expunge).")
        return ok(where, f"{show.count(moved, 'practice mail')} moved to {trash}")

    def _moved(self, folder: str, trash: str) -> tuple[int, bool]:
        from router.imap import move

        uids = self._ours(folder)
        done = move.move(self._connected(), folder, uids, trash) if uids else None
        return len(uids), bool(done and done.marked)
