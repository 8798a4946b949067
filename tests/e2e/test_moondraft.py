"""Every command of the moondraft document against the deployed stack; what comes back is opened and measured."""

from __future__ import annotations

import io
import re
import time
import uuid
from collections.abc import Callable
from typing import Any

import av
import pytest
from PIL import Image

from local.emulator.info import StackInfo
from local.emulator.stack import Stack
from tests.e2e import samples
from tests.e2e.client import Client
from tests.e2e.curl import commands

CURLS = commands("moondraft")
ORIGIN = "https://mdraftai-production.up.railway.app"


@pytest.fixture
def client(fresh: Callable[..., Client]) -> Client:
    """A workspace of its own, so that one test's rate limit is not another's."""
    return fresh(credits=200, key_dialect="moondraft")


@pytest.fixture
def run(client: Client) -> Any:
    def run(name: str, **replacing: str) -> Any:
        common = {
            ORIGIN: f"{client.base_url}/moondraft",
            "md_...": client.key,
            "data:image/png;base64,...": samples.data_url(samples.picture(), "image/png"),
            "data:audio/mp3;base64,...": samples.data_url(samples.sound(), "audio/wav"),
        }
        answer = CURLS[name].run(client.http, {**common, **replacing})
        assert answer.status_code == 200, f"{name}: {answer.status_code} {answer.text[:500]}"
        return answer.json()

    return run


def media(client: Client, url: str) -> bytes:
    """What the answer's field stands for: a data URL, or an address where it would not fit."""
    return (
        samples.from_data_url(url)
        if url.startswith("data:")
        else client.http.get(url, follow_redirects=True).content
    )


def image_of(client: Client, url: str) -> Image.Image:
    return Image.open(io.BytesIO(media(client, url)))


