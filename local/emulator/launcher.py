"""The emulator with snapshots: what it would save at a clean stop, saved again and again while it runs.

This file is run by the emulator's own interpreter, with its packages and none of those the project's code needs:
``launcher.py FOLDER HOME``. A snapshot is a folder of its own in FOLDER, named by when it was taken, and exists whole
or not at all. They are taken while FOLDER has a file ``on``, at once when that is new. HOME is where a browser that
opens the emulator's bare address is sent. Beside the emulator, on its port, is a double of Stripe.
"""

import gc
import importlib
import json
import logging
import os
import shutil
import sys
import threading
import time
from collections.abc import Awaitable, Callable, Coroutine, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

SECONDS = 10.0  # between snapshots, at least
SHARE = 20  # times as long as the last one took: they may take a twentieth of the time
# Of the interpreter's time to one thread while others wait: a request is handed from thread to thread some hundred
# times, and each time would wait as long for the one that takes a snapshot.
SWITCH_SECONDS = 0.0005
_LOOK = 0.2
_TRIES = 10  # of a service whose tables change while they are copied

logger = logging.getLogger("snapshots")

type Receive = Callable[[], Awaitable[Any]]
type Send = Callable[[dict[str, Any]], Awaitable[None]]
type Asgi = Callable[[dict[str, Any], Receive, Send], Coroutine[Any, Any, None]]


def take(
    folder: Path, states: Mapping[str, Callable[[], Any]], save: Callable[[Path, str, Any], None]
) -> Path:
    """Save the state of every service into a new snapshot of ``folder``, and remove the older ones."""
    draft = folder / "draft"
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(parents=True)
    with _nothing_collected():
        for name, state_of in states.items():
            state = _copied(state_of)
            if state is not None:
                save(draft, name, state)
    snapshot = folder / f"{time.time():020.6f}"
    draft.rename(snapshot)
    for older in taken(folder)[:-1]:
        shutil.rmtree(older, ignore_errors=True)
    return snapshot


def taken(folder: Path) -> list[Path]:
    """The whole snapshots, oldest first."""
    return sorted(path for path in folder.glob("[0-9]*.[0-9]*") if path.is_dir())


def keep_taking(folder: Path, take_one: Callable[[], object]) -> None:
    """Take snapshots for as long as the process lives."""
    due, seen = 0.0, 0
    while True:
        time.sleep(_LOOK)
        try:
            wanted = (folder / "on").stat().st_mtime_ns
        except OSError:
            seen = 0
            continue
        if wanted == seen and time.monotonic() < due:
            continue
        started = time.monotonic()
        try:
            take_one()
            seen = wanted
        except Exception:
            logger.exception("no snapshot was taken")
        due = time.monotonic() + max(SECONDS, SHARE * (time.monotonic() - started))


def with_home(app: Asgi, home: str) -> Asgi:
    """The application, with a browser that opens ``/`` sent to ``home``. An AWS client, which signs, is not.

    So is whoever leaves out the slash at the end of ``home``, where the emulator has nothing.
    """

    async def answer(scope: dict[str, Any], receive: Receive, send: Send) -> None:
        if not _is_home(scope, home) and not _opened_by_a_person(scope):
            await app(scope, receive, send)
            return
        headers = [(b"location", home.encode()), (b"content-length", b"0")]
        await send({"type": "http.response.start", "status": 302, "headers": headers})
        await send({"type": "http.response.body", "body": b""})

    return answer


def _is_home(scope: dict[str, Any], home: str) -> bool:
    return bool(scope["type"] == "http" and scope["path"] == home.rstrip("/"))


def _opened_by_a_person(scope: dict[str, Any]) -> bool:
    if scope["type"] != "http" or scope["path"] != "/" or scope["method"] not in ("GET", "HEAD"):
        return False
    headers = dict(scope["headers"])
    return b"authorization" not in headers and b"text/html" in headers.get(b"accept", b"")


@contextmanager
def _nothing_collected() -> Iterator[None]:
    """Keep the collector of garbage from looking through the copies, again and again, while nobody is answered."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def _copied(state_of: Callable[[], Any]) -> Any:
    for _ in range(_TRIES - 1):
        try:
            return state_of()
        except RuntimeError:  # it changed while it was copied
            time.sleep(0.01)
    return state_of()


def main() -> None:
    """Run the emulator."""
    folder, home = Path(sys.argv.pop(1)), sys.argv.pop(1)
    app: Any = importlib.import_module("ministack.app")
    persistence: Any = importlib.import_module("ministack.core.persistence")

    def save(draft: Path, name: str, state: Any) -> None:
        version = persistence._state_format_version(name)  # noqa: SLF001 - it has no other door
        document = {"__ministack_format__": version, "payload": state}
        with (draft / f"{name}.json").open("w") as file:
            json.dump(document, file, default=persistence._json_default)  # noqa: SLF001

    def take_one() -> None:
        take(folder, app._build_persistence_save_dict(), save)  # noqa: SLF001

    sys.setswitchinterval(SWITCH_SECONDS)
    threading.Thread(target=keep_taking, args=(folder, take_one), name="snapshots", daemon=True).start()
    sys.path.append(str(Path(__file__).parents[2]))
    mounted: Any = importlib.import_module("local.emulator.mounted")
    background: Any = importlib.import_module("local.emulator.background")
    service: Any = importlib.import_module("ministack.services.lambda_svc")
    background.set_apart(service, importlib.import_module("ministack.core.lambda_runtime"))
    stripe = mounted.stripe_of(f"http://127.0.0.1:{os.environ['GATEWAY_PORT']}", home)
    app.app = mounted.with_stripe(with_home(app.app, home), stripe)
    app.main()


if __name__ == "__main__":
    main()
