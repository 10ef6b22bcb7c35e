"""What a valid workflows.yaml means, short and long."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from router import values
from router.config.loading import Configuration, load
from router.decide import rules
from tests.config.builders import HEAD, configured, findings, loaded

TWELVE_LINES = """\
# What `inbox-router init` writes: the whole product in twelve lines.
version: 1
mailboxes:
  support: {address: support@acme.example, login: {password: {env: SUPPORT_PASSWORD}}}
people: {team: [olha@acme.example, bat@acme.example], lead: lead@acme.example}
hours: {time_zone: Europe/Kyiv, open: {mon-fri: 09:00-18:00}}
reply_within: 6h          # every person's mail, sorted or not: team warned at 75 %, lead told at 100 %
categories:               # known names bring their words, examples and replies in five languages
  refund: Support/Refunds
  cancel: Support/Cancellations
  faq: Support/FAQ
senders:
  vip: {from: [ceo@big.example, "*@partner.example"], folder: Support/VIP, reply_within: 1h}
"""

LONG = """\
version: 1
mailboxes:
  support:
    address: support@acme.example
    imap: {host: mail.acme.example, port: 993, tls: implicit}
    smtp: {host: mail.acme.example, port: 587, tls: starttls}
    login: {user: robot, password: {file: secrets/support}}
    mode: suggest
    languages: [mn, en]
    trust: {authserv-id: MX.acme.example}
    backfill: none
    watch: poll
people:
  team: {email: [olha@acme.example, bat@acme.example], language: uk}
  lead: {email: lead@acme.example, language: en, hours: office}
hours:
  office:
    time_zone: Europe/Kyiv
    open: {mon-fri: [09:00-13:00, 14:00-18:00], sat: 10:00-14:00}
    holidays: {also: [2026-12-31]}
  always: 24/7
reply_within:
  target: 6h
  hours: office
  steps:
    - {at: 50%, tag: due-soon}
    - {at: 75%, remind: team}
    - {at: 100%, tag: overdue, flag: true, escalate: lead, repeat: 2h, at_most: 3}
classify:
  unsure_below: 0.65
  unsure_tag: not-sure
  learn_from: {moves: false}
categories:
  parcel:
    folder: Support/Parcels
    about: a customer asks where a parcel is
    phrases: {en: [parcel, 404], uk: [посилка]}
    not_phrases: {en: parcel insurance}
    reply_within: {target: 2d, steps: [{at: 100%, remind: lead}]}
  praise:
senders:
  vip:
    from: {file: lists/vip.txt, also: [ceo@big.example]}
    folder: Support/VIP
    flag: true
    tag: vip
    reply_within: {target: 1h, hours: always}
