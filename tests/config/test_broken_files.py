"""Every mistake an admin can make is found, at the very character, in a sentence that helps."""

# ruff: noqa: E501 — one mistake a line reads as a table
from __future__ import annotations

from pathlib import Path

import pytest

from router.config.loading import load
from router.config.problems import Level, render_all
from tests.config.builders import HEAD, findings, loaded, marked_places

# (what is wrong, the file below the usual head with a » at each place, the sentences in file order)
ERRORS: list[tuple[str, str, list[str]]] = [
    ("an unknown key on top", "»huors: 24/7\n", ["unknown key 'huors'; did you mean 'hours'?"]),
    ("a key of a later version", "»reports: {}\n", ["`reports` is not supported by this version yet"]),
    ("promises", "»promises: {remind: team}\n", ["`promises` is not supported by this version yet"]),
    ("a key twice", "people: {a: a@x.example, »a: b@x.example}\n", ["the key 'a' is here twice (first on line 3)"]),
    ("a merge key", "people: {»<<: {a: b}, lead: a@x.example}\n", ["merge keys (<<) are not supported; write the keys out"]),
    ("an alias of itself", "people: &p {a: »*p}\n", ["the alias '*p' contains itself"]),
    ("an alias of nothing", "people: »*p\n", ["the alias '*p' names no anchor (&) above it"]),
    ("a tab", "people:\n»\tlead: a@x.example\n", ["a tab cannot indent here; use spaces"]),
    ("a tag", "people: »!!python/name:os.system {}\n", ["tags such as 'tag:yaml.org,2002:python/name:os.system' are not supported"]),
    ("an open bracket", "people: {lead: [a@x.example\n»", ["this list or block is not closed: ',' or ']' is missing"]),
    ("an open quote", "people: {lead: »'a@x.example}\n", ["the text in quotes is never closed"]),
    ("two colons", "reply_within»: target: 6h\n".replace("»", "").replace("target:", "target»:"), ["a ':' cannot stand here; check the indentation, or write the text in quotes"]),
    ("a second document", "»---\nversion: 1\n", ["a second document (---) begins here; write one only"]),
    ("a bad address", "people: {lead: »nobody}\n", ["'nobody' is no mail address"]),
    ("a person's name with a blank", "people: {»my lead: a@x.example}\n", ["'my lead' is no name: write letters, digits, - and _ without blanks, up to 64"]),
    ("a rota", "people: {team: {email: a@x.example, »rota: {weekly: 2026-11-23}}}\n", ["`rota` is not supported by this version yet"]),
    ("unknown hours of a person", "people: {lead: {email: a@x.example, hours: »nigths}}\nhours: {nights: 24/7}\n", ["unknown hours 'nigths'; did you mean 'nights'?"]),
    ("an unknown time zone", "hours: {time_zone: »Europe/Kyyiv, open: {mon: 09:00-18:00}}\n", ["unknown time zone 'Europe/Kyyiv'; did you mean 'Europe/Kyiv'?"]),
    ("an unknown day", "hours: {time_zone: UTC, open: {»mon-fry: 09:00-18:00}}\n", ["'fry' is no day; known: mon, tue, wed, thu, fri, sat, sun"]),
    ("a long day", "hours: {time_zone: UTC, open: {»monday: 09:00-18:00}}\n", ["'monday' is no day; did you mean 'mon'?"]),
    ("a span that is none", "hours: {time_zone: UTC, open: {mon: »9 to 5}}\n", ["'9 to 5' is no span of time; write it like 09:00-18:00"]),
    ("a span over midnight", "hours: {time_zone: UTC, open: {mon: »22:00-06:00}}\n", ["'22:00-06:00' ends before it begins; write the hours after midnight under the next day"]),
    ("a span past midnight", "hours: {time_zone: UTC, open: {mon: »22:00-25:00}}\n", ["'22:00-25:00' holds a time that no clock shows"]),
    ("overlapping spans", "hours: {time_zone: UTC, open: {mon-fri: 09:00-18:00, fri: »17:00-20:00}}\n", ["'17:00-20:00' overlaps another span on fri"]),
    ("a calendar without zone", "hours: {office: »{open: {mon: 09:00-18:00}}}\n", ["a calendar needs time_zone and open, or is just 24/7"]),
    ("a calendar that never opens", "hours: {office: »{time_zone: UTC, open: {mon: []}}}\n", ["this calendar never opens"]),
    ("public holidays", "hours: {time_zone: UTC, open: {mon: 09:00-18:00}, holidays: {»country: UA}}\n", ["`country` is not supported by this version yet"]),
    ("a date that is none", "hours: {time_zone: UTC, open: {mon: 09:00-18:00}, holidays: [»2026-13-01]}\n", ["'2026-13-01' is no date; write it like 2026-12-31"]),
    ("a duration without unit", "reply_within: »6\n", ["expected text, found the number 6; write it in quotes"]),
    ("a duration in words", "reply_within: »6 hours\n", ["'6 hours' is no duration; write it like 6h, 90m, 1h30m or 2d"]),
    ("seconds", "reply_within: »30s\n", ["'30s' is no duration; write it like 6h, 90m, 1h30m or 2d; minutes are the smallest unit"]),
    ("no time at all", "reply_within: »0h\n", ["a duration must be longer than zero"]),
    ("more than a year", "reply_within: »400d\n", ["'400d' is longer than a year"]),
    ("unknown hours of a target", "reply_within: {target: 6h, hours: »offise}\nhours: {office: 24/7}\npeople: {lead: a@x.example, team: a@x.example}\n", ["unknown hours 'offise'; did you mean 'office'?"]),
    ("which of two calendars", "hours: {day: 24/7, night: 24/7}\npeople: {team: a@x.example}\nreply_within: »6h\n", ["which hours count this time?; write {target: …, hours: …} with one of day, night"]),
    ("a share that is none", "people: {team: a@x.example}\nreply_within: {target: 6h, steps: [{at: »0.5, remind: team}]}\n", ["expected text, found the number 0.5; write it in quotes"]),
    ("steps out of order", "people: {team: a@x.example}\nreply_within: {target: 6h, steps: [{at: 75%, remind: team}, {at: »50%, tag: x}]}\n", ["the step at 50% comes after the one at 75%; sort the steps"]),
    ("two steps at one share", "people: {team: a@x.example}\nreply_within: {target: 6h, steps: [{at: 75%, remind: team}, {at: »75%, tag: x}]}\n", ["there is already a step at 75%; put both into one"]),
    ("a step that does nothing", "people: {team: a@x.example}\nreply_within: {target: 6h, steps: [»{at: 75%}]}\n", ["this step does nothing; give it tag, flag, remind or escalate"]),
    ("a tag that repeats", "people: {team: a@x.example}\nreply_within: {target: 6h, steps: [»{at: 75%, tag: x, repeat: 1h}]}\n", ["only remind and escalate repeat"]),
    ("repeating in days", "people: {team: a@x.example}\nreply_within: {target: 6h, steps: [{at: 75%, remind: team, repeat: »1d}]}\n", ["'1d' counts days; write hours or minutes here, like 2h"]),
    ("an unknown person", "people: {team: a@x.example}\nreply_within: {target: 6h, steps: [{at: 75%, remind: »taem}]}\n", ["unknown person 'taem'; did you mean 'team'?"]),
    ("a measured threshold", "classify: {»wrong_at_most: 5%}\n", ["`wrong_at_most` is not supported by this version yet"]),
    ("a threshold over one", "classify: {unsure_below: »65}\n", ["must be at most 1.0"]),
    ("a tag with a blank", "classify: {unsure_tag: »not sure}\n", ["'not sure' is no tag: write ASCII letters, digits and - _ . $ without blanks, up to 64"]),
    ("a tag in Cyrillic", "classify: {unsure_tag: »терміново}\n", ["'терміново' is no tag: write ASCII letters, digits and - _ . $ without blanks, up to 64"]),
    ("a system flag as tag", "classify: {unsure_tag: »\\Seen}\n", ["'\\Seen' is a system flag; a tag has no backslash (use flag: true for \\Flagged)"]),
    ("keywords", "categories: {refund: {»keywords: {en: [refund]}}}\n", ["unknown key 'keywords'; did you mean 'phrases'?"]),
    ("a category called unsure", "categories: {»unsure: X}\n", ["a category cannot be called 'unsure': that is mail without one"]),
    ("a folder with an empty part", "categories: {refund: »Support//Refunds}\n", ["'Support//Refunds' has an empty part; write it like Support/Refunds"]),
    ("a folder with a wildcard", "categories: {refund: »Support/*}\n".replace("Support/*", '"Support/*"'), ["'Support/*' holds a character that mail servers do not allow in folder names"]),
    ("a folder up the tree", "categories: {refund: »../Refunds}\n", ["'../Refunds' has an empty part; write it like Support/Refunds"]),
    ("the inbox as folder", "categories: {refund: »INBOX}\n", ["'INBOX' is the mail server's own folder; leave folder out to classify in place"]),
    ("a claim folder", "categories: {refund: »Support/@Olha}\n", ["'Support/@Olha' is a folder of claims (Support/@*); choose another name"]),
    ("the folder of done mail", "folders: {done: Support/Done}\ncategories: {refund: »support/done}\n", ["'support/done' is already done (line 3)"]),
    ("a language that is none", "categories: {refund: {phrases: {»English: [refund]}}}\n".replace("»English: [refund]", "en: »{a: b}"), ["expected a list, found a block of keys"]),
    ("a sender without @", "senders: {vip: [»partner.example]}\n", ["'partner.example' is no address and matches none; did you mean '*@partner.example'?"]),
    ("an absent list", "senders: {vip: {from: {file: »lists/vip.txt}}}\n", ["cannot read this list: no such file or directory"]),
    ("a list outside", "senders: {vip: {from: {file: »../vip.txt}}}\n", ["a list must lie beside workflows.yaml or below it"]),
    ("a list by absolute path", "senders: {vip: {from: {file: »/etc/passwd}}}\n", ["a list must lie beside workflows.yaml or below it"]),
    ("nobody in senders", "senders: {vip: {from: »{}}}\n", ["this list of senders is empty; name addresses or a file"]),
    ("no from", "senders: {»vip: {folder: X}}\n", ["the key 'from' is missing; write from: [name@customer.example]"]),
    ("a workflow without name", "workflows:\n  - »{when: {automatic: true}, do: {leave: true}}\n", ["the key 'name' is missing; each workflow has a name of its own"]),
    ("a workflow without when", "workflows:\n  - »{name: a, do: {leave: true}}\n", ["the key 'when' is missing; write when: {} for every mail"]),
    ("a workflow that does nothing", "workflows:\n  - »{name: a, when: {}}\n", ["this workflow does nothing; give it do or reply_within"]),
    ("two workflows of a name", "workflows:\n  - {name: a, when: {list: true}, do: {flag: true}}\n  - {name: »a, when: {reply: true}, do: {flag: true}}\n", ["a workflow called 'a' is already on line 4"]),
    ("stop beside do", "workflows:\n  - {name: a, when: {}, do: {leave: true}, »stop: true}\n", ["unknown key 'stop'; it belongs into `do`"]),
    ("reply_within in do", "workflows:\n  - {name: a, when: {}, do: {leave: true, »reply_within: 2h}}\n", ["unknown key 'reply_within'; it stands beside `do`, not in it"]),
    ("leave and folder", "workflows:\n  - {name: a, when: {}, do: »{leave: true, folder: X}}\n", ["leave and folder contradict each other"]),
    ("flag: false", "workflows:\n  - {name: a, when: {}, do: {leave: true, flag: »false}}\n", ["expected true, found the boolean false; leave the key out to say no"]),
    ("forwarding", "workflows:\n  - {name: a, when: {}, do: {»forward: lead}}\n", ["`forward` is not supported by this version yet"]),
    ("a state condition", "workflows:\n  - {name: a, when: {»answered: true}, do: {flag: true}}\n", ["`answered` is not supported by this version yet"]),
    ("update_within", "workflows:\n  - {name: a, when: {}, do: {flag: true}, »update_within: 2d}\n", ["`update_within` is not supported by this version yet"]),
    ("an unknown category", "categories: {refund: R, cancel: C}\nworkflows:\n  - {name: a, when: {category: »refnd}, do: {flag: true}}\n", ["unknown category 'refnd'; did you mean 'refund'?"]),
    ("an unknown category in a list, deep inside", "categories: {refund: R, cancel: C}\nworkflows:\n  - {name: a, when: {any: [{not: {category: [refund, »canzel]}}]}, do: {flag: true}}\n", ["unknown category 'canzel'; did you mean 'cancel'?"]),
    ("an unknown sender", "senders: {vip: [a@x.example]}\nworkflows:\n  - {name: a, when: {sender: »vlp}, do: {flag: true}}\n", ["unknown sender 'vlp'; did you mean 'vip'?"]),
    ("an unknown mailbox", "workflows:\n  - {name: a, when: {mailbox: »suport}, do: {flag: true}}\n", ["unknown mailbox 'suport'; did you mean 'support'?"]),
    ("a Perl expression", "workflows:\n  - {name: a, when: {subject: {regex: »'(?<=a)b'}}, do: {flag: true}}\n", ["'(?<=a)b' is no RE2 expression: invalid perl operator: (?<="]),
    ("a number as bound", "workflows:\n  - {name: a, when: {confidence: »0.8}, do: {flag: true}}\n", ["expected a block of keys, found the number 0.8"]),
    ("bounds that exclude all", "workflows:\n  - {name: a, when: {messages: »{at_least: 3, at_most: 2}}, do: {flag: true}}\n", ["at_least is greater than at_most; no number fits"]),
    ("a reply id that is none", "workflows:\n  - {name: a, when: {}, do: {draft: »refund}}\n", ["'refund' is no reply; write best, or an id like refund/first"]),
    ("HTML drafts", "drafts: {format: »html}\n", ["`html` is not supported by this version yet"]),
    ("an unknown mark", "drafts: {mark: »$label6}\n", ["expected $label1 to $label5, flagged, keyword or none, found the text '$label6'"]),
    ("claims without place for a name", "folders: {claims: »Support/Mine}\n", ["'Support/Mine' must end in one *, after something that other folders lack, like Support/@*"]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "sentences"), [e[1:] for e in ERRORS], ids=[e[0] for e in ERRORS])
