"""The deployed local stack from outside: how fast a request is accepted, how many jobs a second reach their end."""

from __future__ import annotations

import statistics
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx

from local.emulator.info import StackInfo
from tools.paths import LOCAL

SEQUENTIAL = 60
BURST = 100
CLIENTS = 8
WORKSPACES = 16
PATIENCE_SECONDS = 300
OPEN = ("queued", "processing")
TERMINAL = {"succeeded", "partial", "failed", "canceled"}
BODY = {"prompt": "a red kite over a lake", "aspect_ratio": "1:1", "quality": "fast"}
UNPAINTED = {"prompt": "[[fail]]"}  # accepting is timed alone: painting would take the same cores


def run() -> None:
    """Print p50 and p95 of an accepted request, then jobs per second end to end."""
    stack = StackInfo.read(LOCAL / "stack.json")
    with httpx.Client(base_url=stack.base_url, timeout=60) as http:
        keys = _keys_of_many(http, stack)
        _submit(http, keys[0])
        samples = sorted(_timed(http, keys[n % len(keys)]) for n in range(SEQUENTIAL))
        print(
            f"accepted request, one at a time   p50 {statistics.median(samples) * 1000:5.1f} ms"
            f"   p95 {samples[int(len(samples) * 0.95)] * 1000:5.1f} ms"
        )
        _drain(http, keys)
        started = time.perf_counter()
        with ThreadPoolExecutor(CLIENTS) as pool:
            ids = list(pool.map(lambda n: _submit(http, keys[n % len(keys)]), range(BURST)))
        accepted = time.perf_counter() - started
        _drain(http, keys)
        ended = time.perf_counter() - started
    print(f"accepted, {CLIENTS} clients               {len(ids) / accepted:5.1f} requests/s")
    print(
        f"jobs end to end, image painted    {len(ids) / ended:5.1f} jobs/s  ({BURST} jobs in {ended:.1f} s)"
    )


def _keys_of_many(http: httpx.Client, stack: StackInfo) -> list[str]:
    """Keys of so many workspaces that no rate limit gets in the way of measuring."""
    body = {"name": "bench", "plan": "pro", "credits": 100_000}
    headers = {"Authorization": f"Bearer {stack.keys['admin']}"}
    answers = [
        http.post("/platform/v1/admin/workspaces", headers=headers, json=body).raise_for_status()
        for _ in range(WORKSPACES)
    ]
    return [answer.json()["key"]["secret"] for answer in answers]


def _submit(http: httpx.Client, key: str, body: dict[str, str] = BODY) -> str:
    answer = http.post("/memes/v1/images", headers={"Authorization": f"Bearer {key}"}, json=body)
    return str(answer.raise_for_status().json()["generation"]["id"])


def _timed(http: httpx.Client, key: str) -> float:
    started = time.perf_counter()
    _submit(http, key, UNPAINTED)
    return time.perf_counter() - started


def _drain(http: httpx.Client, keys: list[str]) -> None:
    """Wait until no job is queued or processing."""
    until = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < until:
        open_keys = (key for key in keys if any(_open_jobs(http, key, status) for status in OPEN))
        if next(open_keys, None) is None:
            return
        time.sleep(1.2)  # a key is asked for both, and may ask 120 times a minute
    raise TimeoutError("jobs did not end")


def _open_jobs(http: httpx.Client, key: str, status: str) -> list[Any]:
    answer = http.get(
        "/memes/v1/generations",
        params={"status": status, "limit": 1},
        headers={"Authorization": f"Bearer {key}"},
    )
    jobs: list[Any] = answer.raise_for_status().json()["data"]
    return jobs
