"""Every example of the agent document against the deployed stack."""

from __future__ import annotations

import io
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from PIL import Image

from local.emulator.info import StackInfo
from tests.e2e.client import Client
from tests.e2e.curl import commands

CURLS = commands("agent")


@pytest.fixture
def run(live: Client, stack_info: StackInfo) -> Any:
    def run(name: str, **replacing: str) -> Any:
        common = {
            "https://agent.example": f"{stack_info.base_url}/agent",
            "<api_key>": stack_info.keys["agent"],
            '"uuid"': f'"{uuid.uuid4()}"',
        }
        answer = CURLS[name].run(live.http, {**common, **replacing})
        assert answer.status_code == 200, f"{name}: {answer.status_code} {answer.text}"
        body = answer.json()
        assert (body["code"], body["message"]) == (0, "ok")
        return body["data"]

    return run


@pytest.fixture
def agent(live: Client, stack_info: StackInfo) -> Client:
    return live.with_key(stack_info.keys["agent"])


def ended(agent: Client, task: str, seconds: float = 120) -> Any:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        task_data = agent.get(f"/agent/v1/tasks/{task}")["data"]
        if task_data["status"] not in ("pending", "processing"):
            return task_data
        time.sleep(0.3)
    raise AssertionError("the task never ended")


def test_the_minimal_call_and_its_price(run: Any, agent: Client) -> None:
    before = agent.credits()["spent"]
    estimate = run("estimate")
    task = run("generate")
    assert {"task_id", "provider_task_id", "status", "usage_event_id"} <= task.keys()
    assert task["status"] == "pending"
    task_data = ended(agent, task["task_id"])
    assert task_data["status"] == "completed"
    assert 20 in estimate.values()
    assert agent.credits()["spent"] - before == 20


def test_balance_and_models(run: Any) -> None:
    assert any(isinstance(value, int) for value in run("balance").values())
    text = str(run("models"))
    for model in ("google/nano-banana", "z-image", "veo3_fast", "V4_5PLUS", "sora-2"):
        assert model in text


def test_one_request_id_at_once_charges_once(agent: Client) -> None:
    before = agent.credits()
    body = {"model": "google/nano-banana", "prompt": "a kite", "request_id": str(uuid.uuid4())}
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: agent.post("/agent/v1/generate", body), range(8)))
    assert len({answer["data"]["task_id"] for answer in answers}) == 1
    ended(agent, answers[0]["data"]["task_id"])
    assert agent.credits()["spent"] - before["spent"] == 8


@pytest.mark.parametrize(("resolution", "side"), [("2K", 2048), ("4K", 2898)])
def test_what_is_priced_higher_has_more_pixels(
    agent: Client, live: Client, resolution: str, side: int
) -> None:
    units = {"resolution": resolution}
    body = {"model": "nano-banana-pro", "prompt": "a kite", "request_id": str(uuid.uuid4()), "units": units}
    task_data = ended(agent, agent.post("/agent/v1/generate", body)["data"]["task_id"])
    url = next(value for value in str(task_data).split("'") if value.startswith(agent.base_url))
    with Image.open(io.BytesIO(live.http.get(url, follow_redirects=True).content)) as image:
        assert image.size == (side, side)


def test_a_video_and_a_song_are_made(agent: Client, live: Client) -> None:
    for model, mime in (("xai/grok-imagine-video/text-to-video", "video/mp4"), ("V4", "audio/mpeg")):
        body = {"model": model, "prompt": "a calm lake at dawn", "request_id": str(uuid.uuid4())}
        task_data = ended(agent, agent.post("/agent/v1/generate", body)["data"]["task_id"])
        assert task_data["status"] == "completed", task_data
        url = next(value for value in str(task_data).split("'") if value.startswith(agent.base_url))
        answer = live.http.get(url, follow_redirects=True)
        assert answer.headers["content-type"] == mime


def test_what_cannot_be_paid_is_told_as_documented(fresh: Any, live: Client) -> None:
    poor = fresh(credits=10, key_dialect="agent")
    body = {"model": "z-image", "prompt": "a kite", "request_id": str(uuid.uuid4())}
    answer = poor.call("POST", "/agent/v1/generate", body)
    assert answer.status_code == 402
    data = answer.json()["data"]
    assert (data["error"], data["required"], data["available"]) == ("insufficient_credits", 20, 10)
    assert poor.credits()["available"] == 10


def test_a_retired_model_names_its_replacement(agent: Client) -> None:
    body = {"model": "sora-2", "prompt": "a kite", "request_id": str(uuid.uuid4())}
    answer = agent.call("POST", "/agent/v1/generate", body)
    assert answer.status_code >= 400
    assert "veo3_fast" in answer.text


@pytest.mark.parametrize("path", ["/agent/openapi.json", "/agent/llms.txt", "/llms.txt"])
def test_machine_readable_documents_need_no_key(live: Client, path: str) -> None:
    answer = live.http.get(live.base_url + path)
    assert answer.status_code == 200
    assert answer.text
