"""The long form of workflows.yaml, version 1, as Pydantic models: every key, what it means, what it may hold.

`longform.py` turns short forms into this one before these models see them, so a field has one shape here. `Short`
notes the short shape for the JSON Schema that editors use.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Annotated, Any, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetJsonSchemaHandler,
    WithJsonSchema,
    model_validator,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticCustomError

from router.config import words


class Short:
    """Says in the JSON Schema which short forms an admin may write instead."""

    def __init__(self, *forms: dict[str, Any]) -> None:
        self.forms = forms

    def __get_pydantic_json_schema__(self, core: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return {"anyOf": [*self.forms, handler(core)]}


class OneOrMore:
    """Says in the JSON Schema that one item may stand without its list, or one of these short forms."""

    def __init__(self, *forms: dict[str, Any]) -> None:
        self.forms = forms

    def __get_pydantic_json_schema__(self, core: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        several = handler(core)
        return {"anyOf": [*self.forms, several["items"], several]}


TEXT: dict[str, Any] = {"type": "string"}
TEXTS: dict[str, Any] = {"type": "array", "items": TEXT}
NOTHING: dict[str, Any] = {"type": "null"}
UNQUOTED: dict[str, Any] = {"type": ["number", "boolean"]}  # 404 and true, where text is meant and kept as written


def _parsed(parse: Callable[[str], Any]) -> BeforeValidator:
    """Validates text with one of `words.parse_…` and keeps what it returns."""

    def validate(value: object) -> Any:
        if not isinstance(value, str):
            raise PydanticCustomError("string_type", "expected text")
        return parse(value)

    return BeforeValidator(validate)


def _schema(pattern: str, *examples: str) -> WithJsonSchema:
    return WithJsonSchema({"type": "string", "pattern": pattern, "examples": list(examples)})


_DURATION = r"^([0-9]+d|([0-9]+h)?([0-9]+m)?)$"

Name = Annotated[str, _parsed(words.parse_name)]
Address = Annotated[str, _parsed(words.parse_address)]
Glob = Annotated[str, _parsed(words.parse_glob), WithJsonSchema({**TEXT, "examples": ["*@partner.example"]})]
Folder = Annotated[str, _parsed(words.parse_folder), WithJsonSchema({**TEXT, "examples": ["Support/Refunds"]})]
Claims = Annotated[str, _parsed(words.parse_claims), _schema(r"^[^*]+[^*/]\*$", "Support/@*")]
Tag = Annotated[str, _parsed(words.parse_tag), _schema(r"^[!-~]{1,64}$", "due-soon", "$label1")]
Regex = Annotated[str, _parsed(words.parse_regex)]
ReplyId = Annotated[str, _parsed(words.parse_reply), WithJsonSchema({**TEXT, "examples": ["best", "refund/first"]})]
Language = Annotated[str, Field(pattern=r"^[a-z]{2,3}$", examples=list(words.KNOWN_LANGUAGES))]
Length = Annotated[words.Duration, _parsed(words.parse_duration), _schema(_DURATION, "6h", "90m", "2d")]
OpenTime = Annotated[timedelta, _parsed(words.parse_open_time), _schema(r"^([0-9]+h)?([0-9]+m)?$", "2h", "30m")]
Share = Annotated[float, _parsed(words.parse_share), _schema(r"^[0-9]+(\.[0-9]+)?\s?%$", "50%", "75%", "100%")]
Span = Annotated[
    tuple[int, int], _parsed(words.parse_span), _schema(r"^\d{1,2}:\d\d\s?[-–]\s?\d{1,2}:\d\d$", "09:00-18:00")
]
Days = Annotated[str, AfterValidator(lambda text: words.parse_days(text) and text)]
Day = Annotated[date, _parsed(words.parse_date), _schema(r"^\d{4}-\d\d-\d\d$", "2026-12-31")]
TimeZone = Annotated[str, _parsed(words.parse_time_zone), WithJsonSchema({**TEXT, "examples": ["Europe/Kyiv"]})]
Unit = Annotated[float, Field(ge=0, le=1)]
Yes = Literal[True]
Texts = Annotated[list[Annotated[str, Field(min_length=1), Short(UNQUOTED)]], Field(min_length=1), OneOrMore()]
Names = Annotated[list[str], Field(min_length=1), OneOrMore()]
Globs = Annotated[list[Glob], Field(min_length=1), OneOrMore()]


class Part(BaseModel):
    """A block of keys: unknown ones are errors, values are not bent to fit."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, defer_build=True)


# ------------------------------------------------------------------ mailboxes


