"""Places where a test may kill the process, to prove that nothing is lost or done twice whatever the moment.

`INBOX_ROUTER_FAULT_POINT=moved:3` kills at the third time that the point `moved` is reached; without a number, at
the first. Unset, a point costs one dictionary look-up.
"""

from __future__ import annotations

import os
import signal

VARIABLE = "INBOX_ROUTER_FAULT_POINT"
POINTS = (
    "fetched",  # bytes are here, nothing is written
    "intents-committed",  # the batch is promised, nothing is done
    "draft-appended",
    "flags-stored",
    "moved",  # the server has moved, the outcome is not written
    "outcomes-committed",
    "withdrawn",
    "recovered",
    "sweep-committed",  # reminders are in the outbox
    "sending",  # the outbox row says so, SMTP was not contacted
    "sent",  # SMTP said yes, the outbox row does not say so
    "notice-appended",
)
_seen: dict[str, int] = {}


def point(name: str) -> None:
    """Die here when the environment says so. An unknown name in the environment never fires."""
    wanted = os.environ.get(VARIABLE)
    if not wanted or wanted.partition(":")[0] != name:
        return
    _seen[name] = _seen.get(name, 0) + 1
    if _seen[name] >= int(wanted.partition(":")[2] or 1):
        os.kill(os.getpid(), signal.SIGKILL)
