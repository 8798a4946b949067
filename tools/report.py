"""Progress, one line a step, with how long the step took."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager


def say(text: str) -> None:
    """Print a line at once, even into a pipe."""
    print(text, flush=True)


def complain(text: str) -> None:
    """Print the one line that says what went wrong and what to do."""
    print(f"darkroom: {text}", file=sys.stderr, flush=True)


@contextmanager
def step(name: str) -> Iterator[None]:
    """Say what is being done and, when it worked, how many seconds it took."""
    print(f"  {name} ...", end="", flush=True)
    started = time.monotonic()
    try:
        yield
    except BaseException:
        print(" failed", flush=True)
        raise
    print(f" {time.monotonic() - started:.1f} s", flush=True)
