"""The command's entry: its subcommands, and what becomes of errors."""

from __future__ import annotations

import sys

import httpx
import typer

from darkroom_client import ApiError, ConnectionFailed, DarkroomError, Unauthorized, WaitedTooLong
from darkroom_client.cli import account, admin, output, templates
from darkroom_client.cli.generate import generate
from darkroom_client.cli.listen import listen
from darkroom_client.cli.login import login
from darkroom_client.cli.profile import NotLoggedIn
from darkroom_client.cli.render import render
from darkroom_client.cli.trigger import trigger

# What a script may rely on; 2 is the usage error of every command line.
FAILED, NOT_LOGGED_IN, REFUSED, UNREACHABLE, TIMED_OUT = 1, 3, 4, 5, 6

app = typer.Typer(
    name="darkroom",
    help="Generate, render and listen. Exit codes: 0 done, 1 failed, 2 usage, 3 not logged in, 4 refused by the API, "
    "5 no connection, 6 waited too long.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)
for command in (login, generate, render, account.jobs, listen, trigger, account.credits):
    app.command()(command)
app.add_typer(account.keys, name="keys")
app.add_typer(templates.app, name="templates")
app.add_typer(admin.app, name="admin")


def main(arguments: list[str] | None = None) -> int:
    """Run the command; returns its exit code."""
    try:
        app(arguments)  # prints usage errors itself, and exits
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else 0
    except (DarkroomError, httpx.HTTPError, OSError) as error:
        output.err.print(f"darkroom: {error}", markup=False, highlight=False)
        return _code(error)
    return 0


def _code(error: Exception) -> int:
    if isinstance(error, NotLoggedIn | Unauthorized):
        return NOT_LOGGED_IN
    if isinstance(error, ApiError):
        return REFUSED
    if isinstance(error, ConnectionFailed | httpx.TransportError):
        return UNREACHABLE
    return TIMED_OUT if isinstance(error, WaitedTooLong) else FAILED


if __name__ == "__main__":
    sys.exit(main())
