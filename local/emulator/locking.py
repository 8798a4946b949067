"""One at a time: two `make up` in two terminals must not build or start the same thing."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tools.errors import LocalError


@contextmanager
def locked(path: Path, *, wait: bool, what: str) -> Iterator[None]:
    """Hold a lock file while the block runs; it is released when the process dies, however it dies.

    Raises LocalError when somebody else holds it and `wait` is false.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError:
            raise LocalError(f"another command is {what}; wait for it to finish") from None
        yield
