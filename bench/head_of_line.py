"""How long one workspace waits while another has thousands of rows rendered, on the local stack from outside."""

from __future__ import annotations

import statistics
import time
from typing import Any

import httpx

from local.emulator.info import StackInfo
from tools.paths import LOCAL

PREFIX = "/pixeldrive/v1"
BATCHES = 2
ROWS = 1_000  # of each
SAMPLES = 10
GOAL_SECONDS = 1.0  # of a single render, at worst
PATIENCE_SECONDS = 300
DOCUMENT = {
    "canvas": {"width": 600, "height": 315, "background": "#ffffff"},
    "elements": [
        {"id": "name", "type": "text", "text": "Name", "x": 20, "y": 20, "width": 500, "height": 80},
    ],
}


def run() -> None:
    """Print how long a single render and a batch of one row take: alone, and behind 2,000 rows of another's."""
    stack = StackInfo.read(LOCAL / "stack.json")
    with httpx.Client(base_url=stack.base_url, timeout=60) as http:
        measure(http, stack)


def measure(http: httpx.Client, stack: StackInfo) -> None:
    """Print the waits."""
    large, small = (_Tenant(http, stack) for _ in range(2))
    _report("idle", small)
    started = time.perf_counter()
    batches = [large.batch(ROWS) for _ in range(BATCHES)]
    worst = _report(f"behind {BATCHES * ROWS} rows", small)
    busy = not all(large.done(batch) for batch in batches)
    print(f"the rows were {'still being' if busy else 'all'} rendered when that was measured")
    while not all(large.done(batch) for batch in batches):
        worst = max(worst, small.single())
        time.sleep(0.2)
    print(f"worst single render         {worst:6.2f} s  until all rows were there (goal {GOAL_SECONDS:.0f})")
    print(f"all {BATCHES * ROWS} rows after          {time.perf_counter() - started:6.1f} s")


class _Tenant:
    """A workspace with a template."""

    def __init__(self, http: httpx.Client, stack: StackInfo) -> None:
        self._http = http
        admin = {"Authorization": f"Bearer {stack.keys['admin']}"}
        body = {"name": "bench", "plan": "metered", "credits": 100_000, "key_dialect": "pixeldrive"}
        opened = http.post("/platform/v1/admin/workspaces", headers=admin, json=body).raise_for_status()
        self._headers = {"Authorization": f"Bearer {opened.json()['key']['secret']}"}
        self._template = self._post("templates", {"name": "t", "document": DOCUMENT})["id"]
        self._count = 0

    def single(self) -> float:
        """Seconds until a render is there."""
        started = time.perf_counter()
        self._post("render", {"templateId": self._template, "payload": self._payload()})
        return time.perf_counter() - started

    def batch(self, rows: int) -> str:
        """The id of an accepted batch."""
        payloads = [self._payload() for _ in range(rows)]
        body = {"templateId": self._template, "payloads": payloads}
        return str(self._post("render/batch", body)["batchId"])

    def row(self) -> float:
        """Seconds until a batch of one row is done."""
        started = time.perf_counter()
        batch = self.batch(1)
        while not self.done(batch):
            if time.perf_counter() - started > PATIENCE_SECONDS:
                raise TimeoutError(batch)
            time.sleep(0.1)
        return time.perf_counter() - started

    def done(self, batch: str) -> bool:
        found = self._http.get(f"{PREFIX}/batches/{batch}", headers=self._headers).raise_for_status().json()
        return bool(found["queued"] == found["running"] == 0)

    def _payload(self) -> dict[str, Any]:
        self._count += 1
        return {"name": {"text": f"person {self._count}"}}

    def _post(self, path: str, body: dict[str, Any]) -> Any:
        answer = self._http.post(f"{PREFIX}/{path}", json=body, headers=self._headers)
        return answer.raise_for_status().json()


def _report(when: str, tenant: _Tenant) -> float:
    """Print how long renders take; returns the longest that a single one took."""
    singles = sorted(tenant.single() for _ in range(SAMPLES))
    rows = sorted(tenant.row() for _ in range(3))
    print(
        f"{when:22} single render p50 {statistics.median(singles):6.2f} s  worst {singles[-1]:6.2f} s"
        f"   batch of one row p50 {statistics.median(rows):6.2f} s  worst {rows[-1]:6.2f} s",
        flush=True,
    )
    return singles[-1]
