"""Validated models → the values that the rest of the program uses."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from types import MappingProxyType

from router import values
from router.config import schema, settings, words
from router.config.longform import ALWAYS_NAME
from router.decide import rules

_ALWAYS = rules.Hours(name=ALWAYS_NAME, always=True)

Phrases = Mapping[str, tuple[str, ...]]


def mailboxes(file: schema.WorkflowsFile, root: Path) -> tuple[values.Mailbox, ...]:
    """The mailboxes; relative paths are below `root`, the directory of workflows.yaml."""
    return tuple(_mailbox(name, part, root) for name, part in file.mailboxes.items())


def _mailbox(name: str, part: schema.MailboxPart, root: Path) -> values.Mailbox:
    return values.Mailbox(
        name=name,
        address=part.address,
        login=_login(part.login, root),
        imap=_server(part.imap, root),
        smtp=_server(part.smtp, root),
        mode=values.Mode(part.mode),
        languages=tuple(dict.fromkeys(part.languages)),
        authserv_ids=_authserv_ids(part.trust),
        backfill=values.Backfill(part.backfill),
        idle=part.watch == "idle",
    )


def _login(part: schema.LoginPart, root: Path) -> values.Login:
    oauth = None
    if part.oauth and part.client:
        oauth = values.OAuth(
            issuer=values.Issuer(part.oauth),
            client=_secret(part.client, root),
            account=part.as_ or part.user,
            token=_secret(part.token, root) if part.token else None,
        )
    password = _secret(part.password, root) if part.password else values.Secret()
    return values.Login(user=part.user, password=password, oauth=oauth)


def _secret(part: schema.SecretPart | schema.TokenPart, root: Path) -> values.Secret:
    env = part.env if isinstance(part, schema.SecretPart) else None
    keyring = part.keyring if isinstance(part, schema.PasswordPart) else None
    # Where systemd puts credentials is known only while it runs us: `read_secret` says it then.
    written = Path(part.file) if part.file else None
    file = written if written and str(written).startswith(settings.CREDENTIALS) else written and root / written
    return values.Secret(env=env, file=file, keyring=keyring)


def _server(part: schema.ServerPart | None, root: Path) -> values.Server | None:
    if part is None:
        return None
    ca_file = root / part.ca_file if part.ca_file else None
    return values.Server(host=part.host, port=part.port, tls=values.Tls(part.tls), ca_file=ca_file)


def _authserv_ids(part: schema.TrustPart | None) -> tuple[str, ...]:
    """Names as written, in lower case; `google` and `microsoft` are understood by who reads the headers."""
    return tuple(dict.fromkeys(name.lower() for name in part.authserv_id)) if part else ()


# ------------------------------------------------------------------ hours and targets


def hours(file: schema.WorkflowsFile) -> dict[str, rules.Hours]:
    """Calendars by name; `always` is there in any case."""
    return {ALWAYS_NAME: _ALWAYS} | {name: _calendar(name, part) for name, part in file.hours.items()}


def _calendar(name: str, part: schema.HoursPart) -> rules.Hours:
    if part.always:
        return rules.Hours(name=name, always=True)
    spans: list[list[tuple[int, int]]] = [[] for _ in words.DAYS]
    for days, listed in (part.open or {}).items():
        for day in words.parse_days(days):
            spans[day] += listed
    return rules.Hours(
        name=name,
        time_zone=part.time_zone or "UTC",
        spans=tuple(_joined(day) for day in spans),
        holidays=frozenset(part.holidays.also),
    )


def _joined(spans: list[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """Sorted spans; 09:00-12:00 and 12:00-18:00 are one."""
    joined: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if joined and joined[-1][1] == start:
            start = joined.pop()[0]
        joined.append((start, end))
    return tuple(joined)


# ------------------------------------------------------------------ rules


class RulesBuilder:
    """Builds the rules of one file, with its calendars, its sender lists and the phrases we ship."""

    def __init__(
        self,
        file: schema.WorkflowsFile,
        lists: Mapping[str, tuple[str, ...]],
        shipped: Mapping[str, tuple[Phrases, Phrases]],
    ) -> None:
        self._file = file
        self._lists = lists
        self._shipped = shipped
        self._hours = hours(file)
        self._languages = {code for mailbox in file.mailboxes.values() for code in mailbox.languages}

    def built(self) -> rules.Rules:
        """Everything that `decide` needs."""
        file = self._file
        return rules.Rules(
            categories=tuple(self._category(name, part) for name, part in file.categories.items()),
            senders=tuple(self._senders(name, part) for name, part in file.senders.items()),
            workflows=tuple(self._workflow(index, part) for index, part in enumerate(file.workflows)),
            people=tuple(self._person(name, part) for name, part in file.people.items()),
            reply_within=self._target("reply_within", file.reply_within),
            folders=rules.Folders(**file.folders.model_dump()),
            unsure_below=file.classify.unsure_below,
            unsure_tag=file.classify.unsure_tag,
            learn_from_moves=file.classify.learn_from.moves,
            drafts_at_most_open=file.drafts.at_most_open,
            drafts_mark=file.drafts.mark,
        )

    def _person(self, name: str, part: schema.PersonPart) -> rules.Person:
        calendar = self._hours[part.hours] if part.hours else None
        return rules.Person(name=name, emails=tuple(part.email), language=part.language, hours=calendar)

    def _target(self, name: str, part: schema.TargetPart | None) -> rules.Target | None:
        if part is None:
            return None
        return rules.Target(
            name=name,
            within=part.target.within,
            days=part.target.days,
            hours=self._hours[part.hours or ALWAYS_NAME],
            steps=tuple(step for one in part.steps if (step := self._step(one))),
        )

    def _step(self, part: schema.StepPart) -> rules.Step | None:
        """A step; without people it tells nobody, and None is left of one that did nothing else."""
        told = bool(self._file.people)
        if not told and not (part.tag or part.flag):
            return None
        return rules.Step(
            at=part.at,
            tag=part.tag,
            flag=bool(part.flag),
            remind=part.remind if told else None,
            escalate=part.escalate if told else None,
            repeat=part.repeat if told else None,
            at_most=part.at_most if told else None,
        )

    def _category(self, name: str, part: schema.CategoryPart) -> rules.Category:
        ours, ours_not = self._shipped.get(name, ({}, {}))
        return rules.Category(
            name=name,
            folder=part.folder,
            phrases=_merged(_by_script(part.phrases, self._languages), ours),
            not_phrases=_merged(_by_script(part.not_phrases, self._languages), ours_not),
            about=part.about,
            reply_within=self._target(f"categories.{name}", part.reply_within),
        )

    def _senders(self, name: str, part: schema.SendersPart) -> rules.Senders:
        listed = self._lists.get(part.from_.file, ()) if part.from_.file else ()
        return rules.Senders(
            name=name,
            patterns=tuple(dict.fromkeys((*listed, *part.from_.also))),
            folder=part.folder,
            flag=part.flag,
            tag=part.tag,
            reply_within=self._target(f"senders.{name}", part.reply_within),
        )

    def _workflow(self, index: int, part: schema.WorkflowPart) -> rules.Workflow:
        path = f"workflows[{index}]"
        return rules.Workflow(
            name=part.name,
            when=condition(part.when, f"{path}.when"),
            actions=tuple(actions(part.do, told=bool(self._file.people))),
            reply_within=self._target(path, part.reply_within),
            stop=bool(part.do.stop),
            path=path,
        )


def _by_script(phrases: Mapping[str, list[str]], languages: Collection[str]) -> dict[str, list[str]]:
    """Phrases of no stated language under each of these languages that is written in their script."""
    spread = {code: list(listed) for code, listed in phrases.items() if code != "und"}
    for phrase in phrases.get("und", ()):
        fitting = [code for code in (("en",) if phrase.isascii() else ("uk", "ru", "sr", "mn")) if code in languages]
        for code in fitting or ["und"]:
            spread.setdefault(code, []).append(phrase)
    return spread


def _merged(own: Mapping[str, list[str]], shipped: Phrases) -> Phrases:
    """The admin's phrases first, then ours; each once."""
    languages = dict.fromkeys((*own, *shipped))
    merged = {code: tuple(dict.fromkeys((*own.get(code, ()), *shipped.get(code, ())))) for code in languages}
    return MappingProxyType(merged)


