"""Mail that was written to stop a reader: each goes through a fresh parse process with good mail around it.

One JSON line a bomb: wall seconds until the whole batch is answered, the most memory the parse process held, why the
bomb is unreadable ('' when it is not), and how many of the good mails beside it were read right. Exit status 1 when one
takes longer than two seconds, more than 300 MiB, or costs a neighbour its answer. Names as arguments run only those.
"""

from __future__ import annotations

import argparse
import base64
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Self

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.machine import report
from router.mail.worker import ParseWorker

SECONDS, MEBIBYTES = 2.0, 300.0
NEIGHBOURS = 10
MEGA = 1_000_000
LARGE = 24 * MEGA  # just under the limit of 25 MB
HEAD = b"From: Jane <jane@customer.example>\nSubject: Where is my order?\nMessage-ID: <1@customer.example>\n"


def mail(body: bytes = b"Hello", kind: bytes = b"text/plain", *, more: bytes = b"") -> bytes:
    return HEAD + b"Content-Type: " + kind + b"\n" + more + b"\n" + body


def field(name: bytes, value: bytes) -> bytes:
    return HEAD + name + b": " + value + b"\n\nHello"


def filled(piece: bytes, size: int) -> bytes:
    return (piece * (size // len(piece) + 1))[:size]


def nested(levels: int, *, fill: bytes = b"") -> bytes:
    parts = b"".join(b"--b%d\nContent-Type: multipart/mixed; boundary=b%d\n\n" % (n, n + 1) for n in range(levels))
    return mail(parts + fill, b"multipart/mixed; boundary=b0")


def in_base64(octets: bytes, kind: bytes) -> bytes:
    return mail(base64.encodebytes(octets), kind, more=b"Content-Transfer-Encoding: base64\n")


def tnef(name: int, value: bytes) -> bytes:
    head = b"\x78\x9f\x3e\x22\x01\x00\x01" + name.to_bytes(4, "little") + len(value).to_bytes(4, "little")
    return in_base64(head + value, b"application/ms-tnef")


def packed_rtf() -> bytes:
    """Compressed RTF that says it is large, and is nothing but references."""
    body = b"\xff" + b"\x00\x0f" * 8
    octets = filled(body, 2 * MEGA)
    rtf = (len(octets) + 12).to_bytes(4, "little") + b"\xff\xff\xff\x7fLZFu\0\0\0\0" + octets
    value = b"\1\0\0\0\x02\x01\x09\x10\1\0\0\0" + len(rtf).to_bytes(4, "little") + rtf
    return tnef(0x00069003, value)


TEXT = b"multipart/mixed; boundary=x"
BOMBS: dict[str, Callable[[], bytes]] = {
    "100,000 parts": lambda: mail(b"--x\n\na\n" * 100_000, TEXT),
    "999 parts of 24 kB": lambda: mail((b"--x\n\n" + filled(b"word " * 14 + b"\n", 24_000) + b"\n") * 990, TEXT),
    "100,000 headers": lambda: HEAD + b"X: y\n" * 100_000 + b"\nHello",
    "2,000 headers in each of 900 parts": lambda: mail((b"--x\n" + b"A: b\n" * 2000 + b"\n\n") * 900, TEXT),
    "1,000 nested multiparts": lambda: nested(1000),
    "49 nested multiparts, 24 MB": lambda: nested(49, fill=filled(b"a\n", LARGE)),
    "3,000 nested messages": lambda: mail(b"Content-Type: message/rfc822\n\n" * 3000, b"message/rfc822"),
    "45 nested messages without text": lambda: mail(b"Content-Type: message/rfc822\n\n" * 45, b"message/rfc822"),
    "50 MB of base64": lambda: in_base64(b"\0" * (37 * MEGA), b"application/zip"),
    "24 MB of base64": lambda: in_base64(b"\0" * (17 * MEGA), b"application/zip"),
    "24 MB of base64 as text": lambda: in_base64(b"word " * (17 * MEGA // 5), b"text/plain"),
    "24 MB of base64 in a part": lambda: mail(
        b"--x\n\nHi\n--x\nContent-Transfer-Encoding: base64\nContent-Type: image/png\n\n"
        + base64.encodebytes(b"\1" * (17 * MEGA))
        + b"--x--\n",
        TEXT,
    ),
    "a line of 24 MB": lambda: mail(b"a" * LARGE),
    "a line of 1,000 MB, scaled to 30": lambda: mail(b"a" * (30 * MEGA)),
    "24 MB of two-octet lines": lambda: mail(filled(b"a\n", LARGE)),
    "24 MB of two-octet lines in a part": lambda: mail(b"--x\n\n" + filled(b"a\n", LARGE), TEXT),
    "24 MB of line ends": lambda: mail(b"\n" * LARGE),
    "24 MB of lone carriage returns": lambda: mail(b"--x\n\n" + b"\r" * LARGE, TEXT),
    "24 MB of two dashes": lambda: mail(filled(b"--\n", LARGE), TEXT),
    "24 MB of the word boundary": lambda: mail(filled(b"boundary=x ", LARGE), TEXT),
    "24 MB of quotes": lambda: mail(filled(b"> On Monday somebody wrote:\n", LARGE)),
    "24 MB of high octets": lambda: mail(b"\xd0" * LARGE),
    "24 MB of high octets in parts": lambda: mail(b"--x\n\n" + filled(b"\xd0\xff" * 30 + b"\n", LARGE), TEXT),
    "24 MB of zeros": lambda: mail(b"\0" * LARGE),
    "no header at all, 24 MB": lambda: b"\n" + filled(b"word ", LARGE),
    "a header without an end": lambda: HEAD + filled(b"X-Long: " + b"y" * 60 + b"\n", LARGE),
    "a folded header of 24 MB": lambda: HEAD + b"X: a\n" + filled(b" b\n", LARGE),
    "100,000 encoded words": lambda: field(b"Subject", b"=?utf-8?q?=D0?= " * 15_000),
    "encoded words that never end": lambda: field(b"Subject", b"=?utf-8?b?" * 24_000),
    "990 parts, each in another unknown charset": lambda: mail(
        b"".join(b"--x\n\n" + bytes(128 + (n * k * k + k) % 127 for k in range(1500)) + b"\n" for n in range(990)),
        TEXT,
    ),
    "names in another unknown charset each": lambda: field(
        b"To", b", ".join(b"=?x%d?q?=%X=%X?= <a@b.example>" % (n, 128 + n % 120, 130 + n % 97) for n in range(6000))
    ),
    "words in another unknown charset each": lambda: HEAD + b"".join(
        b"X-%d: =?x%d?q?=%X=%X=%X?=\n" % (n, n, 128 + n % 120, 130 + n % 97, 140 + n % 101) for n in range(1900)
    ) + b"\nHello",
    "attachments named in unknown charsets": lambda: mail(
        b"".join(
            b"--x\nContent-Type: image/png; name=\"%c%c%c\"\n\n\n" % (128 + n % 120, 130 + n % 97, 140 + n % 101)
            for n in range(990)
        ),
        TEXT,
    ),
    "100,000 addresses": lambda: field(b"To", b"a@b.example, " * 19_000),
    "1 MB of brackets": lambda: mail(b"(" * MEGA),
    "200 kB of brackets in From": lambda: b"From: " + b"(" * 200_000 + b"\n\nHello",
    "200 kB of quotes in Content-Type": lambda: mail(kind=b"text/plain; a=" + b'"\\' * 100_000),
    "100,000 parameters": lambda: mail(kind=b"text/plain" + b"; a=b" * 50_000),
    "200 kB of blanks in each field": lambda: field(b"Date", b" \t" * 100_000 + b"x"),
    "brackets in Authentication-Results": lambda: field(b"Authentication-Results", b"a; dkim=pass (" * 15_000),
    "10,000 references": lambda: field(b"References", b"<a@b> " * 40_000),
    "deep markup": lambda: mail(b"<div>" * 200_000 + b"Hi", b"text/html"),
    "a million bold tags": lambda: mail(b"<b>" * MEGA, b"text/html"),
    "24 MB of comments in markup": lambda: mail(filled(b"<!-- x --", LARGE), b"text/html"),
    "markup that never closes": lambda: mail(b'<a href="' * 300_000, b"text/html"),
    "a table of 100,000 cells": lambda: mail(b"<table>" + b"<tr><td>x" * 100_000, b"text/html"),
    "400,000 entities": lambda: mail(b"&#1;&amp;" * 200_000, b"text/html"),
    "rich text in 100,000 groups": lambda: mail(b"{\\rtf1 " + b"{\\b x" * 200_000, b"text/rtf"),
    "compressed rich text": packed_rtf,
    "TNEF with a million attributes": lambda: in_base64(
        b"\x78\x9f\x3e\x22\1\0" + (b"\2\x02\x90\x06\0" + b"\0" * 6) * MEGA, b"application/ms-tnef"
    ),
    "TNEF with properties that never end": lambda: tnef(0x00069003, b"\xff\xff\xff\x7f" + b"\3\0\1\0\0\0\0\0" * MEGA),
    "uuencode of 24 MB": lambda: mail(b"begin 644 a\n" + filled(b"M" + b"A" * 60 + b"\n", LARGE)),
    "100,000 beginnings of uuencode": lambda: mail(b"begin 644 a\n" * 100_000),
    "an invitation of 24 MB": lambda: mail(b"BEGIN:VEVENT\n" + filled(b"SUMMARY:x\n", LARGE), b"text/calendar"),
    "24 MB of flowed lines": lambda: mail(filled(b"> a \n", LARGE), b"text/plain; format=flowed; delsp=yes"),
    "signed data in 100,000 pieces": lambda: in_base64(
        bytes.fromhex("308006092a864886f70d010702a0803080020101310030" + "8006092a864886f70d010701a0802480")
        + b"\4\1a" * 300_000,
        b"application/pkcs7-mime",
    ),
    "24 MB of false base64": lambda: mail(
        filled(b"=A", LARGE), more=b"Content-Transfer-Encoding: base64\n"
    ),
    "24 MB of quoted-printable": lambda: mail(
        filled(b"=\n=4", LARGE), more=b"Content-Transfer-Encoding: quoted-printable\n"
    ),
    "200 kB of links": lambda: mail(filled(b"http://a.b/<", 200_000)),
    "64 kB of one word's letters": lambda: mail(b"a@" * 32_000),
    "64 kB of digits and dots": lambda: mail(b"1.1/" * 16_000),
    "64 kB of blanks": lambda: mail(b"x" + b" \t" * 32_000 + b"x"),
}  # fmt: skip


class Peak:
    """The most resident memory that any process of a worker held, in MiB; looks every few milliseconds."""

    def __init__(self, worker: ParseWorker) -> None:
        self.mebibytes = 0.0
        self._worker, self._done = worker, threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._look()
        self._done.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._done.wait(0.01):
            self._look()

    def _look(self) -> None:
        try:
            for line in Path(f"/proc/{self._worker.pid}/status").read_text().splitlines():
                if line.startswith("VmHWM:"):
                    self.mebibytes = max(self.mebibytes, int(line.split()[1]) / 1024)
        except OSError:
            return  # between two processes


def explode(name: str) -> bool:
    """Run one bomb and report it; whether it stayed within the limits."""
    raw = BOMBS[name]()
    good = [mail(b"Good mail number %d" % n) for n in range(NEIGHBOURS)]
    batch = [*good[: NEIGHBOURS // 2], raw, *good[NEIGHBOURS // 2 :]]
    worker = ParseWorker()
    try:
        worker.submit([(good[0], len(good[0]))]).result(timeout=60)  # the process is there and has its modules
        with Peak(worker) as peak:
            began = time.perf_counter()
            messages = worker.submit([(one, len(one)) for one in batch]).result(timeout=120)
            seconds = time.perf_counter() - began
    finally:
        worker.close()
    bomb = messages.pop(NEIGHBOURS // 2)
    right = sum(one.text == f"Good mail number {n}" for n, one in enumerate(messages))
    within = seconds <= SECONDS and peak.mebibytes <= MEBIBYTES and right == NEIGHBOURS
    report(
        "bombs", bomb=name, octets=len(raw), seconds=round(seconds, 2), peak_mib=round(peak.mebibytes),
        unreadable=bomb.unreadable, neighbours=right, within=within,
    )  # fmt: skip
    return within


def main() -> int:
    """Run them all, or those that are named."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n", maxsplit=1)[0])
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(BOMBS))
    args = parser.parse_args()
    within = [explode(name) for name in args.names or BOMBS]
    return int(not all(within))


if __name__ == "__main__":
    sys.exit(main())
