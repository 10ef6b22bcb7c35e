"""Mail for tests, written as octets: what a server would hand us."""

from __future__ import annotations

from router.mail.parse import parse
from router.values import Message

DEFAULTS = {
    "From": "Jane Miller <jane@customer.example>",
    "To": "support@shop.example",
    "Subject": "A question",
    "Message-ID": "<1@customer.example>",
    "Date": "Tue, 3 Mar 2026 10:00:00 +0100",
}


def raw_mail(body: str | bytes = "Where is my order?", *, charset: str = "utf-8", **changed: str | None) -> bytes:
    """A message; `Reply_To="x"` sets Reply-To, None leaves a header out. A str body is UTF-8 unless `charset` says."""
    fields: dict[str, str | None] = {**DEFAULTS, **{name.replace("_", "-"): value for name, value in changed.items()}}
    if isinstance(body, str):
        fields.setdefault("Content-Type", f"text/plain; charset={charset}")
        body = body.encode(charset)
    lines = [f"{name}: {value}" for name, value in fields.items() if value is not None]
    return "\n".join(lines).encode("utf-8", "surrogateescape") + b"\n\n" + body


def a_message(body: str | bytes = "Where is my order?", *, charset: str = "utf-8", **changed: str | None) -> Message:
    """The same message, parsed."""
    return parse(raw_mail(body, charset=charset, **changed))


def html_message(markup: str) -> Message:
    return a_message(markup.encode(), Content_Type="text/html; charset=utf-8")


def multipart(*parts: str, subtype: str = "mixed", **changed: str) -> Message:
    """A multipart message; each part is its headers, a blank line and its content."""
    body = "".join(f"--frontier\n{part}\n" for part in parts) + "--frontier--\n"
    return a_message(body.encode(), Content_Type=f'multipart/{subtype}; boundary="frontier"', **changed)