def test_each_mistake_is_found_where_it_was_made(text: str, sentences: list[str], tmp_path: Path) -> None:
    """The problem stands at the marked character, says what is wrong, and no configuration comes of the file."""
    clean, places = marked_places(HEAD + text)
    result = loaded(tmp_path, clean, head="")
    errors = result.errors
    assert [(p.line, p.column) for p in errors] == places, findings(result)
    assert [p.sentence for p in errors] == sentences
    assert result.configuration is None


MAILBOXES: list[tuple[str, str, str]] = [
    ("no login", "{»a: {address: a@x.example}}", "the key 'login' is missing; write login: {password: {env: SUPPORT_PASSWORD}}"),
    ("a password in the file", "{a: {address: a@x.example, login: {password: »hunter2}}}", "a password does not stand in this file; write {env: NAME} or {file: PATH}"),
    ("a password from two places", "{a: {address: a@x.example, login: {password: »{env: A, file: b}}}}", "a password needs exactly one of env, file and keyring, like {env: SUPPORT_PASSWORD}"),
    ("OAuth without a program", "{a: {address: a@x.example, login: »{oauth: google}}}", "oauth needs client: {file: PATH}, the program that is registered with the provider"),
    ("an issuer nobody knows", "{a: {address: a@x.example, login: {oauth: »goggle, client: {file: c}}}}", "expected google or microsoft, found the text 'goggle'; did you mean 'google'?"),
    ("OAuth and a password", "{a: {address: a@x.example, login: »{oauth: google, client: {file: c}, password: {env: A}}}}", "a login has a password or oauth, not both"),
    ("no way to log in", "{a: {address: a@x.example, login: »{user: b}}}", "a login needs a password, like password: {env: SUPPORT_PASSWORD}, or oauth"),
    ("a token beside a password", "{a: {address: a@x.example, login: »{password: {env: A}, token: {file: t}}}}", "token: only with oauth: google or oauth: microsoft"),
    ("a shared mailbox at Google", "{a: {address: a@x.example, login: »{oauth: google, as: b@x.example, client: {file: c}}}}", "as: is for shared mailboxes of Microsoft 365; Google gives each mailbox its own token"),
    ("a token in the file", "{a: {address: a@x.example, login: {oauth: google, client: {file: c}, token: »1//abc}}}", "a token does not stand in this file; write {file: PATH}"),
    ("an unknown mode", "{a: {address: a@x.example, mode: »wacth, login: {password: {env: A}}}}", "expected watch, suggest or file, found the text 'wacth'; did you mean 'watch'?"),
    ("a port that is none", "{a: {address: a@x.example, imap: {host: h, port: »99999}, login: {password: {env: A}}}}", "must be at most 65535"),
    ("no TLS to another machine", "{a: {address: a@x.example, imap: {host: h.example, tls: »none}, login: {password: {env: A}}}}", "tls: none is accepted for this machine only (localhost); use implicit or starttls"),
    ("a host with a line break", '{a: {address: a@x.example, imap: »"h\\r\\nx", login: {password: {env: A}}}}', "expected a host name, found the text 'h\ufffd\ufffdx'"),
    ("a user beside the login", "{a: {address: a@x.example, »user: b, login: {password: {env: A}}}}", "unknown key 'user'; it belongs into `login`"),
    ("a language by name", "{a: {address: a@x.example, languages: [»english], login: {password: {env: A}}}}", "expected a language code like en or uk, found the text 'english'"),
    ("a mailbox that is a list", "{a: »[a@x.example]}", "expected a block of keys, found a list"),
    ("no mailbox", "»{}", "'mailboxes' must not be empty"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "sentence"), [m[1:] for m in MAILBOXES], ids=[m[0] for m in MAILBOXES])