class SecretPart(Part):
    """Where a secret is. It never stands in this file."""

    env: str | None = Field(default=None, description="Name of the environment variable that holds it.", min_length=1)
    file: str | None = Field(
        default=None,
        description="File that holds it, relative to this file; may begin with $CREDENTIALS_DIRECTORY/ (systemd).",
        min_length=1,
    )

    @model_validator(mode="after")
    def _exactly_one(self) -> Self:
        if (self.env is None) == (self.file is None):
            raise ValueError("a secret needs exactly one of env and file, like {env: SUPPORT_PASSWORD}")
        return self


class PasswordPart(SecretPart):
    """Where a password is. It never stands in this file."""

    keyring: str | None = Field(
        default=None, description="Service under which this desktop's keyring holds it.", min_length=1
    )

    @model_validator(mode="after")
    def _exactly_one(self) -> Self:
        if sum(place is not None for place in (self.env, self.file, self.keyring)) != 1:
            raise ValueError("a password needs exactly one of env, file and keyring, like {env: SUPPORT_PASSWORD}")
        return self


class TokenPart(Part):
    """The file that `inbox-router login` writes: a variable could not be written."""

    file: str = Field(description="Path, relative to this file; may begin with $CREDENTIALS_DIRECTORY/.", min_length=1)


class LoginPart(Part):
    """A password, or OAuth 2 where the provider wants it."""

    user: str = Field(description="Login name. Short form: the mailbox's address.", min_length=1)
    password: PasswordPart | None = Field(
        default=None, description="The password or app password: {env: NAME}, {file: PATH} or {keyring: SERVICE}."
    )
    oauth: Literal["google", "microsoft"] | None = Field(default=None, description="Who hands out access tokens.")
    as_: Address | None = Field(
        default=None,
        alias="as",
        description="The account that agrees and may open this shared mailbox (Microsoft 365). Default: user.",
    )
    client: SecretPart | None = Field(
        default=None, description="The registered program, as JSON: Google's client or service account, or Microsoft's."
    )
    token: TokenPart | None = Field(
        default=None, description="What `inbox-router login` got; left out, it is kept in the state directory."
    )

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if self.oauth is None and self.password is None:
            raise ValueError("a login needs a password, like password: {env: SUPPORT_PASSWORD}, or oauth")
        if self.oauth is not None and self.password is not None:
            raise ValueError("a login has a password or oauth, not both")
        return self

    @model_validator(mode="after")
    def _oauth_whole(self) -> Self:
        beside = {"as": self.as_, "client": self.client, "token": self.token}
        if self.oauth is None and any(beside.values()):
            named = ", ".join(name for name, value in beside.items() if value)
            raise ValueError(f"{named}: only with oauth: google or oauth: microsoft")
        if self.oauth is not None and self.client is None:
            raise ValueError("oauth needs client: {file: PATH}, the program that is registered with the provider")
        if self.oauth == "google" and self.as_ is not None:
            raise ValueError("as: is for shared mailboxes of Microsoft 365; Google gives each mailbox its own token")
        return self


class ServerPart(Part):
    host: str = Field(description="Host name.", pattern=r"^[A-Za-z0-9.:_-]+$")
    port: int = Field(description="Port; the usual one for the protocol and tls when left out.", ge=1, le=65535)
    tls: Literal["implicit", "starttls", "none"] = Field(description="none is accepted for this machine only.")
    ca_file: str | None = Field(
        default=None, description="Certificate authority to trust instead of the system's (PEM)."
    )


class TrustPart(Part):
    authserv_id: Names = Field(
        alias="authserv-id",
        description="Whose Authentication-Results headers we believe (RFC 8601), or google or microsoft.",
    )


Server = Annotated[ServerPart, Short(TEXT)]


class MailboxPart(Part):
    """One support account."""

    address: Address = Field(description="The address customers write to.")
    login: LoginPart = Field(description="Who logs in.")
    imap: Server | None = Field(default=None, description="IMAP server; discovered when left out.")
    smtp: Server | None = Field(default=None, description="SMTP server for reminders; without it they go to the inbox.")
    mode: Literal["watch", "suggest", "file"] = Field(
        default="file", description="watch: only look. suggest: also drafts, tags and reminders. file: also move mail."
    )
    languages: Annotated[list[Language], Field(min_length=1)] = Field(
        default=list(words.KNOWN_LANGUAGES), description="Languages of this mailbox, the usual one first."
    )
    trust: Annotated[TrustPart, Short(TEXT, TEXTS)] | None = Field(
        default=None, description="Whose word counts about who really sent a mail."
    )
    backfill: Literal["all", "30d", "none"] = Field(
        default="30d", description="Which mail from before the first run is filed."
    )
    watch: Literal["idle", "poll"] = Field(
        default="idle", description="idle: the server tells us at once. poll: we ask."
    )


