"""Live outputs made by vendors' doubles over real HTTP, through the deployed stack with IAM enforced."""

from __future__ import annotations

import base64
import io
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any
from urllib.error import HTTPError

import pytest
from PIL import Image

from local.doubles.all import Doubles, doubles
from local.doubles.base import Double, Fault
from local.emulator.info import StackInfo
from local.emulator.stack import Stack
from tests.e2e import samples
from tests.e2e.client import Client

NEVER = 10**6  # polls until work is done that must not end by itself
CREDITS = 5_000
FAST = {"model": "forge-image-fast"}
POST = "^POST "


@dataclass
class Shop:
    """A workspace of its own, what it has spent by the price list, and the vendors it is served by."""

    vendors: Doubles
    client: Client
    admin: Client
    workspace_id: str
    spent: int = 0
    price: int = 0
    _since: dict[str, int] = field(default_factory=dict)
    _works: int = 0

    def picture(self, prompt: str = "a red kite", **body: Any) -> Any:
        """A memes generation, ended: OpenAI is its first route, for a ``FAST`` one Google."""
        return self.client.ended(self.client.submit(prompt, **body))

    def order(self, model: str, prompt: str = "a red kite", **body: Any) -> str:
        """A task of the agent dialect."""
        request = {"model": model, "prompt": prompt, **body}
        self.price = self.client.post("/agent/v1/credits/estimate", request)["data"]["credits"]
        request["request_id"] = str(uuid.uuid4())
        return str(self.client.post("/agent/v1/generate", request)["data"]["task_id"])

    def made(self, task: str) -> Any:
        """That task, which must end well; its price is spent then."""
        task_data = self.until(lambda: self._ended(task))
        assert task_data["status"] == "completed"
        self.spent += self.price
        return task_data

    def _ended(self, task: str) -> Any:
        task_data = self.client.get(f"/agent/v1/tasks/{task}")["data"]
        return task_data if task_data["status"] not in ("pending", "processing") else None

    def job(self, job_id: str) -> Any:
        """A job as its operator sees it."""
        return self.admin.get(f"/platform/v1/admin/workspaces/{self.workspace_id}/jobs/{job_id}")["job"]

    def facts(self, job_id: str) -> Any:
        (task,) = self.job(job_id)["tasks"]
        return task["facts"]

    def waiting(self, job_id: str) -> Any:
        """The job's only task, once it waits for its vendor."""
        return self.until(
            lambda: next((one for one in self.job(job_id)["tasks"] if one["state"] == "waiting"), None)
        )

    def submissions(self, double: Double) -> list[Any]:
        """The requests to start work that a double received for this shop."""
        return [one for one in double.received[self._since[double.name] :] if one.method == "POST"]

    def work(self) -> str:
        """The newest request in fal's queue."""
        requests = self.vendors.fal.requests
        return str(self.until(lambda: list(requests)[self._works :])[-1])

    def until(self, look: Callable[[], Any], seconds: float = 60) -> Any:
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            seen = look()
            if seen:
                return seen
            time.sleep(0.6)  # a key may ask 120 times a minute
        raise AssertionError("it never came")

    def begin(self) -> None:
        self._since = {double.name: len(double.received) for double in self.vendors.each()}
        self._works = len(self.vendors.fal.requests)
        self.vendors.fal.polls_needed = self.vendors.kie.polls_needed = 2

    def check_books(self) -> None:
        """To the credit: what was spent is the price of what was delivered, and nothing is held."""
        wallet = self.client.credits()
        assert (wallet["spent"], wallet["held"]) == (self.spent, 0)
        assert wallet["granted"] == CREDITS == wallet["available"] + wallet["spent"]
        assert wallet["owed"] == wallet["expired"] == wallet["reversed"] == 0
        entries = self.client.get("/platform/v1/ledger", limit=100)["data"]
        for column in ("granted", "available", "held", "spent", "expired", "reversed"):
            assert sum(entry[column] for entry in entries) == wallet[column]


@pytest.fixture(scope="module")
def vendors(stack: Stack) -> Iterator[Doubles]:
    """The doubles, taken for the vendors by the stack until the module is through."""
    with doubles() as made:
        try:
            stack.up(made)
            yield made
        finally:
            stack.up()