def test_each_mistake_in_a_mailbox_is_found(text: str, sentence: str, tmp_path: Path) -> None:
    """A mailbox that cannot be served is an error at the marked character."""
    clean, places = marked_places(f"version: 1\nmailboxes: {text}\n")
    result = loaded(tmp_path, clean, head="")
    assert [((p.line, p.column), p.sentence) for p in result.errors] == [(places[0], sentence)]


WARNINGS: list[tuple[str, str, str]] = [
    ("nobody to tell", "reply_within: »6h\n", "nobody is told when this time runs out; name team and lead under people"),
    ("no people at all", "workflows:\n  - {name: a, when: {}, do: {remind: »lead}}\n", "nobody is told: there are no people; name them under people"),
    ("one folder, two categories", "categories: {refund: Support/Money, billing: »Support/Money}\n", "'Support/Money' is also the folder of refund (line 3); what people move there cannot teach which one it is"),
    ("a looser target", "people: {team: t@x.example}\nreply_within: 4h\ncategories: {refund: {reply_within: »6h}}\n", "this time is longer than the top level's reply_within, so it has no effect"),
    ("a workflow below a stop for all", "workflows:\n  - {name: a, when: {}, do: {leave: true, stop: true}}\n  - »{name: b, when: {list: true}, do: {flag: true}}\n", "this workflow never runs: 'a' above it stops for the same mail"),
    ("a workflow below a stop for more", "categories: {faq: F, refund: R}\nworkflows:\n  - {name: a, when: {category: [faq, refund]}, do: {stop: true}}\n  - »{name: b, when: {reply: true, category: faq}, do: {flag: true}}\n", "this workflow never runs: 'a' above it stops for the same mail"),
    ("or with negations", "workflows:\n  - {name: a, when: {any: »[{not: {subject: x}}, {not: {subject: y}}]}, do: {flag: true}}\n", "a mail fits this as soon as one of the negations holds, so nearly every mail does; did you mean not: [first, second]?"),
    ("or with its own negation", "workflows:\n  - {name: a, when: {any: »[{subject: x}, {not: {subject: x}}]}, do: {flag: true}}\n", "a mail fits this as soon as one of the negations holds, so nearly every mail does; did you mean not: [first, second]?"),
    ("a known category that is not used", "workflows:\n  - {name: a, when: {category: »complaint}, do: {flag: true}}\n", "no mail is ever 'complaint': it is not one of this file's categories; name it under categories"),
    ("a language that is not detected", "categories: {x: {folder: X, phrases: {»de: [Rechnung]}}}\n", "phrases in 'de' match only as they are written"),
    ("drafts switched off", "drafts: {at_most_open: 0}\nworkflows:\n  - {name: a, when: {}, do: {draft: »best}}\n", "no draft is placed: drafts.at_most_open is 0"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "sentence"), [w[1:] for w in WARNINGS], ids=[w[0] for w in WARNINGS])
