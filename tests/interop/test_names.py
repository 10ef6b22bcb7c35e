"""Folder names that are awkward somewhere: quoting, wildcards, modified UTF-7, other scripts, emoji."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from router.errors import CommandRefused
from router.imap import drafts, fetch, folders, move
from router.imap.session import Session
from router.values import Server, Tls
from tests.acceptance.stage import mail
from tests.interop.conftest import Offices
from tests.interop.office import RULES, Office
from tests.interop.setups import Setup
from tests.interop.test_filing import BOB, JANE

NAMES = (
    "Kunden & Müller", "Підтримка/Повернення", "💸 Money", "&-", "&AOQ-", "[Brackets] (paren)", "#hash", "日本語",
    "{3}", "it's $5; a|b", 'say "hi"', "back\\slash", "star*", "percent%", "trailing ",
)  # fmt: skip
# What a server does not take, it refuses when the folder is made.
REFUSED = {
    "cyrus": {"{3}", "it's $5; a|b", 'say "hi"', "back\\slash", "percent%"},
    "courier": {"💸 Money"},
}
WRITABLE = tuple(name for name in NAMES if not set(name) & set('*%\\"') and name == name.strip())  # in workflows.yaml
DOTTED = {
    "dovecot-maildir": "refused by the server", "dovecot-maildir-dot": "never sent", "dovecot-sdbox": "filed",
    "cyrus": "filed", "courier": "never sent",
}  # fmt: skip


def names_on(setup: Setup) -> list[str]:
    return [name for name in NAMES if name not in REFUSED.get(setup.name, ())]


def rules_for(names: list[str]) -> str:
    """One category for each folder, with a phrase of its own."""
    lines = [f'  kind{n}: {{folder: "{name}", phrases: {{en: [refund kind{n}]}}}}\n' for n, name in enumerate(names)]
    return RULES.split("categories:")[0] + "drafts: {at_most_open: 1}\ncategories:\n" + "".join(lines)


def mail_for(number: int) -> bytes:
    return mail("A question", f"Please refund kind{number}.", sender=f"c{number}@client.example")


def test_our_commands_reach_folders_of_any_name(office: Office, setup: Setup, refusals: list[str]) -> None:
    """Every command that names a folder does so on the wire as the server spells it; a refusal says so at once."""
    office.append("INBOX", [JANE])
    server = Server(host="127.0.0.1", port=office.port, tls=Tls.NONE)
    with Session.open(server, office.user, office.server.password) as session:
        for name in REFUSED.get(setup.name, ()):
            refusals.append(r"^CREATE .* -> NO (Invalid mailbox name|Error in IMAP command)")
            with pytest.raises(CommandRefused):
                folders.ensure(session, [name])
        for name in names_on(setup):
            assert folders.ensure(session, [name])[-1] == name
            assert folders.ensure(session, [name]) == ()
            placed = drafts.append(session, name, BOB, flags=["\\Draft"], when=datetime.now(UTC))
            moved = move.move(session, "INBOX", fetch.uids(session, "INBOX"), name)
            there = fetch.uids(session, name)
            assert there == sorted([placed.uid, *moved.uids.values()])
            assert drafts.store(session, name, there, add=["\\Flagged"]) == ()
            status = folders.survey(session, [name])[name]
            assert (status.messages, status.selectable) == (2, True)
            move.move(session, name, list(moved.uids.values()), "INBOX")
        assert set(names_on(setup)) <= folders.subscribed(session)
    assert office.whereabouts() == {JANE: {"INBOX": 1}, BOB: dict.fromkeys(names_on(setup), 1)}


def test_mail_goes_into_folders_of_any_name_and_back(offices: Offices, setup: Setup) -> None:
    """Made, subscribed, filled, watched for an agent's moves between them, and emptied by `undo`."""
    names = [name for name in WRITABLE if name in names_on(setup)]
    office = offices(rules=rules_for(names))
    raws = [mail_for(number) for number in range(len(names))]
    office.append("INBOX", raws)
    assert office.once()["moved"] == dict.fromkeys(names, 1)
    assert set(names) <= office.subscribed()
    assert office.whereabouts() == {raw: {name: 1} for raw, name in zip(raws, names, strict=True)}
    pairs = list(zip(names[::2], names[1::2], strict=False))
    for source, destination in pairs:
        office.move(next(iter(office.messages(source))), source, destination)
    again = office.once()
    assert (again["seen"], again["moved"]) == (0, {})
    assert sorted(office.ask("SELECT from_folder, to_folder FROM gesture")) == sorted(pairs)
    result = office.with_config("undo", "--since", "1h", "--json").data["mailboxes"]["support"]
    assert result["moved_back"] == len(office.messages("INBOX")) == len(names) - len(pairs)


def test_agents_folders_of_any_name_are_understood(office: Office, setup: Setup) -> None:
    """Whatever an agent calls a folder below Support/@: a mail that she moves there is claimed by it."""
    chosen = {"Kunden & Müller", "💸 Money", "日本語", 'say "hi"', "back\\slash", "star*", "percent%"}
    names = [f"Support/@{name}" for name in names_on(setup) if name in chosen]
    office.append("INBOX", [JANE])
    office.once()
    for name in names:
        office.create(name)
    office.once()
    place = "Support/Money"
    for name in names:
        office.move(next(iter(office.messages(place))), place, name)
        office.once()
        place = name
        assert office.ask("SELECT folder FROM message WHERE state != 'gone'") == [(name,)]
        assert office.thread()["claimed_by"] == name.removeprefix("Support/@").lower()


def test_name_that_the_server_refuses_holds_its_mail(offices: Offices, setup: Setup, refusals: list[str]) -> None:
    """The mail stays in the inbox, an alert names the folder and what the server said, and other mail is filed."""
    name = {"cyrus": "{3}", "courier": "💸 Money"}.get(setup.name, "~tilde")
    refusals += [r"^CREATE .* -> NO", r"^(EXAMINE|UID MOVE|UID COPY) .* -> NO"]
    office = offices(rules=rules_for([name, "Fine"]))
    held, filed = mail_for(0), mail_for(1)
    office.append("INBOX", [held, filed])
    result = office.once()
    assert (result["held"], result["moved"]) == (1, {"Fine": 1})
    assert office.whereabouts() == {held: {"INBOX": 1}, filed: {"Fine": 1}}
    ((text,),) = office.ask("SELECT text FROM alert WHERE cleared_at IS NULL")
    assert f"not moved to {name}" in text


def test_dot_in_a_name_makes_no_other_folder(offices: Offices, setup: Setup, refusals: list[str]) -> None:
    """Where `.` separates folders nothing is sent, as the server would make two folders of one name."""
    what = DOTTED[setup.name]
    if what == "refused by the server":
        refusals += [r'^CREATE "v1.2" -> NO', r'^(EXAMINE|UID MOVE) .*"v1.2" -> NO']
    office = offices(rules=rules_for(["v1.2"]))
    office.append("INBOX", [mail_for(0)])
    result = office.once()
    assert (result["held"], result["moved"]) == ((0, {"v1.2": 1}) if what == "filed" else (1, {}))
    assert bool([c for c in office.wire.commands if "v1.2" in c.text]) == (what != "never sent")
    assert "v1" not in office.folders()
