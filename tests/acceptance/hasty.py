"""The daemon with short waits: `python -m tests.acceptance.hasty workflows.yaml POLL_SECONDS TIMEOUT_SECONDS`."""

from __future__ import annotations

import asyncio
import logging
import sys
from pathlib import Path

from router.config.lastgood import LastGood
from router.config.settings import settings
from router.daemon import Daemon
from router.lock import StateLock
from router.mail.worker import ParseWorker
from router.store.database import Store


def main(config: Path, poll_seconds: float, timeout: float) -> None:
    """As `inbox-router run` does it."""
    logging.basicConfig(stream=sys.stderr, level=logging.INFO, format="%(asctime)s %(name)s %(message)s")
    logging.getLogger("apscheduler").setLevel(logging.WARNING)
    found = settings()
    lock, store, parser = StateLock(found.state), Store.open(found.database_url), ParseWorker()
    try:
        good = LastGood(config, state=found.state)
        daemon = Daemon(found, good, store, parser, poll_seconds=poll_seconds, timeout=timeout)
        asyncio.run(daemon.run())
    finally:
        parser.close()
        store.close()
        lock.release()


if __name__ == "__main__":
    main(Path(sys.argv[1]), float(sys.argv[2]), float(sys.argv[3]))
