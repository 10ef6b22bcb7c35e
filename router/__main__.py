"""The command `inbox-router`."""

from __future__ import annotations

import sys


def main() -> None:
    """Answer `--version` at once; everything else loads the command line."""
    if sys.argv[1:] == ["--version"]:
        from router import __version__

        sys.stdout.write(f"inbox-router {__version__}\n")
        return
    from router.cli.app import run

    run()


if __name__ == "__main__":
    main()
