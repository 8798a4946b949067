"""A fault in what the emulator saves, put right before it is loaded again.

It saves how far each mapping has read a DynamoDB stream, but not the stream: after a restart the stream
begins at nought, every mapping skips what is written to it, and nothing is announced any more.
"""

import json
from pathlib import Path


def forget_stream_positions(folder: Path) -> None:
    """Let every mapping read its (empty) stream from the start; `folder` is the emulator's STATE_DIR."""
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
