"""The emulator with snapshots: what it would save at a clean stop, saved again and again while it runs.

This file is run by the emulator's own interpreter, with the emulator's packages and none of the project's:
``launcher.py FOLDER``. A snapshot is a folder of its own in FOLDER, named by when it was taken, and exists whole or
not at all. They are taken while FOLDER has a file ``on``, at once when that is new.
"""

import importlib
import json
import logging
import shutil
import sys
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

SECONDS = 10.0  # between snapshots, at least
SHARE = 20  # times as long as the last one took: they may take a twentieth of the time
_LOOK = 0.2
_TRIES = 10  # of a service whose tables change while they are copied

logger = logging.getLogger("snapshots")


def take(
    folder: Path, states: Mapping[str, Callable[[], Any]], save: Callable[[Path, str, Any], None]
) -> Path:
    """Save the state of every service into a new snapshot of ``folder``, and remove the older ones."""
    draft = folder / "draft"
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(parents=True)
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


def _copied(state_of: Callable[[], Any]) -> Any:
    for _ in range(_TRIES - 1):
        try:
            return state_of()
        except RuntimeError:  # it changed while it was copied
            time.sleep(0.01)
    return state_of()


def main() -> None:
    """Run the emulator."""
    folder = Path(sys.argv.pop(1))
    app: Any = importlib.import_module("ministack.app")
    persistence: Any = importlib.import_module("ministack.core.persistence")

    def save(draft: Path, name: str, state: Any) -> None:
        version = persistence._state_format_version(name)  # noqa: SLF001 - it has no other door
        document = {"__ministack_format__": version, "payload": state}
        with (draft / f"{name}.json").open("w") as file:
            json.dump(document, file, default=persistence._json_default)  # noqa: SLF001

    def take_one() -> None:
        take(folder, app._build_persistence_save_dict(), save)  # noqa: SLF001

    threading.Thread(target=keep_taking, args=(folder, take_one), name="snapshots", daemon=True).start()
    app.main()


if __name__ == "__main__":
    main()
