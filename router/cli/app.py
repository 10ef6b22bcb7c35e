"""The command line: one file per command family; the only place that prints and exits."""

from __future__ import annotations

import typer

from router.cli import care, demo, doctor, explain, init, login, look, people, serve, setup, takeback

app = typer.Typer(
    name="inbox-router",
    help="Sorts a support inbox, leaves the right reply in Drafts and keeps the team's promise to answer in time.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
for family in (look, demo, init, login, setup, serve, explain, care, doctor, takeback, people):
    family.register(app)


def run() -> None:
    """Entry point."""
    app()
