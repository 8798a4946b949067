"""The demo's templates: one picture while it waits, and a batch that it watches."""

import time
from pathlib import Path
from typing import Any

import httpx

from local.emulator.info import StackInfo
from tools.errors import LocalError
from tools.paths import OUT
from tools.report import say

PATIENCE_SECONDS = 60.0
PREFIX = "/pixeldrive/v1"
HEADLINE = {"headline": {"text": "Half a million people can't be wrong 🎉"}}
NAMES = ("Ada Lovelace", "Грейс Хоппер", "林徽因", "فاطمة الفهرية")


def run(http: httpx.Client, stack: StackInfo) -> list[Path]:
    """Render; answers the files that were made. Raises LocalError."""
    if not stack.templates:
        return []  # the stack's data is older than its templates
    say("\nrendering templates")
    headers = {"Authorization": f"Bearer {stack.keys['pixeldrive']}"}
    card = {"templateId": stack.templates["social-card"], "payload": HEADLINE, "pixelRatio": 2}
    made = _good(http.post(f"{PREFIX}/render", json=card, headers=headers))
    say(f"  social-card  rendered in {made['renderMs']} ms, {made['uploadBytes'] // 1024} kB")
    files = [_download(http, made["url"], "social-card")]

    payloads = [{"recipient": {"text": name}} for name in NAMES]
    request = {"templateId": stack.templates["certificate"], "payloads": payloads}
    batch = _good(http.post(f"{PREFIX}/render/batch", json=request, headers=headers))
    ended = _await(http, headers, batch["batchId"])
    say(f"  certificate  {ended['completed']} of {ended['total']} rows completed")
    for number, row in enumerate(ended["results"], 1):
        if row["result"] is None:
            raise LocalError(f"a certificate was not rendered: {row['failedReason']}")
        files.append(_download(http, row["result"]["imageUrl"], f"certificate-{number}"))
    return files


def _await(http: httpx.Client, headers: dict[str, str], batch: str) -> dict[str, Any]:
    until = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < until:
        seen = _good(http.get(f"{PREFIX}/batches/{batch}", headers=headers))
        if seen["queued"] == seen["running"] == 0:
            return seen
        time.sleep(0.3)
    raise LocalError(f"batch {batch} did not end; see .local/aws/ministack.log")


def _download(http: httpx.Client, url: str, name: str) -> Path:
    answer = http.get(url, follow_redirects=True)
    answer.raise_for_status()
    path = OUT / f"{name}.png"
    path.write_bytes(answer.content)
    return path


def _good(answer: httpx.Response) -> dict[str, Any]:
    if answer.status_code >= 400:
        raise LocalError(f"{answer.request.url} answered {answer.status_code}: {answer.text[:300]}")
    body: dict[str, Any] = answer.json()
    return body