def test_what_is_valid_but_odd_is_a_warning(text: str, sentence: str, tmp_path: Path) -> None:
    """A warning stands at the marked character, and the file is used."""
    clean, places = marked_places(HEAD + text)
    result = loaded(tmp_path, clean, head="")
    assert [((p.line, p.column), p.sentence, p.level) for p in result.problems] == [
        (places[0], sentence, Level.WARNING)
    ]
    assert result.configuration is not None


def test_all_problems_come_at_once(tmp_path: Path) -> None:
    """Syntax oddities, shapes, unknown names and contradictions of one file are reported together, in file order."""
    text = """\
    people: {team: nobody, team: x@x.example}
    hours: {time_zone: Europe/Kyiv, open: {mon: 18:00-09:00}}
    reply_within: {target: 6h, steps: [{at: 90%, remind: tema}, {at: 80%, tag: a b}]}
    categories: {refund: Support/Refunds}
    workflows:
      - {name: a, when: {category: refnd, answered: true}, do: {draft: refund/frist}}
    reports: {}
    """
    result = loaded(tmp_path, text, reply_ids=("refund/first",))
    assert findings(result) == [
        "3:16 'nobody' is no mail address",
        "3:24 the key 'team' is here twice (first on line 3)",
        "4:45 '18:00-09:00' ends before it begins; write the hours after midnight under the next day",
        "5:54 unknown person 'tema'; did you mean 'team'?",
        "5:66 the step at 80% comes after the one at 90%; sort the steps",
        "5:76 'a b' is no tag: write ASCII letters, digits and - _ . $ without blanks, up to 64",
        "8:32 unknown category 'refnd'; did you mean 'refund'?",
        "8:39 `answered` is not supported by this version yet",
        "8:68 unknown reply 'refund/frist'; did you mean 'refund/first'?",
        "9:1 `reports` is not supported by this version yet",
    ]


