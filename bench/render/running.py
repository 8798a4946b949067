"""Runs all peers in turns, so that a busy moment of the machine hits all of them, and prints the results.

Goals: our p50 below takumi's and at most a quarter of satori's with resvg; a bulk render at most half as long as
a single one; a file at most 1.25 × of what zlib's level 6 makes of the same pixels.
"""

from __future__ import annotations

import io
import json
import statistics
import subprocess
import sys
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from bench.render.card import row
from bench.render.installing import ENVIRONMENT, FOLDER, browser, node_peers, prepared
from tools.paths import ROOT

WARM_UP = 20
ROUNDS = 60
CARDS = 2  # per round and peer
BULK = 1000
SINGLES = 30
FIRSTS = 5
FIRST = """
import time
started = time.perf_counter()
from bench.render import ours
from bench.render.card import row
loaded = time.perf_counter()
def first(draw, cold):
    draw(row(0))
    done = time.perf_counter()
    print((loaded - started) * 1000, (done - loaded) * 1000)
ours.serve = first
ours.main()
"""


class Peer:
    """A process that draws cards and says how long each took, in ms."""

    def __init__(self, name: str, command: Sequence[str], folder: Path = ROOT) -> None:
        self.name = name
        self.ms: list[float] = []
        self.bytes = 0
        self._process = subprocess.Popen(
            command,
            cwd=folder,
            env=ENVIRONMENT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )

    def draw(self, numbers: Sequence[int], **options: Any) -> list[float]:
        assert self._process.stdin
        assert self._process.stdout
        request = {"cards": [row(number) for number in numbers], **options}
        self._process.stdin.write(json.dumps(request) + "\n")
        self._process.stdin.flush()
        answer = json.loads(self._process.stdout.readline())
        self.bytes = answer["bytes"]
        times: list[float] = answer["ms"]
        return times

    def close(self) -> None:
        assert self._process.stdin
        self._process.stdin.close()
        self._process.wait(timeout=30)


def run() -> None:
    """Print the table of all peers, then what only concerns us."""
    inputs = str(prepared())
    peers = _peers(inputs)
    us = peers[0]
    for peer in peers:
        peer.draw(range(9000, 9000 + WARM_UP), save=str(FOLDER / f"{peer.name.split()[0]}.png"))
    for turn in range(ROUNDS):
        for peer in peers:
            peer.ms += peer.draw(range(turn * CARDS, (turn + 1) * CARDS))
    for peer in peers:
        p10, p50, p90 = _quantiles(peer.ms)
        print(f"{peer.name:<24} p50 {p50:6.1f} ms   p10 {p10:6.1f}   p90 {p90:6.1f}   {peer.bytes:>8,} bytes")
    _compare(peers)
    _bulk(us)
    _file(FOLDER / "darkroom.png")
    for peer in peers:
        peer.close()
    _first(inputs)


def _peers(inputs: str) -> list[Peer]:
    python = sys.executable
    peers = [
        Peer("darkroom", [python, "-m", "bench.render.ours", inputs]),
        Peer("pillow", [python, "-m", "bench.render.pillow_card", inputs]),
    ]
    if folder := node_peers():
        peers.append(Peer("takumi", ["node", "takumi.mjs", inputs], folder))
        peers.append(Peer("satori + resvg", ["node", "satori.mjs", inputs], folder))
        if browser():
            peers.append(Peer("chromium", ["node", "chromium.mjs", inputs], folder))
        else:
            print("Chromium is left out: it is not installed here")
    return peers


def _compare(peers: list[Peer]) -> None:
    p50 = {peer.name: statistics.median(peer.ms) for peer in peers}
    if "takumi" in p50:
        print(f"ours / takumi's          {p50['darkroom'] / p50['takumi']:.2f}  (goal below 1)")
        print(f"satori's / ours          {p50['satori + resvg'] / p50['darkroom']:.1f}  (goal 4 or more)")


def _bulk(us: Peer) -> None:
    """A thousand on one template beside renders of which each has to load, decode and draw everything."""
    bulk, singles = [], []
    for turn in range(10):
        bulk += us.draw(range(1000 + turn * BULK // 10, 1000 + (turn + 1) * BULK // 10))
        singles += us.draw(range(turn * SINGLES // 10, (turn + 1) * SINGLES // 10), cold=True)
    each, single = statistics.mean(bulk), statistics.mean(singles)
    print(f"bulk of {BULK}, each       {each:6.1f} ms")
    print(f"single, nothing kept     {single:6.1f} ms   {single / each:.1f} times bulk  (goal 2 or more)")


def _file(path: Path) -> None:
    """Our file beside zlib's level 6, with the row filter that suits it best of none, sub, up and Pillow's choice."""
    pixels = np.asarray(Image.open(path).convert("RGB"))
    height, width, channels = pixels.shape
    rows = pixels.reshape(height, width * channels)
    sub = np.hstack((rows[:, :3], rows[:, 3:] - rows[:, :-3]))
    up = np.vstack((rows[:1], rows[1:] - rows[:-1]))
    body = io.BytesIO()
    Image.fromarray(pixels).save(body, "PNG", compress_level=6)
    sizes = [len(zlib.compress(np.insert(each, 0, 0, axis=1).tobytes(), 6)) for each in (rows, sub, up)]
    best = min(*sizes, len(body.getvalue()))
    print(f"file / zlib level 6      {path.stat().st_size / best:.2f}  (goal at most 1.25)")


def _first(inputs: str) -> None:
    runs = []
    for _ in range(FIRSTS):
        done = subprocess.run(
            [sys.executable, "-c", FIRST, inputs],
            cwd=ROOT,
            env=ENVIRONMENT,
            capture_output=True,
            text=True,
            check=True,
        )
        runs.append([float(part) for part in done.stdout.split()[-2:]])
    loading, drawing = (statistics.median(column) for column in zip(*runs, strict=True))
    print(f"first card of a process  {loading:6.0f} ms to load, {drawing:.0f} ms to draw")


def _quantiles(ms: list[float]) -> tuple[float, float, float]:
    """p10, p50 and p90; on a busy machine p10 is what a picture takes when nobody disturbs."""
    ordered = sorted(ms)
    return ordered[len(ms) // 10], statistics.median(ms), ordered[int(len(ms) * 0.9)]