folders: {done: Team/Done, quarantine: Team/Broken, claims: "Team/@*"}
workflows:
  - name: robots-stay
    when: {automatic: true}
    do: {leave: true, stop: true}
  - name: large
    when:
      category: [parcel, unsure]
      confidence: {at_least: 0.5, at_most: 0.9}
      not: {sender: vip}
      any:
        - {subject: [lost, {word: late}, {regex: "late[rd]?"}]}
        - {attachment: "*.pdf", from: "*@Shop.example"}
        - all: [{header: {X-Shop: true, List-Id: news}}, {attachment: {type: image/*}}]
      attachment: false
      messages: {at_most: 3}
      mailbox: support
      reply: false
    do:
      folder: Support/Large
      tag: [big, slow]
      untag: small
      flag: true
      draft: parcel/lost
      remind: team
      escalate: lead
    reply_within: 90m
drafts: {at_most_open: 7, format: text, mark: flagged}
"""


@pytest.fixture
def starter(tmp_path: Path) -> Configuration:
    return configured(tmp_path, TWELVE_LINES, head="")


@pytest.fixture
def long(tmp_path: Path) -> Configuration:
    (tmp_path / "lists").mkdir()
    (tmp_path / "lists" / "vip.txt").write_text("# ours\n*@Partner.example\n\nceo@big.example\n", encoding="utf-8")
    return configured(tmp_path, LONG, head="")


def test_the_starter_has_nothing_to_complain_about(tmp_path: Path) -> None:
    """Twelve lines, no error, no warning."""
    assert findings(loaded(tmp_path, TWELVE_LINES, head="")) == []


def test_a_mailbox_of_one_line_gets_its_defaults(starter: Configuration) -> None:
    """Servers are left to discovery, the address logs in, mail is filed, the last month is read."""
    (mailbox,) = starter.mailboxes
    password = values.Secret(env="SUPPORT_PASSWORD")
    assert mailbox == values.Mailbox(
        name="support",
        address="support@acme.example",
        login=values.Login(user="support@acme.example", password=password),
        imap=None,
        mode=values.Mode.FILE,
        backfill=values.Backfill.MONTH,
    )


def test_six_hours_bring_the_usual_steps(starter: Configuration) -> None:
    """Half time tags, three quarters remind the team, the end tags, flags and tells the lead up to three times."""
    target = starter.rules.reply_within
    assert target is not None
    assert target.within == timedelta(hours=6)
    assert target.hours.name == "office"
    assert target.steps == (
        rules.Step(at=0.5, tag="due-soon"),
        rules.Step(at=0.75, remind="team"),
        rules.Step(at=1.0, tag="overdue", flag=True, escalate="lead", repeat=timedelta(hours=2), at_most=3),
    )


def test_one_calendar_counts_the_days_it_names(starter: Configuration) -> None:
    """Minutes of the local day, Monday first."""
    assert starter.hours["office"].spans == (((540, 1080),),) * 5 + ((), ())
    assert starter.hours["office"].time_zone == "Europe/Kyiv"


def test_a_senders_target_takes_the_top_levels_hours_and_steps(starter: Configuration) -> None:
    """The VIP's hour differs from the six hours in its length only."""
    (vip,) = starter.rules.senders
    top = starter.rules.reply_within
    assert vip.patterns == ("ceo@big.example", "*@partner.example")
    assert vip.reply_within is not None
    assert top is not None
    assert vip.reply_within.within == timedelta(hours=1)
    assert (vip.reply_within.hours, vip.reply_within.steps) == (top.hours, top.steps)


def test_replies_are_suggested_unless_a_workflow_drafts(starter: Configuration, long: Configuration) -> None:
    """Without any draft action there is one for all categories; a file with its own is left alone."""
    (suggest,) = starter.rules.workflows
    assert (suggest.name, suggest.actions) == ("suggest-replies", (rules.PlaceDraft(reply="best"),))
    assert isinstance(suggest.when, rules.OneOf)
    assert suggest.when.values == ("refund", "cancel", "faq")
    assert [w.name for w in long.rules.workflows] == ["robots-stay", "large"]


def test_suggestions_can_be_switched_off(tmp_path: Path) -> None:
    """No open drafts allowed means no workflow that makes them."""
    text = "categories: {refund: R}\ndrafts: {at_most_open: 0}\n"
    assert configured(tmp_path, text).rules.workflows == ()


def test_known_names_bring_phrases_and_own_ones_add_to_them(tmp_path: Path) -> None:
    """The admin's phrases come first; another name has only its own."""
    text = "categories: {refund: {phrases: {en: [gimme]}}, mine: {phrases: {en: [gimme more]}}}\n"
    refund, mine = configured(tmp_path, text).rules.categories
    assert refund.phrases["en"][0] == "gimme"
    assert "refund" in refund.phrases["en"]
    assert "refund policy" in refund.not_phrases["en"]
    assert dict(mine.phrases) == {"en": ("gimme more",)}


def test_a_plain_list_of_phrases_is_sorted_by_script(tmp_path: Path) -> None:
    """Latin phrases are English, Cyrillic ones count in every Cyrillic language of the mailboxes."""
    head = HEAD.replace("login:", "languages: [en, uk, ru], login:")
    text = "categories: {mine: {phrases: [parcel, посилка]}}\n"
    (mine,) = configured(tmp_path, text, head=head).rules.categories
    assert dict(mine.phrases) == {"en": ("parcel",), "uk": ("посилка",), "ru": ("посилка",)}


def test_the_long_form_of_a_mailbox(long: Configuration) -> None:
    """Every key arrives; paths are below the file's directory."""
    (mailbox,) = long.mailboxes
    assert mailbox.imap == values.Server(host="mail.acme.example", port=993, tls=values.Tls.IMPLICIT)
    assert mailbox.smtp == values.Server(host="mail.acme.example", port=587, tls=values.Tls.STARTTLS)
    password = values.Secret(file=long.path.parent / "secrets/support")
    assert mailbox.login == values.Login(user="robot", password=password)
    assert (mailbox.mode, mailbox.backfill, mailbox.idle) == (values.Mode.SUGGEST, values.Backfill.NONE, False)
    assert (mailbox.languages, mailbox.authserv_ids) == (("mn", "en"), ("mx.acme.example",))


def test_the_long_form_of_hours_and_people(long: Configuration) -> None:
    """Several spans a day, dates, 24/7, and a person's own hours."""
    office = long.hours["office"]
    assert office.spans[0] == ((540, 780), (840, 1080))
    assert office.spans[5] == ((600, 840),)
    assert office.holidays == frozenset({date(2026, 12, 31)})
    assert long.hours["always"].always
    lead = long.rules.person("lead")
    assert lead == rules.Person(name="lead", emails=("lead@acme.example",), language="en", hours=office)


def test_the_long_form_of_categories_and_senders(long: Configuration) -> None:
    """Own steps replace the top level's; a list file adds its patterns once."""
    parcel = long.rules.category("parcel")
    assert parcel is not None
    assert dict(parcel.phrases) == {"en": ("parcel", "404"), "uk": ("посилка",)}
    assert dict(parcel.not_phrases) == {"en": ("parcel insurance",)}
    assert parcel.reply_within is not None
    assert (parcel.reply_within.days, parcel.reply_within.within) == (2, timedelta(0))
    assert parcel.reply_within.steps == (rules.Step(at=1.0, remind="lead"),)
    assert long.rules.category("praise") == rules.Category(name="praise")
    (vip,) = long.rules.senders
    assert vip.patterns == ("*@partner.example", "ceo@big.example")
    assert (vip.flag, vip.tag, vip.folder) == (True, "vip", "Support/VIP")
    assert vip.reply_within is not None
    assert vip.reply_within.hours.always


def test_the_long_form_of_the_rest(long: Configuration) -> None:
    """Folders, classify and drafts."""
    kept = long.rules
    assert kept.folders == rules.Folders(done="Team/Done", quarantine="Team/Broken", claims="Team/@*")
    assert (kept.unsure_below, kept.unsure_tag, kept.learn_from_moves) == (0.65, "not-sure", False)
    assert (kept.drafts_at_most_open, kept.drafts_mark) == (7, "flagged")


def test_conditions_and_actions_keep_what_was_written(long: Configuration) -> None:
    """All keys of a mapping, any item of a list, each with its path."""
    here = "workflows[1].when"
    large = long.rules.workflows[1]
    anything = f"{here}.any"
    expected = rules.AllOf(
        path=here,
        parts=(
            rules.OneOf(key="category", values=("parcel", "unsure"), path=f"{here}.category"),
            rules.OneOf(key="mailbox", values=("support",), path=f"{here}.mailbox"),
            rules.IsTrue(key="reply", value=False, path=f"{here}.reply"),
            rules.Between(key="confidence", at_least=0.5, at_most=0.9, path=f"{here}.confidence"),
            rules.Between(key="messages", at_most=3, path=f"{here}.messages"),
            rules.AnyOf(
                path=anything,
                parts=(
                    rules.AnyOf(
                        path=f"{anything}[0].subject",
                        parts=tuple(
                            rules.TextHas(key="subject", kind=kind, value=value, path=f"{anything}[0].subject")
                            for kind, value in (("contains", "lost"), ("word", "late"), ("regex", "late[rd]?"))
                        ),
                    ),
                    rules.AllOf(
                        path=f"{anything}[1]",
                        parts=(
                            rules.AddressIs(key="from", pattern="*@shop.example", path=f"{anything}[1].from"),
                            rules.AttachmentIs(name="*.pdf", path=f"{anything}[1].attachment"),
                        ),
                    ),
                    rules.AllOf(
                        path=f"{anything}[2].all",
                        parts=(
                            rules.AllOf(
                                path=f"{anything}[2].all[0]",
                                parts=(
                                    rules.HeaderHas(
                                        name="X-Shop", value="", path=f"{anything}[2].all[0].header.X-Shop"
                                    ),
                                    rules.HeaderHas(
                                        name="List-Id", value="news", path=f"{anything}[2].all[0].header.List-Id"
                                    ),
                                ),
                            ),
                            rules.AttachmentIs(content_type="image/*", path=f"{anything}[2].all[1].attachment"),
                        ),
                    ),
                ),
            ),
            rules.Not(
                path=f"{here}.not",
                part=rules.OneOf(key="sender", values=("vip",), path=f"{here}.not[0].sender"),
            ),
            rules.Not(path=f"{here}.not", part=rules.AttachmentIs(path=f"{here}.not[1].attachment")),
        ),
    )
    assert large.when == expected
    assert large.actions == (
        rules.FileInto(folder="Support/Large"),
        rules.AddTag(tag="big"),
        rules.AddTag(tag="slow"),
        rules.RemoveTag(tag="small"),
        rules.SetFlag(),
        rules.PlaceDraft(reply="parcel/lost"),
        rules.Remind(person="team"),
        rules.Remind(person="lead", kind="escalate"),
    )
    assert large.reply_within is not None
    assert large.reply_within.name == "workflows[1]"
    assert long.rules.workflows[0].stop


def test_without_people_reminders_are_dropped(tmp_path: Path) -> None:
    """The target still tags and flags; steps that only told somebody disappear."""
    text = "reply_within: {target: 6h, steps: [{at: 75%, remind: team}, {at: 100%, tag: overdue, escalate: lead}]}\n"
    result = loaded(tmp_path, text)
    assert result.configuration is not None
    assert [p.message for p in result.warnings] == ["nobody is told: there are no people"] * 2
    target = result.configuration.rules.reply_within
    assert target is not None
    assert target.steps == (rules.Step(at=1.0, tag="overdue"),)


PORTS = [
    ("imap: mail.acme.example", 993, values.Tls.IMPLICIT),
    ("imap: {host: mail.acme.example, tls: starttls}", 143, values.Tls.STARTTLS),
    ("imap: {host: mail.acme.example, port: 143}", 143, values.Tls.STARTTLS),
    ("imap: {host: 127.0.0.1, port: 10143, tls: none}", 10143, values.Tls.NONE),
    ("imap: {host: '::1', tls: none}", 143, values.Tls.NONE),
    ("smtp: mail.acme.example", 465, values.Tls.IMPLICIT),
    ("smtp: {host: mail.acme.example, port: 587}", 587, values.Tls.STARTTLS),
    ("smtp: {host: mail.acme.example, tls: starttls}", 587, values.Tls.STARTTLS),
]


@pytest.mark.parametrize(("server", "port", "tls"), PORTS)
def test_ports_and_tls_fill_each_other_in(server: str, port: int, tls: values.Tls, tmp_path: Path) -> None:
    """A host alone means TLS on the usual port."""
    configuration = configured(tmp_path, "", head=HEAD.replace("login:", f"{server}, login:"))
    (mailbox,) = configuration.mailboxes
    found = mailbox.imap or mailbox.smtp
    assert found is not None
    assert (found.port, found.tls) == (port, tls)


@pytest.mark.parametrize(
    ("trust", "ids"),
    [
        ("google", ("google",)),
        ("{authserv-id: mx.a.example}", ("mx.a.example",)),
        ("[a.example, Google]", ("a.example", "google")),
    ],
)
def test_whose_results_are_trusted(trust: str, ids: tuple[str, ...], tmp_path: Path) -> None:
    """One name, several, or the preset of a large host, in lower case."""
    configuration = configured(tmp_path, "", head=HEAD.replace("login:", f"trust: {trust}, login:"))
    assert configuration.mailboxes[0].authserv_ids == ids


@pytest.mark.parametrize("hours", ["24/7", "{always: 24/7}", "{office: {always: true}}"])
def test_around_the_clock_has_one_meaning(hours: str, tmp_path: Path) -> None:
    """However it is written, the target counts every minute."""
    text = f"people: {{team: t@x.example}}\nhours: {hours}\nreply_within: 6h\n"
    target = configured(tmp_path, text).rules.reply_within
    assert target is not None
    assert target.hours.always


def test_a_block_with_nothing_in_it_counts_as_absent(tmp_path: Path) -> None:
    """Commenting out the contents of a block is no mistake."""
    text = "people:\nhours:\ncategories:\nsenders:\nworkflows:\nfolders:\nclassify:\ndrafts:\nreply_within:\n"
    assert findings(loaded(tmp_path, text)) == []


def test_days_go_over_the_weeks_end_and_adjacent_spans_join(tmp_path: Path) -> None:
    """sat-mon is three days, and 09:00-12:00 with 12:00-24:00 is one span."""
    text = "hours: {time_zone: UTC, open: {sat-mon: [12:00-24:00, 09:00-12:00]}}\n"
    spans = configured(tmp_path, text).hours["office"].spans
    assert spans == (((540, 1440),), (), (), (), (), ((540, 1440),), ((540, 1440),))


def test_the_digest_changes_with_every_file_that_was_read(tmp_path: Path) -> None:
    """A changed list is a changed configuration."""
    (tmp_path / "vip.txt").write_text("a@x.example\n", encoding="utf-8")
    text = "senders: {vip: {from: {file: vip.txt}}}\n"
    first = configured(tmp_path, text)
    (tmp_path / "vip.txt").write_text("b@x.example\n", encoding="utf-8")
    second = load(first.path).configuration
    assert second is not None
    assert first.digest != second.digest
    assert configured(tmp_path, text).digest == second.digest


def test_a_login_by_oauth_says_who_agreed_and_where_secrets_lie(tmp_path: Path) -> None:
    """Left out: the account is the login's user, the token is kept in the state directory."""
    text = """\
version: 1
mailboxes:
  a: {address: a@x.example, login: {oauth: google, client: {file: google.json}}}
  b:
    address: b@x.example
    login: {oauth: microsoft, as: robot@x.example, client: {env: M365}, token: {file: $CREDENTIALS_DIRECTORY/b}}
  c: {address: c@x.example, login: {user: c, password: {keyring: inbox-router}}}
"""
    first, second, third = configured(tmp_path, text, head="").mailboxes
    here = tmp_path.resolve()
    google = values.OAuth(
        issuer=values.Issuer.GOOGLE, client=values.Secret(file=here / "google.json"), account="a@x.example"
    )
    assert first.login == values.Login(user="a@x.example", oauth=google)
    assert first.login.sender == "a@x.example"
    assert second.login.oauth == values.OAuth(
        issuer=values.Issuer.MICROSOFT,
        client=values.Secret(env="M365"),
        account="robot@x.example",
        token=values.Secret(file=Path("$CREDENTIALS_DIRECTORY/b")),
    )
    assert (second.login.user, second.login.sender) == ("b@x.example", "robot@x.example")
    assert third.login == values.Login(user="c", password=values.Secret(keyring="inbox-router"))


def test_own_replies_lie_beside_the_file(starter: Configuration) -> None:
    """And the shipped ones serve the known names."""
    assert starter.replies_root == starter.path.parent / "replies"
    assert starter.known_categories == ("refund", "cancel", "faq")


LATER = ["reports", "promises", "rota", "country", "kind", "wrong_at_most", "folders", "update_within", "answered"]
LATER += ["resolved", "quiet_for"]


def test_a_file_with_everything_to_come_is_told_what_this_version_lacks(tmp_path: Path) -> None:
    """Each key that is not acted on is named, and nothing else is wrong."""
    text = """\
version: 1
mailboxes:
  support: {address: support@acme.example, login: {password: {env: A}}}
people:
  team: {email: [olha@acme.example], rota: {weekly: 2026-11-23}}
hours:
  office: {time_zone: Europe/Kyiv, open: {mon: 09:00-18:00}, holidays: {country: UA, kind: workday, also: [2026-12-31]}}
classify: {wrong_at_most: 5%, learn_from: {folders: true, moves: true}}
categories: {complaint: X}
workflows:
  - name: in-the-loop
    when: {category: complaint, answered: true, resolved: false, quiet_for: 3d}
    update_within: {target: 2d, hours: office, steps: [{at: 100%, remind: team}]}
    do: {flag: true}
promises: {remind: team, before: 2h, hours: office}
reports:
  daily: {at: 18:05, to: team, hours: office}
"""
    result = loaded(tmp_path, text, head="")
    assert sorted(p.message for p in result.problems) == sorted(
        f"`{k}` is not supported by this version yet" for k in LATER
    )
