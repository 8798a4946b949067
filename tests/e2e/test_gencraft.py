"""Every command of the gencraft document against the deployed stack."""

from __future__ import annotations

import io
import time
from typing import Any

import pytest
from PIL import Image

from local.emulator.info import StackInfo
from tests.e2e import samples
from tests.e2e.client import Client
from tests.e2e.curl import commands

CURLS = commands("gencraft")


@pytest.fixture
def run(live: Client, stack_info: StackInfo) -> Any:
    def run(name: str, **replacing: str) -> Any:
        common = {"https://www.gencraft.cc": f"{stack_info.base_url}/gencraft"}
        common["<your_api_key>"] = stack_info.keys["gencraft"]
        answer = CURLS[name].run(live.http, {**common, **replacing})
        assert answer.status_code == 200, f"{name}: {answer.status_code} {answer.text}"
        return answer.json()

    return run


def finished(run: Any, task: str) -> Any:
    for _ in range(200):
        task_data = run("task", task_abc123=task)
        assert task_data["task_id"] == task
        assert 0 <= task_data["progress"] <= 100
        if task_data["status"] in ("completed", "failed"):
            return task_data
        assert task_data["status"] in ("queued", "in_progress")
        time.sleep(0.2)
    raise AssertionError("the task never ended")


def test_the_document_from_generate_to_history(run: Any, live: Client) -> None:
    answer = run("generate")
    assert isinstance(answer["email"], str)
    (task,) = answer["task_ids"]
    task_data = finished(run, task)
    assert (task_data["status"], task_data["progress"]) == ("completed", 100)
    with Image.open(io.BytesIO(live.http.get(task_data["imageUrl"], follow_redirects=True).content)) as image:
        assert abs(image.width / image.height - 16 / 9) < 0.03
        assert max(image.size) > 1500
    several = run("tasks", task_abc="task_nobody", task_def=task, task_ghi="task_nothing")["tasks"]
    assert [entry["task_id"] for entry in several] == ["task_nobody", task, "task_nothing"]
    assert several[1] == task_data
    history = run("history")
    assert (history["page"], history["limit"]) == (1, 20)
    assert history["total"] >= 1
    assert history["total_pages"] >= 1
    newest = history["items"][0]
    assert newest["prompt"] == "A serene Japanese garden in autumn"
    assert (newest["model"], newest["mode"], newest["aspect"]) == ("flash", "text", "16:9")
    assert (newest["imageSize"], newest["imageCount"]) == ("2K", 1)
    assert newest["images"] == [task_data["imageUrl"]]
    assert newest["refs"] == []
    assert abs(newest["createdAt"] / 1000 - time.time()) < 300


def test_an_upload_is_rehosted_and_can_be_edited(run: Any, live: Client, stack_info: StackInfo) -> None:
    data = samples.picture()
    with samples.served(data, "image/png") as base:
        answer = run("upload", **{"https://example.com/cat.png": f"{base}/cat.png"})
    assert (answer["filename"], answer["content_type"], answer["bytes"]) == (
        "cat.png",
        "image/png",
        len(data),
    )
    assert live.http.get(answer["url"]).content == data
    client = live.with_key(stack_info.keys["gencraft"])
    body = {
        "prompt": "autumn",
        "model": "flash",
        "mode": "edit",
        "imageUrls": [answer["url"]],
        "imageSize": "1K",
    }
    (task,) = client.post("/gencraft/v1/generate", body)["task_ids"]
    assert finished(run, task)["status"] == "completed"


def test_user_status(run: Any) -> None:
    answer = run("status")
    assert isinstance(answer["email"], str)
    assert answer["tier"] in ("trial", "starter", "standard", "pro")
    assert answer["has_key"] is True
