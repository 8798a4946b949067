"""A peer as a process: a line of JSON comes in saying which cards, a line goes out saying how long each took."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

type Draw = Callable[[dict[str, Any]], bytes]


def inputs() -> dict[str, str]:
    """Where the font and the photo are; the file is the process' argument, for every peer the same."""
    inputs: dict[str, str] = json.loads(Path(sys.argv[1]).read_text())
    return inputs


def serve(draw: Draw, cold: Draw | None = None) -> None:
    """Answers until the input ends. ``cold`` draws for who asks for it, without anything kept."""
    for line in sys.stdin:
        request = json.loads(line)
        chosen = cold if cold and request.get("cold") else draw
        ms, png = [], b""
        for card in request["cards"]:
            started = time.perf_counter()
            png = chosen(card)
            ms.append((time.perf_counter() - started) * 1000)
        if request.get("save"):
            Path(request["save"]).write_bytes(png)
        print(json.dumps({"ms": ms, "bytes": len(png)}), flush=True)
