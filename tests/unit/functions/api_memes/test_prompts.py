"""Enhancing prompts: by a vendor's model where one is switched on, by rule otherwise, and never in the way."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from api_memes.app import FREE, POLICY, policy
from darkroom.domain.catalog.routes import Queue
from darkroom.domain.jobs.engine import Finished, Output, Pending, TaskRequest
from darkroom.domain.jobs.engine_failures import Blocked, EngineError, RouteFailed
from darkroom.domain.jobs.job import JobStatus
from darkroom.domain.jobs.spec import TextSpec
from darkroom.ports.jobs import Engine
from tests.unit.functions.api_memes.client import UNKNOWN_ID, Client, ClientResponse

ROUGH = "funny ad about mondays and coffee"
SITE = "https://dawnroasters.example"
PAGE = b"""<title>Dawn Roasters</title><meta name="description" content="Coffee before sunrise.">
<style>a{color:#3B2A1A}</style><p>Roasted in small batches."""
BY_MODEL = "A sleepy desk wakes up as steam rises from a red mug."


class Writer:
    """A vendor that writes, or fails in the ways it is told to, one by one."""

    name, resubmit_safe = "openai", False

    def __init__(self) -> None:
        self.requests, self.failures = list[TaskRequest](), list[EngineError]()

    def start(self, request: TaskRequest) -> Finished | Pending:
        self.requests.append(request)
        if self.failures:
            raise self.failures.pop(0)
        return Finished(Output(json.dumps({"prompt": BY_MODEL}).encode(), "application/json", ""))

    def poll(self, request: TaskRequest, handle: str) -> Finished | Pending:
        raise RouteFailed("nothing to look up")

    def cancel(self, handle: str) -> None:
        raise AssertionError("nothing to cancel")


class WritingClient(Client):
    """A client of a stack with a vendor that writes."""

    def __init__(self) -> None:
        super().__init__()
        self.writer = Writer()
        self.core.submit_job = replace(self.core.submit_job, engines=frozenset({"openai"}))

    @property
    def engines(self) -> dict[str, Engine]:
        return {**super().engines, "openai": self.writer}

    def pass_time(self, seconds: float) -> None:
        super().pass_time(seconds)
        self.work()


@pytest.fixture
def api() -> Client:
    made = Client()
    made.fetcher.pages[SITE] = PAGE
    return made


@pytest.fixture
def writing() -> WritingClient:
    made = WritingClient()
    made.fetcher.pages[SITE] = PAGE
    return made


def enhance(api: Client, **body: Any) -> ClientResponse:
    options = {name: body.pop(name) for name in ("key", "headers") if name in body}
    return api.post("/prompts/enhance", {"prompt": ROUGH, **body}, **options)


def enhanced(api: Client, **body: Any) -> str:
    reply = enhance(api, **body)
    assert reply.status == 200, reply.body
    assert (reply.json["original_prompt"], reply.json["model"]) == (ROUGH, "forge-prompt")
    text: str = reply.json["enhanced_prompt"]
    return text


def test_by_rule_the_prompt_is_kept_and_worked_out_without_a_job(api: Client) -> None:
    before = api.wallet
    text = enhanced(api)
    assert text.startswith(ROUGH + "\n")
    assert "Light:" in text
    assert (api.memory.jobs, api.wallet) == ({}, before)


def test_every_parameter_shows(api: Client) -> None:
    plain = enhanced(api)
    assert "logo" not in plain
    assert "corner free for the attached logo" in enhanced(api, has_logo=True)
    assert "attached picture's subject" in enhanced(api, has_reference_image=True)
    assert "a tall frame" in enhanced(api, aspect_ratio="9:16")
    assert "Brand website: Dawn Roasters. Coffee before sunrise" in enhanced(api, website_url=SITE)
    assert "attached picture's subject" in enhanced(api, reference_images=["https://example.com/cat.png"])


@pytest.mark.parametrize("key", ["live", "test"])
def test_a_page_is_read_by_a_worker_in_a_free_job_that_is_in_no_list(api: Client, key: str) -> None:
    assert "Coffee before sunrise" in enhanced(api, website_url=SITE, key=key)
    (job,) = api.memory.jobs.values()
    assert (job.kind, job.queue, job.held, job.units) == ("page", Queue.RENDERS, 0, 0)
    assert job.status is JobStatus.SUCCEEDED
    assert api.get("/generations", key=key).json["data"] == []
    api.check_books()


def test_a_page_that_cannot_be_read_is_left_out(api: Client) -> None:
    assert enhanced(api, website_url="https://gone.example") == enhanced(api)
    api.fetcher.pages["https://gone.example"] = b"\x89PNG"
    assert enhanced(api, website_url="https://gone.example") == enhanced(api)


def test_a_worker_that_takes_too_long_is_not_waited_for(api: Client) -> None:
    api.house_works = False
    asked_at = api.clock.now()
    assert enhanced(api, website_url=SITE) == enhanced(api)
    assert (api.clock.now() - asked_at).total_seconds() < 12


def test_a_vendors_model_writes_for_nothing_from_all_that_is_given(writing: WritingClient) -> None:
    before = writing.wallet
    text = enhanced(
        writing,
        website_url=SITE,
        has_logo=True,
        aspect_ratio="4:5",
        reference_images=["https://example.com/cat.png"],
    )
    assert (text, writing.wallet) == (BY_MODEL, before)
    (request,) = writing.writer.requests
    spec = request.job.spec_as(TextSpec)
    assert (request.job.kind, request.job.model, spec.aspect_ratio) == ("refine", "forge-prompt", "4:5")
    assert (spec.has_logo, spec.has_reference_image) == (True, True)
    assert spec.website == "Dawn Roasters\nCoffee before sunrise.\nRoasted in small batches."
    assert [one.role for one in request.pictures] == ["ref"]


def test_a_vendor_that_fails_is_not_in_the_way_and_a_refused_prompt_is_refused(
    writing: WritingClient,
) -> None:
    writing.writer.failures = [RouteFailed("no")]
    assert enhanced(writing).startswith(ROUGH)
    writing.writer.failures = [Blocked("no")]
    assert enhance(writing).refusal == (422, "generation_error", "content_blocked")
    assert enhanced(writing, key="test").startswith(ROUGH), "a test key costs the operator nothing"
    writing.check_books()


def test_a_repeated_request_gets_the_first_answer_and_writes_nothing_again(writing: WritingClient) -> None:
    headers = {"Idempotency-Key": "once"}
    first = enhance(writing, headers=headers)
    again = enhance(writing, headers=headers)
    assert again.body == first.body
    assert again.headers["Idempotent-Replayed"] == "true"
    assert len(writing.writer.requests) == 1
    other = enhance(writing, headers=headers, has_logo=True)
    assert other.refusal == (409, "conflict_error", "idempotency_conflict")


def test_an_asset_can_be_considered_and_a_strangers_cannot(api: Client) -> None:
    job_id = api.create()
    asset = api.end(job_id).tasks[0].asset
    assert asset is not None
    assert enhanced(api, reference_images=[asset.id])
    stranger = enhance(api, reference_images=[asset.id], key="test")
    unknown = enhance(api, reference_images=[UNKNOWN_ID])
    for reply in (stranger, unknown):
        assert reply.refusal == (404, "not_found_error", "resource_not_found")
        assert reply.error["param"] == "reference_images.0"


@pytest.mark.parametrize(
    ("body", "param"),
    [
        ({"prompt": ""}, "prompt"),
        ({"prompt": " "}, "prompt"),
        ({"prompt": "x" * 10_001}, "prompt"),
        ({"prompt": None}, "prompt"),
        ({"website_url": "http://10.0.0.1/"}, "website_url"),
        ({"website_url": "dawn"}, "website_url"),
        ({"website_url": 7}, "website_url"),
        ({"has_logo": "yes"}, "has_logo"),
        ({"has_reference_image": 1}, "has_reference_image"),
        ({"aspect_ratio": "5:1"}, "aspect_ratio"),
        ({"reference_images": ["https://a.test/x.png"] * 5}, "reference_images"),
        ({"reference_images": ["http://127.0.0.1/x.png"]}, "reference_images.0"),
        ({"reference_images": "x"}, "reference_images"),
    ],
)
def test_what_cannot_be_is_refused_by_name(api: Client, body: dict[str, Any], param: str) -> None:
    before = api.untouched()
    reply = enhance(api, **body)
    assert (reply.status, reply.error["param"]) == (400, param)
    assert api.untouched() == before


def test_free_calls_have_a_limit_that_all_keys_of_a_workspace_share(api: Client) -> None:
    other = api.issue("other")
    for number in range(FREE.limit):
        assert enhance(api, key=other if number % 2 else "live").status == 200
    refused = enhance(api)
    assert refused.refusal == (429, "rate_limit_error", "rate_limited")
    assert int(refused.headers["Retry-After"]) > 0
    assert api.get("/images").status == 200


@pytest.mark.parametrize(
    ("method", "path", "is_free"),
    [
        ("POST", "/brand-kits", True),
        ("PATCH", "/brand-kits/x", True),
        ("POST", "/brand-kits/x/logo", True),
        ("POST", "/brand-kits/analyze-url", True),
        ("POST", "/prompts/enhance", True),
        ("GET", "/brand-kits", False),
        ("DELETE", "/brand-kits/x", False),
        ("POST", "/memes", False),
    ],
)
def test_what_may_fetch_or_write_for_nothing_has_the_smaller_limit(
    method: str, path: str, is_free: bool
) -> None:
    assert policy(method, f"/memes/v1{path}") == (FREE if is_free else POLICY)


def test_a_request_of_two_jobs_counts_once(writing: WritingClient) -> None:
    assert enhance(writing, website_url=SITE).status == 200
    assert len(writing.memory.jobs) == 2
    assert enhance(writing).headers["RateLimit-Remaining"] == str(FREE.limit - 2)