def actions(part: schema.DoPart, *, told: bool) -> Iterator[rules.Action]:
    """What a `do` asks for, in a fixed order; reminders only when there are people (`told`)."""
    if part.leave:
        yield rules.Leave()
    if part.folder:
        yield rules.FileInto(folder=part.folder)
    yield from (rules.AddTag(tag=tag) for tag in part.tag)
    yield from (rules.RemoveTag(tag=tag) for tag in part.untag)
    if part.flag:
        yield rules.SetFlag()
    if part.draft:
        yield rules.PlaceDraft(reply=part.draft)
    if told:
        yield from (rules.Remind(person=name) for name in part.remind)
        yield from (rules.Remind(person=name, kind="escalate") for name in part.escalate)


# ------------------------------------------------------------------ conditions


def condition(part: schema.ConditionPart, path: str) -> rules.Condition:
    """One condition: all of its keys must hold."""
    parts = (*_facts(part, path), *_searches(part, path), *_nested(part, path))
    return parts[0] if len(parts) == 1 else rules.AllOf(parts=parts, path=path)


def _any(parts: list[rules.Condition], path: str) -> rules.Condition:
    return parts[0] if len(parts) == 1 else rules.AnyOf(parts=tuple(parts), path=path)


def _facts(part: schema.ConditionPart, path: str) -> Iterator[rules.Condition]:
    """Values that are one of a list, yes or no, or between bounds."""
    lists = {k: getattr(part, k) for k in ("category", "language", "script", "sender", "mailbox")}
    yield from (rules.OneOf(key=k, values=tuple(v), path=f"{path}.{k}") for k, v in lists.items() if v is not None)
    truths = {"list": part.list_, "automatic": part.automatic, "reply": part.reply}
    yield from (rules.IsTrue(key=k, value=v, path=f"{path}.{k}") for k, v in truths.items() if v is not None)
    numbers = {"confidence": part.confidence, "messages": part.messages}
    for key, bounds in numbers.items():
        if bounds is not None:
            yield rules.Between(key=key, at_least=bounds.at_least, at_most=bounds.at_most, path=f"{path}.{key}")