# ------------------------------------------------------------------ people, hours, targets


class PersonPart(Part):
    """Somebody who is reminded: one person or a group."""

    email: Annotated[list[Address], Field(min_length=1), OneOrMore()] = Field(description="Addresses.")
    language: Language = Field(default="en", description="Language of what we send.")
    hours: str | None = Field(default=None, description="Calendar: reminders wait for its next opening.")


class HolidaysPart(Part):
    also: list[Day] = Field(default=[], description="Dates that are closed, like 2026-12-31.")


class HoursPart(Part):
    """A calendar of opening times."""

    always: Yes | None = Field(
        default=None, description="Open around the clock, like 24/7; then no other key is needed."
    )
    time_zone: TimeZone | None = Field(default=None, description="Time zone of the opening times, like Europe/Kyiv.")
    open: dict[Days, Annotated[list[Span], OneOrMore()]] | None = Field(
        default=None, description="Opening times by day: {mon-fri: 09:00-18:00, sat: [10:00-12:00, 13:00-14:00]}."
    )
    holidays: Annotated[HolidaysPart, Short(TEXTS)] = Field(default=HolidaysPart(also=[]), description="Closed dates.")

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if self.always and (self.open or self.time_zone or self.holidays.also):
            raise ValueError("a calendar that is always open has no time_zone, open or holidays")
        if not self.always and (self.open is None or self.time_zone is None):
            raise ValueError("a calendar needs time_zone and open, or is just 24/7")
        if not self.always and not any(self.open.values() if self.open else ()):
            raise ValueError("this calendar never opens")
        return self


class StepPart(Part):
    """What happens when a share of the target's open time has passed without an answer."""

    at: Share = Field(description="Share of the target's open time: 75%.")
    tag: Tag | None = Field(default=None, description="Tag the mail with an IMAP keyword.")
    flag: Yes | None = Field(default=None, description="Flag the mail (star).")
    remind: str | None = Field(
        default=None, description="Person to remind; the one who claimed it is reminded instead."
    )
    escalate: str | None = Field(default=None, description="Person to tell, whoever claimed it.")
    repeat: OpenTime | None = Field(default=None, description="Open time after which remind and escalate come again.")
    at_most: int | None = Field(default=None, description="Sendings in all, the first included.", ge=1, le=1000)

    @model_validator(mode="after")
    def _does_something(self) -> Self:
        if not (self.tag or self.flag or self.remind or self.escalate):
            raise ValueError("this step does nothing; give it tag, flag, remind or escalate")
        if self.repeat and not (self.remind or self.escalate):
            raise ValueError("only remind and escalate repeat")
        if self.at_most and not self.repeat:
            raise ValueError("at_most needs repeat")
        return self


class TargetPart(Part):
    """A promise of time: how long a customer may wait for an answer."""

    target: Length = Field(description="6h, 90m: open time. 2d: open days.")
    hours: str | None = Field(default=None, description="Calendar that counts the time. Short form: the top level's.")
    steps: list[StepPart] = Field(default=[], description="What happens on the way. Short form: the top level's.")


Target = Annotated[TargetPart, Short({**TEXT, "pattern": _DURATION})]


# ------------------------------------------------------------------ classify, categories, senders, folders


class LearnPart(Part):
    moves: bool = Field(default=True, description="Learn when somebody moves a mail to another category's folder.")


class ClassifyPart(Part):
    unsure_below: Unit | None = Field(
        default=None, description="Mail below this confidence (0 to 1) stays where it is."
    )
    unsure_tag: Tag = Field(default="router-unsure", description="Tag of mail that no category fits surely.")
    learn_from: LearnPart = Field(default=LearnPart(moves=True), description="Where examples come from.")


Phrases = Annotated[dict[str, Texts], Short(TEXT, TEXTS)]


class CategoryPart(Part):
    """What a mail is about: each mail has one category, or is unsure."""

    folder: Folder | None = Field(default=None, description="Where its mail goes; leave it out to classify in place.")
    about: str = Field(default="", description="One sentence about such mail, used before there are examples.")
    phrases: Phrases = Field(default={}, description="Words that speak for it, by language; * is any ending.")
    not_phrases: Phrases = Field(default={}, description="Words that speak against it, by language.")
    reply_within: Target | None = Field(default=None, description="A tighter target than the top level's.")


