"""What the emulator saved: which of it to load, and a fault in it put right before that.

A clean stop saves everything. A killed emulator leaves the snapshots it took while it ran, and what the last clean
stop saved. Files of buckets are on the disk either way, newer than the snapshot maybe: they do no harm.
"""

import json
import shutil
from datetime import UTC, datetime
from pathlib import Path


def snapshots(folder: Path) -> list[Path]:
    """The whole snapshots in the emulator's folder, oldest first."""
    return sorted(path for path in (folder / "snapshots").glob("[0-9]*.[0-9]*") if path.is_dir())


def recover(folder: Path, heard_of: float) -> str:
    """Have the emulator load the newest there is of what it saved before it was killed; what was lost, in words.

    ``heard_of`` is when it last said something, in seconds since 1970.
    """
    taken, state = snapshots(folder), folder / "state"
    if taken:
        newest = taken[-1]
        at = float(newest.name)
        _replace(state, newest)
        lost = f"what was written in the {max(heard_of - at, 0):.0f} s after it is lost"
        words = f"back to the snapshot of {_clock(at)}; {lost}"
    elif any(state.glob("*.json")):
        at = max(path.stat().st_mtime for path in state.glob("*.json"))
        words = f"back to when it was last stopped, {_clock(at)}; everything after that is lost"
    else:
        # Buckets' files without the stack they belong to would be in the way of the next one.
        shutil.rmtree(folder / "s3", ignore_errors=True)
        words = "it had not been up for long enough to save anything; it starts empty"
    shutil.rmtree(folder / "snapshots", ignore_errors=True)
    return words


def forget_stream_positions(folder: Path) -> None:
    """Let every mapping read its (empty) stream from the start; `folder` is the emulator's STATE_DIR.

    It saves how far each mapping has read a DynamoDB stream, but not the stream: after a restart the stream begins at
    nought, every mapping skips what is written to it, and nothing is announced any more.
    """
    saved = folder / "lambda.json"
    if not saved.exists():
        return
    state = json.loads(saved.read_text())
    positions = state.get("payload", {}).get("dynamodb_stream_positions", {})
    if positions.get("data"):
        positions["data"] = {}
        draft = saved.with_suffix(".tmp")
        draft.write_text(json.dumps(state))
        draft.replace(saved)


def _replace(state: Path, snapshot: Path) -> None:
    """Put a snapshot's documents in place of those saved before. Functions' code lies beside them, by content."""
    state.mkdir(parents=True, exist_ok=True)
    for older in state.glob("*.json"):
        older.unlink()
    for saved in snapshot.iterdir():
        saved.rename(state / saved.name)


def _clock(seconds: float) -> str:
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%d %H:%M:%S} UTC"