def _searches(part: schema.ConditionPart, path: str) -> Iterator[rules.Condition]:
    """What is looked for in addresses, texts, headers and attachments."""
    addresses = {"from": part.from_, "to": part.to, "cc": part.cc, "delivered_to": part.delivered_to}
    for key, globs in addresses.items():
        if globs is not None:
            here = f"{path}.{key}"
            yield _any([rules.AddressIs(key=key, pattern=glob, path=here) for glob in globs], here)
    for key, tests in {"subject": part.subject, "text": part.text}.items():
        if tests is not None:
            here = f"{path}.{key}"
            yield _any([_text(key, test, here) for test in tests], here)
    for name, headers in (part.header or {}).items():
        here = f"{path}.header.{name}"
        yield _any([rules.HeaderHas(name=name, value=test.contains or "", path=here) for test in headers], here)
    if part.attachment is not None:
        here = f"{path}.attachment"
        files = [rules.AttachmentIs(name=a.name, content_type=a.type, path=here) for a in part.attachment]
        yield _any([*files], here)


def _text(key: str, test: schema.TextPart, path: str) -> rules.TextHas:
    kinds = {"contains": test.contains, "word": test.word, "regex": test.regex}
    kind, value = next((kind, value) for kind, value in kinds.items() if value is not None)
    return rules.TextHas(key=key, kind=kind, value=value, path=path)


def _nested(part: schema.ConditionPart, path: str) -> Iterator[rules.Condition]:
    if part.all_ is not None:
        yield rules.AllOf(parts=tuple(_each(part.all_, f"{path}.all")), path=f"{path}.all")
    if part.any_ is not None:
        yield rules.AnyOf(parts=tuple(_each(part.any_, f"{path}.any")), path=f"{path}.any")
    if part.not_ is not None:
        here = f"{path}.not"
        yield from (rules.Not(part=one, path=here) for one in _each(part.not_, here))


def _each(parts: list[schema.ConditionPart], path: str) -> Iterator[rules.Condition]:
    yield from (condition(one, f"{path}[{index}]") for index, one in enumerate(parts))
