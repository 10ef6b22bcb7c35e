"""The commands of a logged-in client: folders, messages, flags."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any, cast

from tests.servers.shapes import names, wireformat
from tests.servers.shapes.dialect import Dialect, Refused
from tests.servers.shapes.model import Folder, Stored
from tests.servers.shapes.wireformat import Malformed, Octets

_STATUS = ("MESSAGES", "UIDNEXT", "UIDVALIDITY", "UNSEEN", "RECENT")


class Commands:
    """What one connection may ask, with its selected folder and what it believes to lie in it."""

    def __init__(self, dialect: Dialect, send: Callable[..., None]) -> None:
        self._dialect = dialect
        self._account = dialect.account
        self._send = send
        self._folder: Folder | None = None
        self._readonly = True
        self._seen: list[int] = []

    @property
    def selected_name(self) -> str:
        return self._folder.name if self._folder else ""

    def run(self, name: str, parts: list[bytes | Octets]) -> bytes:
        """Obey; the status line. Everything a command may not do raises."""
        words = wireformat.arguments(parts)
        uid = name == "UID"
        if uid:
            name, words = str(words[1]).upper(), words[1:]
        obey = getattr(self, f"_{name.lower()}", None)
        if obey is None or (uid and name not in ("FETCH", "SEARCH", "STORE", "COPY", "MOVE", "EXPUNGE")):
            raise Refused(self._dialect.unknown_command, "BAD")
        if not uid and name in ("FETCH", "STORE", "COPY", "MOVE"):
            raise Refused(self._dialect.unknown_command, "BAD")  # our client never uses sequence numbers
        with self._account.lock:
            answer: bytes | None = obey(words[1:])
            if name not in ("FETCH", "STORE", "SEARCH"):
                self._send(*self.news())
        return answer or self._dialect.done.format(command=f"UID {name}" if uid else name).encode()

    def news(self) -> list[bytes]:
        """EXPUNGE and EXISTS of the selected folder since the last time."""
        if self._folder is None:
            return []
        with self._account.lock:
            there = list(self._folder.messages)
        lines = []
        for uid in [u for u in self._seen if u not in set(there)]:
            lines.append(b"* %d EXPUNGE" % (self._seen.index(uid) + 1))
            self._seen.remove(uid)
        if len(there) > len(self._seen):
            self._seen = there
            lines.append(b"* %d EXISTS" % len(there))
        return lines

    # ------------------------------------------------------------------ folders

    def _namespace(self, _words: list[object]) -> None:
        self._send(b'* NAMESPACE (("" "/")) NIL NIL')

    def _id(self, _words: list[object]) -> None:
        self._send(b'* ID ("name" "shape")')

    def _list(self, words: list[object]) -> None:
        reference, pattern = words[0], words[1]
        returning = cast("list[Any]", words[3]) if len(words) > 2 and str(words[2]).upper() == "RETURN" else []
        offered = self._dialect.after_login.split()
        if returning and not {"LIST-EXTENDED", "LIST-STATUS"} & set(offered):
            raise Malformed("LIST … RETURN")
        if reference != "" or pattern not in ("", "*"):
            raise Malformed(str(pattern))
        if pattern == "":
            self._send(b'* LIST (\\Noselect) "/" "/"')
            return
        items = next((returning[n + 1] for n, word in enumerate(returning) if word == "STATUS"), [])
        for attributes, name in self._dialect.listed():
            self._send(b'* LIST (%s) "/" %s' % (" ".join(attributes).encode(), self._dialect.spelled(name)))
            if items and "\\Noselect" not in attributes:
                self._send(self._status_line(name, items))

    def _lsub(self, _words: list[object]) -> None:
        for attributes, name in self._dialect.listed():
            if name in self._account.subscribed:
                self._send(b'* LSUB (%s) "/" %s' % (" ".join(attributes).encode(), self._dialect.spelled(name)))

    def _status(self, words: list[object]) -> None:
        self._send(self._status_line(self._known(words[0]).name, cast("list[str]", words[1])))

    def _status_line(self, name: str, items: list[str]) -> bytes:
        folder = self._account.folders[name]
        numbers = {
            "MESSAGES": len(folder.messages), "UIDNEXT": folder.next_uid, "UIDVALIDITY": folder.uidvalidity,
            "RECENT": 0, "UNSEEN": sum("\\Seen" not in m.flags for m in folder.messages.values()),
        }  # fmt: skip
        if self._dialect.condstore:
            numbers["HIGHESTMODSEQ"] = folder.modseq
        pairs = " ".join(f"{item} {numbers[item.upper()]}" for item in items)
        return b"* STATUS %s (%s)" % (self._dialect.spelled(name), pairs.encode())

    def _create(self, words: list[object]) -> None:
        self._dialect.create(names.decode(str(words[0])))

    def _subscribe(self, words: list[object]) -> None:
        self._account.subscribed.add(names.decode(str(words[0])))

    def _select(self, words: list[object]) -> bytes:
        return self._open(words, readonly=False)

    def _examine(self, words: list[object]) -> bytes:
        return self._open(words, readonly=True)

    def _open(self, words: list[object], *, readonly: bool) -> bytes:
        self._folder = None
        folder = self._known(words[0])
        self._folder, self._readonly, self._seen = folder, readonly, list(folder.messages)
        flags = " ".join(self._dialect.flags_of(folder)).encode()
        permanent = b"" if readonly else flags + (b" \\*" if self._dialect.keywords else b"")
        self._send(
            b"* %d EXISTS" % len(folder.messages), b"* 0 RECENT", b"* FLAGS (%s)" % flags,
            b"* OK [PERMANENTFLAGS (%s)] Permanent flags" % permanent,
            b"* OK [UIDVALIDITY %d] UIDVALIDITY value" % folder.uidvalidity,
            b"* OK [UIDNEXT %d] The next unique identifier value" % folder.next_uid,
        )  # fmt: skip
        if self._dialect.condstore:
            self._send(b"* OK [HIGHESTMODSEQ %d]" % folder.modseq)
        return self._dialect.opened(folder.name, readonly=readonly).encode()

    def _known(self, spelled: object) -> Folder:
        name = names.decode(str(spelled))
        if name not in self._account.folders:
            raise self._dialect.no_such_folder(name)
        return self._account.folders[name]

    def _unselect(self, _words: list[object]) -> None:
        self._folder = None

    # ------------------------------------------------------------------ reading

    @property
    def _here(self) -> Folder:
        if self._folder is None:
            raise Refused("no folder is selected", "BAD")
        return self._folder

    def _matching(self, uid_set: object) -> list[int]:
        here = self._here.messages
        spans = wireformat.expand(str(uid_set), max(here, default=0))
        return [uid for uid in here if any(low <= uid <= high for low, high in spans)]

    def _fetch(self, words: list[object]) -> None:
        items = [str(item) for item in cast("list[object]", words[1] if isinstance(words[1], list) else [words[1]])]
        for uid in self._matching(words[0]):
            stored = self._here.messages[uid]
            shown = b" ".join(self._attribute(stored, uid, item) for item in items)
            self._send(b"* %d FETCH (%s)" % (list(self._here.messages).index(uid) + 1, shown))

    def _attribute(self, stored: Stored, uid: int, item: str) -> bytes:
        folder = self._here.name
        match item.upper():
            case "UID":
                return b"UID %d" % uid
            case "FLAGS":
                return b"FLAGS (%s)" % " ".join(sorted(stored.flags)).encode()
            case "INTERNALDATE":
                return b"INTERNALDATE " + wireformat.internaldate(stored.when)
            case "RFC822.SIZE":
                return b"RFC822.SIZE %d" % self._dialect.size(stored, folder)
            case upper if upper.startswith("BODY.PEEK["):
                return _section(item, self._dialect.shown(stored, folder))
            case upper:
                found = self._dialect.more_attributes(stored, folder, upper)
                if found is None:
                    raise Malformed(item)
                return upper.encode() + b" " + found

    def _search(self, words: list[object]) -> None:
        keys = [str(word) for word in words]
        found = [u for u, stored in self._here.messages.items() if self._meets(stored, u, list(keys))]
        self._send(b"* SEARCH" + b"".join(b" %d" % uid for uid in found))

    def _meets(self, stored: Stored, uid: int, keys: list[str]) -> bool:
        while keys:
            key = keys.pop(0).upper()
            if key == "ALL":
                continue
            value = keys.pop(0)
            own = self._dialect.more_search(stored, key, value)
            if not (_meets(stored, uid, key, value, self) if own is None else own):
                return False
        return True

    # ------------------------------------------------------------------ writing

    def _writable(self) -> Folder:
        folder = self._here
        if self._readonly:
            raise Refused("[READ-ONLY] the folder was opened with EXAMINE")
        return folder

    def _store(self, words: list[object]) -> None:
        folder = self._writable()
        action, flags = str(words[1]).upper(), cast("list[str]", words[2])
        allowed = {f.lower() for f in self._dialect.flags_of(folder)}
        if not self._dialect.keywords and any(flag.lower() not in allowed for flag in flags):
            raise Refused(self._dialect.wrong_argument, "BAD")
        if action not in ("+FLAGS.SILENT", "-FLAGS.SILENT"):
            raise Malformed(action)
        for uid in self._matching(words[0]):
            stored = folder.messages[uid]
            stored.flags = stored.flags - set(flags) if action.startswith("-") else stored.flags | set(flags)
            self._account.touch(folder.name)
            self._dialect.flagged(folder.name, uid)

    def _copy(self, words: list[object]) -> bytes:
        return self._carried(words, self._dialect.copy, "COPY")

    def _move(self, words: list[object]) -> bytes:
        self._writable()
        return self._carried(words, self._dialect.move, "MOVE")

    def _carried(self, words: list[object], carry: Callable[[str, int, str], int | None], command: str) -> bytes:
        here, destination = self._here.name, names.decode(str(words[1]))
        if destination not in self._account.folders:
            raise self._dialect.destination_missing(destination)
        matching = self._dialect.carried_first(self._matching(words[0]))
        pairs = sorted((uid, target) for uid in matching if (target := carry(here, uid, destination)))
        code = self._dialect.copyuid(self._account.folders[destination].uidvalidity, pairs)
        done = self._dialect.done.format(command=command)
        if code and self._dialect.copyuid_where_moved == "untagged":
            self._send(f"* OK {code}".rstrip().encode())
            return done.encode()
        return done.replace("OK ", f"OK {code}", 1).encode()

    def _expunge(self, words: list[object]) -> None:
        folder = self._writable()
        if not words:
            raise Refused("a plain EXPUNGE removes what others have marked", "BAD")
        for uid in self._matching(words[0]):
            if "\\Deleted" in folder.messages[uid].flags:
                self._dialect.expunge(folder.name, uid)

    def _append(self, words: list[object]) -> bytes:
        name = names.decode(str(words[0]))
        if name not in self._account.folders:
            raise self._dialect.destination_missing(name)
        flags = cast("list[str]", next((w for w in words if isinstance(w, list)), []))
        when = next((wireformat.read_internaldate(w) for w in words[1:-1] if isinstance(w, str)), None)
        raw = words[-1]
        if not isinstance(raw, bytes):
            raise Malformed("APPEND without a literal")
        uid = self._dialect.append(name, raw, flags, when)
        validity = self._account.folders[name].uidvalidity
        done = self._dialect.done.format(command="APPEND")
        return done.replace("OK ", f"OK [APPENDUID {validity} {uid}] ", 1).encode()


def _section(item: str, shown: bytes) -> bytes:
    """One BODY.PEEK[…]<…> as the answer to it."""
    inside, _, partial = item[len("BODY.PEEK[") :].partition("]")
    label = inside
    if inside.upper().startswith("HEADER.FIELDS"):
        fields = inside.partition("(")[2].rstrip(")").split()
        shown = wireformat.header_lines(shown, {name.lower() for name in fields})
    elif inside:
        raise Malformed(item)
    origin = ""
    if partial:
        start, _, length = partial.strip("<>").partition(".")
        shown, origin = shown[int(start) : int(start) + int(length)], f"<{start}>"
    return f"BODY[{label}]{origin} {{{len(shown)}}}\r\n".encode() + shown


def _meets(stored: Stored, uid: int, key: str, value: str, commands: Commands) -> bool:
    day = stored.when.date()
    match key:
        case "UID":
            return uid in commands._matching(value)
        case "SINCE":
            return day >= date(*wireformat.read_day(value))
        case "BEFORE":
            return day < date(*wireformat.read_day(value))
        case "ON":
            return day == date(*wireformat.read_day(value))
        case _:
            raise Malformed(key)
