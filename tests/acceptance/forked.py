"""Runs our command in forks of one warm process: a pass without the second that a fresh interpreter takes to import.

`python -m tests.acceptance.forked` reads one JSON line per command and answers with two: the process id at once, how it
ended afterwards. Each fork is a process of its own: it has its own environment, opens its own database, and is killed
like any other.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self


@dataclass(slots=True)
class Running:
    """A command under way."""

    pid: int
    out: Path
    _server: Forks

    def wait(self) -> tuple[int, str, str]:
        """Exit code (negative: the signal that ended it), standard output, standard error."""
        code = int(self._server.read()["code"])
        return code, self.out.read_text(), self.out.with_suffix(".err").read_text()


class Forks:
    """The warm process. One command at a time."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._number = 0

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.acceptance.forked"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2],
            env={**os.environ, "OPENBLAS_NUM_THREADS": "1"},
        )  # fmt: skip
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.communicate()

    def start(self, words: Sequence[str], environment: dict[str, str]) -> Running:
        """Begin a command."""
        self._number += 1
        out = self._directory / f"{self._number}.out"
        request = {"words": list(words), "environment": environment, "out": str(out)}
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(request) + "\n")
        self._process.stdin.flush()
        return Running(pid=int(self.read()["pid"]), out=out, _server=self)

    def read(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        answer: dict[str, Any] = json.loads(self._process.stdout.readline())
        return answer


def _run(request: dict[str, Any]) -> None:
    """The fork's life; ends the process."""
    out = Path(request["out"])
    for number, path in ((1, out), (2, out.with_suffix(".err"))):
        with path.open("wb") as file:
            os.dup2(file.fileno(), number)
    os.environ.clear()
    os.environ.update(request["environment"])
    sys.argv[1:] = request["words"]
    from router.__main__ import main

    code = 0
    try:
        main()
    except SystemExit as ended:
        code = ended.code if isinstance(ended.code, int) else 1
    except BaseException:  # noqa: BLE001 the test wants to read it
        import traceback

        traceback.print_exc()
        code = 1
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


def serve() -> None:
    """Fork once per line until standard input ends."""
    import router.assembly
    import router.cli.app
    import router.daemon
    import router.mail.parse
    import router.pipeline
    import router.smtp  # noqa: F401

    for line in sys.stdin:
        pid = os.fork()
        if pid == 0:
            _run(json.loads(line))
        sys.stdout.write(json.dumps({"pid": pid}) + "\n")
        sys.stdout.flush()
        _, status = os.waitpid(pid, 0)
        sys.stdout.write(json.dumps({"code": os.waitstatus_to_exitcode(status)}) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    serve()
