"""A last look before a message is believed to be deleted: some people, and some clients, move in two steps.

They copy first (on Gmail: give another label) and remove later, so that between two looks a mail arrives without a gap
and then leaves a gap without an arrival. The copy has kept the date of its arrival: that is what the server is asked
for, and bytes are compared here.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from router.act.desk import Desk, wanted_folders
from router.errors import CommandRefused, FolderMissing
from router.imap import fetch
from router.imap.folders import VIEWS
from router.imap.special_names import holds_no_mail
from router.store import messages
from router.store.records import MessageRecord
from router.values import FetchedMessage

log = logging.getLogger(__name__)
MOST_FOLDERS = 150  # beyond them it is believed to be deleted after all
NEWEST = 2000  # a copy that was made lately is among the highest UIDs
DAY = timedelta(days=1)  # SINCE compares days of the server's own zone


def look_elsewhere(desk: Desk, lost: Sequence[MessageRecord], apart: frozenset[str]) -> list[FetchedMessage]:
    """Messages that are alike to the byte with one of these rows, and no row's, wherever they lie but in `apart`."""
    wanted = {row.fingerprint for row in lost}
    dates = {row.internaldate for row in lost}
    found: list[FetchedMessage] = []
    for folder in _folders(desk, apart) if lost else ():
        if not wanted:
            break
        try:
            alike = [m for m in _of_dates(desk, folder, dates) if m.fingerprint in wanted]
        except (FolderMissing, CommandRefused) as error:
            log.warning("%r cannot be searched: %s", folder, error)
            continue
        found += alike
        wanted -= {m.fingerprint for m in alike}
    return found


def _folders(desk: Desk, apart: frozenset[str]) -> list[str]:
    """Where people file mail, the folders that the rules name first."""
    named = set(wanted_folders(desk.rules))
    there = [
        name
        for name, status in desk.statuses.items()
        if status.selectable and status.use not in VIEWS and name not in apart
        if name in named or not holds_no_mail(name)
    ]
    return sorted(there, key=lambda name: (name not in named, name))[:MOST_FOLDERS]


def _of_dates(desk: Desk, folder: str, dates: Collection[datetime]) -> list[FetchedMessage]:
    """Messages in a folder that arrived at exactly one of these moments and that no row claims."""
    uids = fetch.uids(desk.session, folder, since=(min(dates) - DAY).date())[-NEWEST:]
    validity = fetch.select(desk.session, folder, readonly=True).uidvalidity
    with desk.store.begin() as tx:
        ours = messages.known_uids(tx, desk.record.id, folder, validity)
    bare = fetch.new_messages(desk.session, desk.mailbox.name, folder, [u for u in uids if u not in ours], bare=True)
    alike = [m.ref.uid for m in bare if m.internaldate in dates]
    return fetch.new_messages(desk.session, desk.mailbox.name, folder, alike) if alike else []
