"""`python -m local <command>`: what the Makefile calls."""

import argparse
import os
import sys
from collections.abc import Callable
from pathlib import Path

from local import demo, sam_template, vendors
from local.emulator.info import StackInfo
from local.emulator.server import last_port
from local.emulator.stack import Stack, aws_folder
from local.functions import follow, invoke, shown
from local.sample_events import read_event
from tools.errors import LocalError
from tools.paths import LOCAL, ROOT
from tools.report import complain, say

_DEFAULT_PORT = 4566

type Command = Callable[..., None]


def main(arguments: list[str] | None = None) -> int:
    """Run one command; an error a person can act on is one line and exit code 1."""
    parser = argparse.ArgumentParser(prog="python -m local", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    for name, (_, wanted) in sorted(_COMMANDS.items()):
        command = commands.add_parser(name)
        for argument in wanted:
            command.add_argument(argument)
    given = vars(parser.parse_args(arguments))
    run, _ = _COMMANDS[given.pop("command")]
    try:
        run(Stack(_port(), LOCAL), **given)
    except LocalError as error:
        complain(str(error))
        return 1
    except KeyboardInterrupt:
        complain("interrupted")
        return 130
    return 0


def _up(stack: Stack) -> None:
    info = stack.up()
    _describe(info)


def _down(stack: Stack) -> None:
    say("the local AWS is stopped; its data is kept" if stack.down() else "the local AWS was not running")


def _status(stack: Stack) -> None:
    _describe(stack.info())


def _seed(stack: Stack) -> None:
    info = stack.info()
    for name, key in info.keys.items():
        say(f"{name:12} {key}")


def _demo(stack: Stack) -> None:
    demo.run(stack.up())


def _doubles(stack: Stack) -> None:
    vendors.run(stack)


def _invoke(stack: Stack, function: str, event: str) -> None:
    """Run a function once; its log goes to stderr, its answer to stdout."""
    invocation = invoke(stack.clients, function, read_event(Path(event), stack.info()))
    print(invocation.log, file=sys.stderr)
    say(shown(invocation.answer))
    if invocation.failed:
        raise LocalError(f"{function} raised; its log is above")


def _event(stack: Stack, event: str) -> None:
    say(read_event(Path(event), stack.info()))


def _logs(stack: Stack, function: str) -> None:
    stack.info()  # raises when it is not up
    for line in follow(stack.clients, function):
        say(line)


def _sam_template(stack: Stack) -> None:
    stack.info()  # raises when it is not up
    say(f"written: {sam_template.write(stack.clients).relative_to(ROOT)}")


def _describe(info: StackInfo) -> None:
    say(f"up at {info.base_url} (open {_origin(info.base_url)} in a browser)")
    say(f"what it mails (sign-in codes) is shown at {_origin(info.base_url)}/_ministack/ses/messages")
    say("keys in .local/stack.json; logs in .local/aws/ministack.log; stop it with `make down`")


def _origin(url: str) -> str:
    """A URL without its path."""
    return "/".join(url.split("/")[:3])


def _port() -> int:
    """The port that was asked for, else the one of the last time."""
    text = os.environ.get("DARKROOM_PORT", "")
    if not text:
        return last_port(aws_folder(LOCAL)) or _DEFAULT_PORT
    if not text.isdigit() or not 1024 <= int(text) <= 65535:
        raise LocalError(f"DARKROOM_PORT must be a number from 1024 to 65535, not {text!r}")
    return int(text)


_COMMANDS: dict[str, tuple[Command, tuple[str, ...]]] = {
    "up": (_up, ()),
    "down": (_down, ()),
    "status": (_status, ()),
    "seed": (_seed, ()),
    "demo": (_demo, ()),
    "doubles": (_doubles, ()),
    "invoke": (_invoke, ("function", "event")),
    "event": (_event, ("event",)),
    "logs": (_logs, ("function",)),
    "sam-template": (_sam_template, ()),
}


if __name__ == "__main__":
    sys.exit(main())
