"""Each request the contract shows, and each row of its tables."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from api_gencraft.app import DIALECT
from darkroom.domain.jobs.job import FailureCode
from tests.fakes.engine import PICTURE
from tests.harness.pictures import png
from tests.unit.functions.api_gencraft.client import EMAIL, GARDEN, Client, refusal


@pytest.mark.parametrize("prefix", DIALECT.prefixes)
def test_every_route_is_served_under_both_prefixes(api: Client, prefix: str) -> None:
    api.fetcher.pages["https://example.com/cat.png"] = png()
    task_id = api.post("/generate", GARDEN, prefix=prefix).json["task_ids"][0]
    assert api.get(f"/tasks/{task_id}", prefix=prefix).json["task_id"] == task_id
    assert len(api.get("/tasks", query={"ids": task_id}, prefix=prefix).json["tasks"]) == 1
    body = {"source_url": "https://example.com/cat.png"}
    assert api.post("/upload", body, prefix=prefix).json["bytes"] == len(png())
    assert api.get("/history", prefix=prefix).json["total"] == 1
    assert api.get("/user/status", prefix=prefix).json["email"] == EMAIL


def test_generate_answers_task_ids_and_the_email(api: Client) -> None:
    reply = api.post("/generate", GARDEN)
    assert reply.status == 200
    assert set(reply.json) == {"task_ids", "email"}
    assert reply.json["email"] == EMAIL
    (task_id,) = reply.json["task_ids"]
    assert task_id.startswith("task_")


def test_an_account_without_an_email_has_an_empty_one(api: Client) -> None:
    api.change_workspace(email=None)
    assert api.post("/generate", GARDEN).json["email"] == ""
    assert api.get("/user/status").json["email"] == ""


def test_a_task_from_submission_to_its_picture(api: Client) -> None:
    (task_id,) = api.generate()
    assert api.poll(task_id) == {"task_id": task_id, "status": "queued", "progress": 0}
    api.work()
    done = api.poll(task_id)
    assert done == {
        "task_id": task_id,
        "status": "completed",
        "progress": 100,
        "imageUrl": done["imageUrl"],
    }
    key = api.core.links.own(done["imageUrl"])
    assert key is not None
    assert api.blobs.objects[key] == (PICTURE, "image/png")


def test_a_failed_task_says_why(api: Client) -> None:
    (task_id,) = api.generate()
    api.end(api.last_job.id, FailureCode.FAILED)
    assert api.poll(task_id) == {
        "task_id": task_id,
        "status": "failed",
        "progress": 0,
        "error": "generation failed",
    }


def test_many_tasks_are_polled_in_one_call(api: Client) -> None:
    first, second, third = (api.generate()[0] for _ in range(3))
    jobs = sorted(api.memory.jobs.values(), key=lambda job: job.id)
    api.end(jobs[0].id)
    api.end(jobs[2].id, FailureCode.CONTENT_BLOCKED)
    api.core.jobs.claim(api.owner, jobs[1].id, 0, now=api.clock.now(), lease_until=api.clock.advance(12))
    tasks = api.get("/tasks", query={"ids": f"{first},{second},{third}"}).json["tasks"]
    assert [(task["task_id"], task["status"], task["progress"]) for task in tasks] == [
        (first, "completed", 100),
        (second, "in_progress", 90),
        (third, "failed", 0),
    ]
    assert set(tasks[0]) == {"task_id", "status", "progress", "imageUrl"}
    assert set(tasks[1]) == {"task_id", "status", "progress"}
    assert set(tasks[2]) == {"task_id", "status", "progress", "error"}


def test_upload_answers_what_it_took_over(api: Client) -> None:
    api.fetcher.pages["https://example.com/cat.png"] = png()
    reply = api.post("/upload", {"source_url": "https://example.com/cat.png"})
    assert reply.status == 200
    assert reply.json == {
        "url": reply.json["url"],
        "filename": "cat.png",
        "content_type": "image/png",
        "bytes": len(png()),
    }
    key = api.core.links.own(reply.json["url"])
    assert key is not None
    assert api.blobs.objects[key] == (png(), "image/png")


def test_history_shows_what_was_asked_for(api: Client) -> None:
    (task_id,) = api.generate()
    api.work()
    assert api.history(page=1, limit=20) == {
        "items": [
            {
                "id": task_id,
                "prompt": GARDEN["prompt"],
                "model": "flash",
                "mode": "text",
                "aspect": "16:9",
                "imageSize": "2K",
                "imageCount": 1,
                "images": [api.poll(task_id)["imageUrl"]],
                "refs": [],
                "createdAt": 1_781_802_262_515,
            }
        ],
        "total": 1,
        "page": 1,
        "limit": 20,
        "total_pages": 1,
    }


@pytest.mark.parametrize(
    ("plan", "tier"),
    [
        ("trial", "trial"),
        ("starter", "starter"),
        ("standard", "standard"),
        ("pro", "pro"),
        ("metered", "pro"),
    ],
)
def test_user_status_tells_one_of_the_four_tiers(api: Client, plan: str, tier: str) -> None:
    api.change_workspace(plan=plan)
    assert api.get("/user/status").json == {"email": EMAIL, "tier": tier, "has_key": True}


def test_user_status_says_when_nothing_stands_behind_the_key(api: Client) -> None:
    api.core.settings = replace(api.core.settings, sandbox_fallback=False)
    assert api.get("/user/status").json["has_key"] is False
    assert api.get("/user/status", key="test").json["has_key"] is True
    assert refusal(api.post("/generate", GARDEN)) == (503, "upstream_error")


@pytest.mark.parametrize(
    ("body", "word"),
    [
        ({"prompt": ""}, "prompt"),
        ({"prompt": "  \n"}, "prompt"),
        ({}, "prompt"),
        ({"prompt": "x", "model": "flash3"}, "model"),
        ({"prompt": "x", "model": "flash", "mode": "fusion"}, "mode: flash does not support fusion"),
        ({"prompt": "x", "mode": "sketch"}, "mode"),
    ],
)
def test_the_contracts_refusals_of_a_body(api: Client, body: dict[str, Any], word: str) -> None:
    before = api.untouched()
    reply = api.post("/generate", body)
    assert refusal(reply) == (400, "invalid_request")
    assert word in reply.error["message"]
    assert api.untouched() == before


@pytest.mark.parametrize("path", ["/generate", "/upload"])
def test_a_body_that_is_no_json_is_refused(api: Client, path: str) -> None:
    assert refusal(api.post(path, raw="prompt=x")) == (400, "invalid_request")


ROUTES = [
    ("POST", "/generate"),
    ("GET", "/tasks/task_abc123"),
    ("GET", "/tasks"),
    ("POST", "/upload"),
    ("GET", "/history"),
    ("GET", "/user/status"),
]


@pytest.mark.parametrize(("method", "path"), ROUTES)
def test_a_missing_header_and_a_bad_key_are_told_apart(api: Client, method: str, path: str) -> None:
    assert refusal(api.ask(method, path, key=None)) == (401, "unauthorized")
    for header in ("", "Bearer", "Bearer  ", "Basic YTpi", api.key):
        reply = api.ask(method, path, key=None, headers={"authorization": header})
        assert refusal(reply) == (401, "unauthorized"), header
    for key in ("nonsense", "gc_" + "0" * 65, api.key[:-1] + ("a" if api.key[-1] != "a" else "b")):
        reply = api.ask(method, path, key=key)
        assert reply.status == 401
        assert reply.json == {"error": {"type": "invalid_api_key", "message": "Invalid API key"}}