def wait_until(it_is_so: Callable[[], bool], seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while not it_is_so():
        assert time.monotonic() < deadline, "it did not come to that"
        time.sleep(0.2)


def balance(client: Client) -> int:
    available: int = client.credits()["available"]
    return available


def test_signing_up_gives_a_key_and_fifty_credits_once(client: Client, stack: Stack) -> None:
    address = f"{uuid.uuid4().hex[:12]}@example.com"
    common = {ORIGIN: f"{client.base_url}/moondraft", "you@example.com": address}
    assert CURLS["send-code"].run(client.http, common).status_code == 200
    code = last_code(client, stack, address)
    wrong = CURLS["verify"].run(client.http, {**common, "123456": f"{(int(code) + 1) % 10**6:06d}"})
    assert wrong.status_code == 400
    assert isinstance(wrong.json()["error"], str)
    answer = CURLS["verify"].run(client.http, {**common, "123456": code})
    assert answer.status_code == 200, answer.text
    key = next(value for value in answer.json().values() if str(value).startswith("md_"))
    assert balance(client.with_key(key)) == 50
    assert CURLS["verify"].run(client.http, {**common, "123456": code}).status_code == 400


def last_code(client: Client, stack: Stack, address: str) -> str:
    sent = client.http.get(f"{stack.server.endpoint}/_ministack/ses/messages").json()["messages"]
    (mail,) = (mail for account in sent.values() for mail in account if mail["To"] == [address])
    code = re.search(r"\b\d{6}\b", mail["BodyText"])
    assert code, mail
    return code.group()


def test_generate(run: Any, client: Client) -> None:
    before = balance(client)
    answer = run("generate")
    assert (answer["success"], answer["quality"]) == (True, "premium")
    assert image_of(client, answer["image"]).size == (1024, 1024)
    assert before - balance(client) == 3
    styled = run("generate with a style reference")
    assert styled["quality"] == "standard"
    assert image_of(client, styled["image"]).size == (1344, 768)
    assert before - balance(client) == 4


def test_batch(run: Any, client: Client) -> None:
    before = balance(client)
    answer = run("batch")
    assert answer["quality"] == "premium"
    assert [result["prompt"] for result in answer["results"]] == [
        "hero shot",
        "side angle",
        "close-up detail",
    ]
    for result in answer["results"]:
        assert result["success"] is True
        assert image_of(client, result["image"]).size == (1344, 768)
    assert before - balance(client) == 9


def test_edit_and_enhance(run: Any, client: Client) -> None:
    before = balance(client)
    edited = run("edit")
    assert edited["success"] is True
    assert image_of(client, edited["image"]).format == "PNG"
    assert before - balance(client) == 1
    enhanced = run("enhance")
    assert image_of(client, enhanced["image"]).size == (640, 480)
    assert before - balance(client) == 3


@pytest.mark.parametrize("name", ["text to video", "animate an image", "talking avatar"])
def test_video(run: Any, client: Client, name: str) -> None:
    before = balance(client)
    answer = run(name)
    assert answer["success"] is True
    with av.open(io.BytesIO(media(client, answer["video"])), "r") as container:
        (video,) = container.streams.video
        assert video.codec_context.name == "h264"
        frames = len(list(container.decode(video=0)))
        seconds = frames / float(video.average_rate or 1)
        expected = 2.0 if name == "talking avatar" else 5.0
        assert abs(seconds - expected) < 0.15
        assert len(container.streams.audio) == (1 if name == "talking avatar" else 0)
    assert before - balance(client) == 10


def test_refining_is_free(run: Any, client: Client) -> None:
    before = balance(client)
    assert "sneakers" in run("refine")["refined_prompt"]
    assert balance(client) == before


def test_credits_and_usage(run: Any, client: Client) -> None:
    run("edit")
    assert run("credits")["credits"] == balance(client)
    newest = run("usage")["usage"][0]
    assert newest["credits"] == 1
    assert newest["timestamp"]
    assert newest["type"]


def test_a_pack_that_is_paid_at_stripe_s_double_is_granted_once(run: Any, client: Client) -> None:
    before = balance(client)
    url = run("buy")["checkout_url"]
    page = client.http.get(url)
    assert page.status_code == 200
    assert "300 credits" in page.text
    for _ in range(2):
        assert client.http.post(url, data={"how": "pay"}).status_code in (200, 303)
    wait_until(lambda: balance(client) - before == 300)
    assert client.http.get(f"{client.base_url}/platform/v1/billing/paid").status_code == 200


def test_credits_that_run_low_are_reloaded_once(run: Any, client: Client) -> None:
    """By a person first, whose card is kept; then by the stack, when what is left falls below the threshold."""
    client.http.post(run("buy")["checkout_url"], data={"how": "pay"})
    wait_until(lambda: balance(client) == 500)
    settings = {"threshold": 496, "pack": "pack_100"}
    assert client.post("/moondraft/v1/credits/auto-reload", settings)["enabled"] is True
    for _ in range(5):
        client.post("/moondraft/v1/generate", {"prompt": "a kite"})
    wait_until(lambda: balance(client) == 595)
    entries = client.get("/platform/v1/ledger", limit=100)["data"]
    assert sorted(one["granted"] for one in entries if one["kind"] == "grant") == [100, 200, 300]


def test_what_nobody_signed_grants_nothing(client: Client) -> None:
    path, forged = "/platform/v1/billing/stripe/webhook", {"Stripe-Signature": "t=1,v1=00"}
    answer = client.http.post(client.base_url + path, content=b"{}", headers=forged)
    assert answer.status_code == 400


def test_auto_reload_settings(run: Any) -> None:
    run("auto-reload on")
    settings = run("auto-reload")
    assert (settings["threshold"], settings["pack"]) == (50, "pack_1000")
    run("auto-reload off")
    assert run("auto-reload").get("enabled") is False


def test_errors_are_worded_as_documented(client: Client, fresh: Callable[..., Client]) -> None:
    blocked = client.call("POST", "/moondraft/v1/generate", {"prompt": "[[block]]"})
    assert blocked.status_code == 410
    failed = client.call("POST", "/moondraft/v1/generate", {"prompt": "[[fail]]"})
    assert failed.status_code == 500
    assert client.credits()["spent"] == 0
    poor = fresh(credits=1, key_dialect="moondraft")
    answer = poor.call("POST", "/moondraft/v1/generate", {"prompt": "x", "quality": "premium"})
    assert answer.status_code == 402
    assert answer.json() == {"error": "Insufficient credits. You need 3 credits but have 1."}
    assert client.call("GET", "/moondraft/v1/nothing").status_code == 404


def test_an_asynchronous_request_is_polled(client: Client, stack_info: StackInfo) -> None:
    answer = client.call("POST", "/moondraft/v1/generate", {"prompt": "a kite"}, Prefer="respond-async")
    assert answer.status_code == 202
    assert "/v1/jobs/" in answer.headers.get("location", "") + answer.text
