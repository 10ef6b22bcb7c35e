"""`demo`: the whole product on an embedded mail server, in under a minute."""

from __future__ import annotations

import importlib.util
import os
from pathlib import Path
from typing import Annotated

import typer

from router.cli.base import FAILED, exits, leave

NEEDED = ("pymap", "aiosmtpd")


def register(app: typer.Typer) -> None:
    app.command()(demo)


def demo(
    keep: Annotated[
        bool, typer.Option("--keep", help="Leave the server up, to look at it with a mail client.")
    ] = False,
) -> None:
    """Sort sixty mails in five languages on a mail server of its own, and tell what happens. Needs no mailbox.

    With DEMO_OUT set to a directory, demo.json is written there.
    """
    missing = [name for name in NEEDED if importlib.util.find_spec(name) is None]
    if missing:
        leave(FAILED, f"The demo needs {' and '.join(missing)}: pip install 'inbox-router[demo]'")
    from router.demo.story import tell

    with exits():
        out = os.environ.get("DEMO_OUT")
        leave(tell(Path(out) if out else None, keep))