class FromPart(Part):
    file: str | None = Field(default=None, description="List beside this file: an address pattern a line, # comments.")
    also: Annotated[list[Glob], OneOrMore()] = Field(default=[], description="Address patterns: *@partner.example.")

    @model_validator(mode="after")
    def _not_empty(self) -> Self:
        if self.file is None and not self.also:
            raise ValueError("this list of senders is empty; name addresses or a file")
        return self


class SendersPart(Part):
    """Who wrote: any number of these may match a mail. The first one's folder wins over the category's."""

    from_: Annotated[FromPart, Short(TEXT, TEXTS)] = Field(alias="from", description="Address patterns or a file.")
    folder: Folder | None = Field(default=None, description="Where their mail goes, whatever it is about.")
    flag: bool = Field(default=False, description="Flag their mail (star).")
    tag: Tag | None = Field(default=None, description="Tag their mail.")
    reply_within: Target | None = Field(default=None, description="A tighter target than the top level's.")


class FoldersPart(Part):
    done: Folder = Field(default="Support/Done", description="Moving a mail here closes its conversation.")
    quarantine: Folder = Field(default="Support/Could not read", description="Where unreadable mail goes.")
    claims: Claims = Field(default="Support/@*", description="Moving a mail to Support/@Olha makes it hers.")


# ------------------------------------------------------------------ workflows


class TextPart(Part):
    """How a text is searched: exactly one of these."""

    contains: str | None = Field(default=None, min_length=1, description="Contains this text, case ignored.")
    word: str | None = Field(default=None, min_length=1, description="Contains this as a whole word.")
    regex: Regex | None = Field(default=None, description="An RE2 expression is found in it.")

    @model_validator(mode="after")
    def _exactly_one(self) -> Self:
        if sum(v is not None for v in (self.contains, self.word, self.regex)) != 1:
            raise ValueError("write one of contains, word and regex")
        return self


class HeaderPart(Part):
    """Either the text that a header contains, or that it is there at all."""

    contains: str | None = Field(default=None, min_length=1)
    present: Yes | None = None

    @model_validator(mode="after")
    def _exactly_one(self) -> Self:
        if (self.contains is None) == (self.present is None):
            raise ValueError("write the text that the header contains, or true")
        return self


class AttachmentPart(Part):
    name: str = Field(default="*", min_length=1, description="File name pattern: *.pdf")
    type: str = Field(default="*", min_length=1, description="Media type pattern: image/*")


class NumberPart(Part):
    at_least: float | None = None
    at_most: float | None = None

    @model_validator(mode="after")
    def _has_a_bound(self) -> Self:
        if self.at_least is None and self.at_most is None:
            raise ValueError("write at_least, at_most or both")
        if self.at_least is not None and self.at_most is not None and self.at_least > self.at_most:
            raise ValueError("at_least is greater than at_most; no number fits")
        return self


TextTests = Annotated[list[Annotated[TextPart, Short(TEXT, UNQUOTED)]], Field(min_length=1), OneOrMore()]
HeaderTests = Annotated[list[Annotated[HeaderPart, Short(TEXT)]], Field(min_length=1), OneOrMore({"const": True})]
AttachmentTests = Annotated[
    list[Annotated[AttachmentPart, Short(TEXT)]], Field(min_length=1), OneOrMore({"type": "boolean"})
]


Conditions = Annotated[list["ConditionPart"], Field(min_length=1), OneOrMore()]


class ConditionPart(Part):
    """All keys must hold; a list means any of its items. An empty condition holds always."""

    all_: Conditions | None = Field(default=None, alias="all", description="All of these hold.")
    any_: Conditions | None = Field(default=None, alias="any", description="One of these holds.")
    not_: Conditions | None = Field(default=None, alias="not", description="None of these holds.")
    category: Names | None = Field(default=None, description="What the mail is about: category names, or unsure.")
    confidence: NumberPart | None = Field(default=None, description="How sure we are, 0 to 1: {at_least: 0.8}.")
    language: Names | None = Field(default=None, description="Language of the new text: en, uk, ru, sr, mn, und.")
    script: Annotated[list[Annotated[str, Field(pattern=r"^[A-Z][a-z]{3}$")]], OneOrMore()] | None = Field(
        default=None, description="Script of the new text (ISO 15924): Latn, Cyrl."
    )
    sender: Names | None = Field(default=None, description="Names under senders.")
    from_: Globs | None = Field(default=None, alias="from", description="Address patterns of the author.")
    to: Globs | None = Field(default=None, description="Address patterns in To.")
    cc: Globs | None = Field(default=None, description="Address patterns in Cc.")
    delivered_to: Globs | None = Field(default=None, description="Address patterns in Delivered-To.")
    list_: bool | None = Field(default=None, alias="list", description="Came by a mailing list.")
    subject: TextTests | None = Field(default=None, description="The subject contains this.")
    text: TextTests | None = Field(default=None, description="The new text (no quote, no signature) contains this.")
    header: dict[str, HeaderTests] | None = Field(default=None, description="{Name: contained text, or true}.")
    attachment: AttachmentTests | None = Field(default=None, description="true, a name pattern, or {type: image/*}.")
    automatic: bool | None = Field(default=None, description="Written by a machine: auto-replies, bounces (RFC 3834).")
    mailbox: Names | None = Field(default=None, description="Names under mailboxes.")
    reply: bool | None = Field(default=None, description="Answers an earlier mail; false: first of its conversation.")
    messages: NumberPart | None = Field(default=None, description="Mails of the conversation, both directions.")


