"""The command `inbox-router`."""

from __future__ import annotations

import sys


def main() -> None:
    """Answer `--version` at once, start the daemon and the reader bare; all else loads the command line."""
    if sys.argv[1:] == ["--version"]:
        from router import __version__

        sys.stdout.write(f"inbox-router {__version__}\n")
        return
    if sys.argv[1:] == ["inspect", "--jsonl"]:
        from router.mail import stream

        sys.exit(stream.inspect())
    if sys.argv[1:2] == ["run"]:
        from router.cli import service

        config = service.config_of(sys.argv[1:])
        if config is not None:
            sys.exit(service.run(config))
    if sys.argv[1:2] == ["try"]:
        _expect_to_fit()
    from router.cli.app import run

    run()


def _expect_to_fit() -> None:
    """The first look of all waits for a model: have what fits it loaded beside everything else."""
    from router.classify import standby
    from router.config.settings import settings

    models = settings().state / "models"
    if not models.is_dir() or not any(models.iterdir()):
        standby.prepare()


if __name__ == "__main__":
    main()