def test_replies_are_checked_only_when_they_are_known(tmp_path: Path) -> None:
    """Without the ids of the saved replies, no reply is called unknown."""
    text = "workflows:\n  - {name: a, when: {}, do: {draft: refund/frist}}\n"
    assert findings(loaded(tmp_path, text)) == []


def test_a_broken_list_is_located_in_the_list(tmp_path: Path) -> None:
    """A bad pattern is reported with the list's own file name, line and column."""
    (tmp_path / "lists").mkdir()
    (tmp_path / "lists" / "vip.txt").write_text("ceo@big.example\n\n  partner.example # ours\n", encoding="utf-8")
    result = loaded(tmp_path, "senders: {vip: {from: {file: lists/vip.txt}}}\n")
    assert [p.headline for p in result.problems] == [
        "lists/vip.txt:3:3: 'partner.example' is no address and matches none; did you mean '*@partner.example'?"
    ]


def test_a_list_behind_a_symbolic_link_is_refused(tmp_path: Path) -> None:
    """A link could lead to any file of the machine, so neither the list nor its directory may be one."""
    (tmp_path / "real").mkdir()
    (tmp_path / "real" / "vip.txt").write_text("a@x.example\n", encoding="utf-8")
    (tmp_path / "lists").symlink_to(tmp_path / "real")
    result = loaded(tmp_path, "senders: {vip: {from: {file: lists/vip.txt}}}\n")
    assert findings(result) == ["3:30 a list must not be reached by a symbolic link"]


def test_a_password_never_appears_in_what_is_said_about_it(tmp_path: Path) -> None:
    """Not in the sentence and not in the source line, even when it stands on a line of its own."""
    text = "version: 1\nmailboxes:\n  a:\n    address: a@x.example\n    login:\n      password:\n        hunter2\n"
    result = loaded(tmp_path, text, head="")
    assert findings(result) == ["7:9 a password does not stand in this file; write {env: NAME} or {file: PATH}"]
    assert "hunter2" not in render_all(result.problems)


def test_a_missing_file_is_a_problem(tmp_path: Path) -> None:
    """A file that is not there is reported like any other mistake."""
    result = load(tmp_path / "workflows.yaml")
    assert result.configuration is None
    assert [p.message for p in result.problems] == ["cannot read this file: no such file or directory"]
