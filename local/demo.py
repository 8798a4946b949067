"""A walk through the whole journey, for somebody who has just cloned the project."""

import json
import shutil
import time
from pathlib import Path
from typing import Any

import httpx
from svix.webhooks import Webhook

from local import demo_campaign, demo_purchase, demo_renders
from local.emulator.info import StackInfo
from local.receiver import Received, Receiver, receiver
from tools.errors import LocalError
from tools.paths import OUT, ROOT
from tools.report import say

TERMINAL = {"succeeded", "partial", "failed", "canceled"}
PATIENCE_SECONDS = 90.0

BRAND = {"company_name": "Dawn Roasters", "industry": "coffee", "brand_colors": ["#3B2A1A", "#E8C39E"]}
WISHES: tuple[tuple[str, str, str, dict[str, Any]], ...] = (
    (
        "two memes for a brand",
        "memes_live",
        "memes",
        {
            "prompt": "When the coffee finally kicks in on a Monday",
            "brand_context": BRAND,
            "aspect_ratio": "1:1",
            "count": 2,
        },
    ),
    (
        "a wide picture",
        "memes_live",
        "images",
        {"prompt": "Sunset over a mountain lake, warm light", "aspect_ratio": "16:9", "quality": "premium"},
    ),
    (
        "a tall one, of which one variant fails",
        "memes_live",
        "images",
        {"prompt": "Neon city in the rain at night [[fail:1]]", "aspect_ratio": "9:16", "count": 2},
    ),
    (
        "one that takes three seconds, as a vendor would",
        "memes_live",
        "images",
        {"prompt": "Rocket above a desert of stars [[slow:3]]", "aspect_ratio": "4:5"},
    ),
    (
        "one the content policy blocks",
        "memes_live",
        "images",
        {"prompt": "Something not allowed [[block]]"},
    ),
    (
        "one in test mode, with its watermark",
        "memes_test",
        "images",
        {"prompt": "Forest in morning mist", "aspect_ratio": "3:2"},
    ),
)


def run(stack: StackInfo) -> None:
    """Generate, store, deliver, verify; leaves the stack up. Raises LocalError."""
    shutil.rmtree(OUT, ignore_errors=True)
    OUT.mkdir()
    with httpx.Client(base_url=stack.base_url, timeout=30) as http, receiver() as hook:
        secret, endpoint = _subscribe(http, stack.keys["memes_live"], hook)
        before = _credits(http, stack)
        say("\ngenerating")
        jobs = [_submit(http, stack, *wish) for wish in WISHES]
        ended = [_await(http, stack.keys[key], job) for key, job in jobs]
        files = [file for job in ended for file in _download(http, job)]
        files += demo_campaign.run(http, stack)
        files += demo_renders.run(http, stack)
        demo_purchase.run(http, stack)
        live = sum(1 for key, _ in jobs if key == "memes_live") + demo_campaign.GENERATIONS
        say("\nwebhooks")
        for message in hook.wait_for(live, PATIENCE_SECONDS):
            _verify(secret, message)
        if len(hook.received) < live:
            raise LocalError("not every webhook arrived; see .local/aws/ministack.log")
        _unsubscribe(http, stack.keys["memes_live"], endpoint)
        after = _credits(http, stack)
    _conclude(stack, before, after, files)


def _subscribe(http: httpx.Client, key: str, hook: Receiver) -> tuple[str, str]:
    events = ["generation.completed", "generation.partial", "generation.failed", "generation.canceled"]
    answer = _call(http, "POST", "/memes/v1/webhooks", key, {"url": hook.url, "events": events})
    say(f"a subscriber listens at {hook.url}")
    return answer["webhook"]["secret"], answer["webhook"]["id"]


def _unsubscribe(http: httpx.Client, key: str, endpoint: str) -> None:
    _call(http, "DELETE", f"/memes/v1/webhooks/{endpoint}", key)


def _submit(
    http: httpx.Client, stack: StackInfo, what: str, key: str, resource: str, body: dict[str, Any]
) -> tuple[str, str]:
    started = time.perf_counter()
    answer = _call(http, "POST", f"/memes/v1/{resource}", stack.keys[key], body)
    milliseconds = (time.perf_counter() - started) * 1000
    generation = answer["generation"]
    say(f"  {generation['id']}  {generation['status']:10} in {milliseconds:4.0f} ms  {what}")
    return key, generation["id"]


def _await(http: httpx.Client, key: str, job: str) -> dict[str, Any]:
    until = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < until:
        answer = _call(http, "GET", f"/memes/v1/generations/{job}", key)
        generation: dict[str, Any] = answer["generation"]
        if generation["status"] in TERMINAL:
            charged = answer["usage"]["credits_used"]
            why = f" ({generation['error']['code']})" if generation["error"] else ""
            say(f"  {job}  {generation['status']:10} {charged} credits{why}")
            return generation
        time.sleep(0.3)
    raise LocalError(f"generation {job} did not end; see .local/aws/ministack.log")


def _download(http: httpx.Client, generation: dict[str, Any]) -> list[Path]:
    files = []
    for asset in generation["output"]:
        answer = http.get(asset["url"], follow_redirects=True)
        answer.raise_for_status()
        path = OUT / f"{generation['type']}-{asset['id'][:8]}.png"
        path.write_bytes(answer.content)
        files.append(path)
    return files


def _verify(secret: str, message: Received) -> None:
    Webhook(secret).verify(message.body, message.headers)
    event = json.loads(message.body)
    say(f"  {event['type']:22} signature verified by svix  {event['data']['generation']['id']}")


def _credits(http: httpx.Client, stack: StackInfo) -> dict[str, int]:
    answer: dict[str, int] = _call(http, "GET", "/platform/v1/credits", stack.keys["memes_live"])["credits"]
    return answer


def _call(
    http: httpx.Client, method: str, path: str, key: str, body: dict[str, Any] | None = None
) -> dict[str, Any]:
    answer = http.request(method, path, headers={"Authorization": f"Bearer {key}"}, json=body)
    if answer.status_code >= 400:
        raise LocalError(f"{method} {path} answered {answer.status_code}: {answer.text[:300]}")
    content: dict[str, Any] = answer.json()
    return content


def _conclude(stack: StackInfo, before: dict[str, int], after: dict[str, int], files: list[Path]) -> None:
    spent = after["spent"] - before["spent"]
    went = sum(after[column] for column in ("available", "held", "spent", "expired", "reversed"))
    balances = after["granted"] + after["owed"] == went
    say(f"\nledger: {spent} credits spent, {after['available']} available, {after['held']} held")
    if not balances:
        raise LocalError("the wallet does not balance")
    say(f"{len(files)} files in {OUT.relative_to(ROOT)}/:")
    for path in files:
        say(f"  {path.relative_to(ROOT)}  {path.stat().st_size // 1024} kB")
    say(f"""
The stack stays up at {stack.base_url}; keys are in .local/stack.json. Try:
  curl {stack.base_url}/memes/v1/images \\
    -H "Authorization: Bearer {stack.keys["memes_live"]}" -d '{{"prompt": "a red kite"}}'
Stop it with `make down`; its data is kept for the next `make up`. `make clean` forgets everything.""")
