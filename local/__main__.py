"""`python -m local up | down | status | seed | demo | doubles`, what the Makefile calls."""

import argparse
import os
import sys

from local import demo, vendors
from local.emulator.info import StackInfo
from local.emulator.stack import Stack
from tools.errors import LocalError
from tools.paths import LOCAL
from tools.report import complain, say

_DEFAULT_PORT = 4566


def main(arguments: list[str] | None = None) -> int:
    """Run one command; an error a person can act on is one line and exit code 1."""
    parser = argparse.ArgumentParser(prog="python -m local", description=__doc__)
    parser.add_argument("command", choices=sorted(_COMMANDS))
    command = parser.parse_args(arguments).command
    try:
        _COMMANDS[command](Stack(_port(), LOCAL))
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


def _describe(info: StackInfo) -> None:
    say(f"up at {info.base_url}")
    say(f"what it mails (sign-in codes) is shown at {_origin(info.base_url)}/_ministack/ses/messages")
    say("keys in .local/stack.json; logs in .local/aws/ministack.log; stop it with `make down`")


def _origin(url: str) -> str:
    """A URL without its path."""
    return "/".join(url.split("/")[:3])


def _port() -> int:
    text = os.environ.get("DARKROOM_PORT", "")
    if not text:
        return _DEFAULT_PORT
    if not text.isdigit() or not 1024 <= int(text) <= 65535:
        raise LocalError(f"DARKROOM_PORT must be a number from 1024 to 65535, not {text!r}")
    return int(text)


_COMMANDS = {"up": _up, "down": _down, "status": _status, "seed": _seed, "demo": _demo, "doubles": _doubles}


if __name__ == "__main__":
    sys.exit(main())
