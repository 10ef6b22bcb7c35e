"""A process that loads what fitting needs while nobody knows yet what to fit: loading takes as long as fitting.

For commands that fit a model before they can answer. The process belongs to whoever takes it, and ends by itself when
this one does.
"""

from __future__ import annotations

import atexit
import os
import subprocess
import sys

# Threads of a numerical library gain nothing on so little, and cost memory.
_ONE_THREAD = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
_ready: list[subprocess.Popen[bytes]] = []


def started() -> subprocess.Popen[bytes]:
    """A process of `router.classify.train` that reads what to do from its standard input; raises OSError."""
    return subprocess.Popen(
        [sys.executable, "-m", "router.classify.train"],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        env={**os.environ, **_ONE_THREAD},
    )


def prepare() -> None:
    """Have one ready, when it can be started; it goes again at the end unless somebody takes it."""
    if not _ready:
        try:
            _ready.append(started())
        except OSError:
            return  # whoever needs it will try again, and say why it cannot be
        atexit.register(dismiss)


def take() -> subprocess.Popen[bytes]:
    """The one that is ready, or a new one; raises OSError."""
    return _ready.pop() if _ready else started()


def dismiss() -> None:
    """End the one that is ready: nobody needs it."""
    while _ready:
        with _ready.pop() as process:
            process.kill()