class DoPart(Part):
    """What happens to a mail that matches."""

    folder: Folder | None = Field(default=None, description="Move it here; the last folder of all workflows wins.")
    leave: Yes | None = Field(default=None, description="Leave it where it is.")
    tag: Annotated[list[Tag], OneOrMore()] = Field(default=[], description="Tags to add.")
    untag: Annotated[list[Tag], OneOrMore()] = Field(default=[], description="Tags to take away.")
    flag: Yes | None = Field(default=None, description="Flag it (star).")
    draft: ReplyId | None = Field(default=None, description="Place a draft: best, or a reply's id.")
    remind: Annotated[list[str], OneOrMore()] = Field(default=[], description="People to remind.")
    escalate: Annotated[list[str], OneOrMore()] = Field(default=[], description="People to tell, whoever claimed it.")
    stop: Yes | None = Field(default=None, description="Run none of the workflows below.")

    @model_validator(mode="after")
    def _no_contradiction(self) -> Self:
        if self.folder and self.leave:
            raise ValueError("leave and folder contradict each other")
        return self


class WorkflowPart(Part):
    """All workflows that match run, top to bottom."""

    name: Name = Field(description="Its name in traces and reports; each name once.")
    when: ConditionPart = Field(description="Which mail; {} is every mail.")
    do: DoPart = Field(default=DoPart(), description="What happens to it.")
    reply_within: Target | None = Field(default=None, description="A tighter target for this mail.")

    @model_validator(mode="after")
    def _does_something(self) -> Self:
        if self.do == DoPart() and self.reply_within is None:
            raise ValueError("this workflow does nothing; give it do or reply_within")
        return self


class DraftsPart(Part):
    at_most_open: int = Field(
        default=50, ge=0, le=10_000, description="No new drafts while so many wait; 0: none at all."
    )
    format: Literal["text"] = Field(default="text", description="Drafts are plain text.")
    mark: Annotated[str, Field(pattern=r"^(\$label[1-5]|flagged|keyword|none)$")] = Field(
        default="$label1",
        description="How the customer's mail shows that a draft waits: $label1 to $label5, flagged, keyword, none.",
    )


Hours = Annotated[HoursPart, Short({"const": words.ALWAYS})]
Person = Annotated[PersonPart, Short(TEXT, TEXTS)]
Category = Annotated[CategoryPart, Short(TEXT, NOTHING)]
Senders = Annotated[SendersPart, Short(TEXT, TEXTS)]


class WorkflowsFile(Part):
    """Inbox Router's one file: which mailboxes, who is told, what mail is about, and what happens to it."""

    version: Literal[1] = Field(description="Version of this format.")
    mailboxes: dict[Name, MailboxPart] = Field(min_length=1, description="Support accounts by name.")
    people: dict[Name, Person] = Field(default={}, description="Who is reminded, by name.")
    hours: Annotated[dict[Name, Hours], Short({"const": words.ALWAYS})] = Field(
        default={}, description="Calendars by name, or one calendar."
    )
    reply_within: Target | None = Field(default=None, description="How long any customer may wait for an answer.")
    classify: ClassifyPart = Field(default=ClassifyPart(), description="When a category is sure enough.")
    categories: dict[Name, Category] = Field(default={}, description="What mail is about, by name.")
    senders: dict[Name, Senders] = Field(default={}, description="Who writes, by name.")
    folders: FoldersPart = Field(default=FoldersPart(), description="Folders with a meaning of their own.")
    workflows: list[WorkflowPart] = Field(default=[], description="Rules, run top to bottom.")
    drafts: DraftsPart = Field(default=DraftsPart(), description="How drafts are placed.")
