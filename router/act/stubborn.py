"""Mail that the server cannot deliver: fetching it breaks the connection, and would do so at every pass.

A batch that broke the connection is fetched message by message at the next pass, so that the one to blame is known;
after three tries it is fetched without its bytes, and goes to quarantine. The tries are remembered as alerts, for
people to see.
"""

from __future__ import annotations

from collections.abc import Sequence

from router.act.desk import INBOX, Desk
from router.errors import Throttled, Unreachable
from router.imap import fetch
from router.store import mailboxes
from router.values import FetchedMessage

ALERT = "fetch:"
TRIES = 3


def fetch_batch(desk: Desk, uidvalidity: int, uids: Sequence[int]) -> list[FetchedMessage]:
    """New messages of INBOX by rising UID; raises what fetching raises, after noting which messages it was."""
    tried = _tries(desk, uidvalidity, uids)
    together = [uid for uid in uids if uid not in tried]
    fetched = _try(desk, uidvalidity, together, 1) if together else []
    for uid, times in sorted(tried.items()):
        fetched += _try(desk, uidvalidity, [uid], times + 1)
    if tried:
        _forget(desk)
    return sorted(fetched, key=lambda message: message.ref.uid)


def _try(desk: Desk, uidvalidity: int, uids: Sequence[int], times: int) -> list[FetchedMessage]:
    try:
        return fetch.new_messages(desk.session, desk.mailbox.name, INBOX, uids, bare=times > TRIES)
    except Throttled:
        raise
    except Unreachable:
        key = f"{ALERT}{uidvalidity}:{min(uids)}:{max(uids)}:{times}"
        text = f"the connection broke while new mail was fetched (UID {min(uids)} to {max(uids)}, try {times})"
        with desk.store.begin() as tx:
            mailboxes.raise_alert(tx, desk.mailbox.name, key, text, desk.now)
        raise


def _tries(desk: Desk, uidvalidity: int, uids: Sequence[int]) -> dict[int, int]:
    """UID → how often fetching it has broken the connection, for those with which it has."""
    tried: dict[int, int] = {}
    with desk.store.begin() as tx:
        keys = [a.key for a in mailboxes.open_alerts(tx) if a.mailbox == desk.mailbox.name]
    for key in keys:
        if key.startswith(f"{ALERT}{uidvalidity}:"):
            first, last, times = (int(number) for number in key.split(":")[2:])
            tried |= {uid: max(times, tried.get(uid, 0)) for uid in uids if first <= uid <= last}
    return tried


def _forget(desk: Desk) -> None:
    with desk.store.begin() as tx:
        for alert in mailboxes.open_alerts(tx):
            if alert.mailbox == desk.mailbox.name and alert.key.startswith(ALERT):
                mailboxes.clear_alert(tx, desk.mailbox.name, alert.key, desk.now)
