"""What to do about a refusal whose text leaves that open. Pure."""

from __future__ import annotations

import re

_WORDS: dict[str, str] = {
    r"(?i)application-specific password": "make an app password (it needs 2-Step Verification), or use OAuth2",
    r"(?i)via your web browser|web login required": "open the account in a browser once and confirm that it was you",
    r"(?i)not enabled for imap": "switch IMAP on: Gmail, Settings, Forwarding and POP/IMAP",
    r"(?i)imap access is disabled for your domain": "a Workspace administrator has to allow IMAP for this account",
    r"^(?:LOGIN|AUTHENTICATE) failed\.$": (
        "Microsoft 365 takes OAuth2, no password; if this was OAuth2, IMAP may be off for the mailbox, or the token be "
        "another user's"
    ),
    r"(?i)authenticated but not connected": (
        "Microsoft 365 says this to too many connections, and to an account that may not open this mailbox"
    ),
}
_HINTS = tuple((re.compile(words), hint) for words, hint in _WORDS.items())


def hint(text: str) -> str:
    """Our advice about a server's text, '' when we have none."""
    return next((advice for words, advice in _HINTS if words.search(text)), "")