@pytest.fixture
def shop(vendors: Doubles, live: Client, stack_info: StackInfo) -> Iterator[Shop]:
    admin = live.with_key(stack_info.keys["admin"])
    opened = admin.post(
        "/platform/v1/admin/workspaces", {"name": "vendors", "plan": "pro", "credits": CREDITS}
    )
    made = Shop(vendors, live.with_key(opened["key"]["secret"]), admin, opened["workspace"]["id"])
    made.begin()
    yield made
    made.check_books()


def test_a_picture_that_comes_with_the_answer(shop: Shop, stack: Stack) -> None:
    made = shop.picture()
    shop.spent += 1
    (asset,) = made["output"]
    with Image.open(io.BytesIO(shop.client.http.get(asset["url"]).content)) as image:
        assert image.format == "PNG"
    facts = shop.facts(made["id"])
    assert (facts["vendor"], facts["model"], facts["request_id"]) == ("openai", "gpt-image-2", "req_double")
    assert facts["latency_ms"] > 0
    assert len(shop.submissions(shop.vendors.openai)) == 1
    assert '"VendorStarts"' in logged(stack, "WorkerVendors", "VendorStarts")


def test_a_film_that_ends_when_fal_calls(shop: Shop) -> None:
    fal = shop.vendors.fal
    fal.polls_needed = NEVER
    task = shop.order("veo3_fast")
    waiting, work = shop.waiting(task), shop.work()
    fal.polls_needed = 0
    now = int(time.time())
    with pytest.raises(HTTPError, match="401"):
        fal.call_back(work, now - 3600)
    assert [fal.call_back(work, now), fal.call_back(work, now)] == [200, 200]
    task_data = shop.made(task)
    job = shop.job(task)
    assert job["completed_at"] < waiting["next_at"], "the worker polled as soon as the vendor had called"
    film = shop.client.http.get(task_data["outputs"][0], follow_redirects=True)
    assert film.content[4:8] == b"ftyp"
    assert film.headers["content-type"] == "video/mp4"
    assert job["tasks"][0]["facts"]["vendor"] == "fal"


def test_a_picture_whose_submission_was_lost_is_found_by_the_call(shop: Shop) -> None:
    fal = shop.vendors.fal
    fal.polls_needed = 0
    fal.next(Fault(serve=True, drop=True, on=POST))
    task = shop.order("z-image")
    work = shop.work()
    assert fal.call_back(work, int(time.time())) == 200
    shop.made(task)
    assert len(shop.submissions(fal)) == 1


def test_a_song_that_ends_when_kie_calls(shop: Shop) -> None:
    kie = shop.vendors.kie
    kie.polls_needed = NEVER
    task = shop.order("V5", "a song about a kite")
    shop.waiting(task)
    work = list(kie.tasks)[-1]
    kie.polls_needed = 0
    assert kie.call_back(work, int(time.time())) == 200
    task_data = shop.made(task)
    assert shop.client.http.get(task_data["outputs"][0], follow_redirects=True).content[:2] == b"\xff\xfb"
    assert shop.facts(task)["vendor"] == "kie"


def test_an_edit_within_a_mask(shop: Shop) -> None:
    (parent,) = shop.picture()["output"]
    mask = Image.new("RGBA", (64, 64), (0, 0, 0, 255))
    mask.paste((0, 0, 0, 0), (0, 0, 32, 64))
    drawn = io.BytesIO()
    mask.save(drawn, "PNG")
    body = {
        "image_id": parent["id"],
        "instruction": "make it autumn",
        "mask": "data:image/png;base64," + base64.b64encode(drawn.getvalue()).decode(),
    }
    edited = shop.client.ended(shop.client.post("/memes/v1/images/edits", body)["generation"]["id"])
    shop.spent += 2
    assert edited["status"] == "succeeded"
    sent = {name for name, _, _ in shop.submissions(shop.vendors.openai)[-1].parts()}
    assert {"image[]", "mask"} <= sent or {"image", "mask"} <= sent
    assert shop.facts(edited["id"])["vendor"] == "openai"


def test_a_callers_picture_reaches_the_vendor_as_ours(shop: Shop) -> None:
    picture = samples.picture()
    with samples.served(picture, "image/png") as address:
        task = shop.order("qwen/image-to-image", "at night", input_image_urls=[f"{address}/x.png"])
        shop.made(task)
    (submission,) = shop.submissions(shop.vendors.fal)
    image_url = submission.json()["image_url"]
    assert not image_url.startswith(address)
    assert shop.client.http.get(image_url).content == picture


def test_a_refused_prompt_is_told_and_refunded_and_shown_to_nobody_else(shop: Shop) -> None:
    made = shop.picture("[[block]] a kite")
    assert (made["status"], made["error"]["code"]) == ("failed", "content_blocked")
    waited = shop.client.call("POST", "/memes/v1/images", {"prompt": "[[block]]", **FAST}, Prefer="wait=15")
    assert (waited.status_code, waited.json()["error"]["code"]) == (422, "content_blocked")
    direct = shop.client.call("POST", "/moondraft/v1/generate", {"prompt": "[[block]] a kite"})
    assert (direct.status_code, "Content policy violation" in direct.json()["error"]) == (410, True)
    counts = {double.name: len(shop.submissions(double)) for double in shop.vendors.each()}
    assert counts == {"openai": 1, "google": 1, "fal": 1, "xai": 0, "kie": 0, "replicate": 0}


def test_where_one_vendor_is_dead_the_next_one_delivers(shop: Shop) -> None:
    body = {"error": {"code": 503, "status": "UNAVAILABLE", "message": "overloaded"}}
    shop.vendors.google.next(*[Fault(503, body, {"Retry-After": "1"}, on=POST)] * 2)
    made = shop.picture(**FAST)
    shop.spent += 1
    facts = shop.facts(made["id"])
    assert (facts["vendor"], facts["starts"], facts["error"]) == ("fal", 3, "VendorUnavailable")
    assert len(shop.submissions(shop.vendors.google)) == 2


def test_a_key_that_is_refused_is_one_routes_trouble(
    shop: Shop, stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("local.doubles.google.KEY", "another")
    made = shop.picture(**FAST)
    shop.spent += 1
    assert shop.facts(made["id"])["vendor"] == "fal"
    assert '"AccountTrouble"' in logged(stack, "WorkerVendors", "AccountTrouble")


def test_over_the_vendors_limit_it_waits_as_long_as_it_is_told_to(shop: Shop) -> None:
    openai = shop.vendors.openai
    body = {"error": {"message": "Rate limit reached", "type": "requests", "code": "rate_limit_exceeded"}}
    openai.next(Fault(429, body, {"Retry-After": "3"}, on=POST))
    made = shop.picture()
    shop.spent += 1
    first, second = shop.submissions(openai)
    assert second.at - first.at >= 3
    facts = shop.facts(made["id"])
    assert (facts["vendor"], facts["starts"]) == ("openai", 1)


def test_what_is_canceled_here_is_canceled_there(shop: Shop) -> None:
    fal = shop.vendors.fal
    (parent,) = shop.picture()["output"]
    shop.spent += 1
    fal.polls_needed = NEVER
    answer = shop.client.post("/memes/v1/images/reframe", {"image_id": parent["id"], "aspect_ratio": "9:16"})
    job = answer["generation"]["id"]
    work = shop.work()
    shop.client.post(f"/memes/v1/generations/{job}/cancel", {})
    assert shop.client.ended(job)["status"] == "canceled"
    shop.until(lambda: fal.requests[work].canceled)
    shop.until(lambda: shop.client.credits()["held"] == 0)  # the vendor was asked whether it stopped


def logged(stack: Stack, function: str, words: str) -> str:
    """What a function logged with these words in it."""
    logs = stack.clients.logs
    text = ""
    for group in logs.describe_log_groups()["logGroups"]:
        if function in group["logGroupName"]:
            with suppress(logs.exceptions.ResourceNotFoundException):
                page = logs.filter_log_events(logGroupName=group["logGroupName"], filterPattern=words)
                text += "\n".join(event["message"] for event in page["events"])
    return text


def test_an_agent_that_moltbook_knows_gets_an_access_token(shop: Shop) -> None:
    moltbook, http = shop.vendors.moltbook, shop.client.http
    agent = moltbook.state.join(str(uuid.uuid4()))
    given = http.post(
        f"{moltbook.url}/api/v1/agents/me/identity-token",
        headers={"Authorization": f"Bearer {agent.key}"},
        json={},
    ).json()
    stranger = Client(shop.client.base_url, "nobody", http)
    access = stranger.post("/agent/auth/moltbook/exchange", {"token": given["identity_token"]})["data"]
    balance = stranger.with_key(access["access_token"]).get("/agent/v1/credits/balance")["data"]
    assert balance["livemode"] is True
    refused = stranger.call("POST", "/agent/auth/moltbook/exchange", {"token": "nobody's"})
    assert (refused.status_code, refused.json()["data"]["error"]) == (401, "invalid_token")
