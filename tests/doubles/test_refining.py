"""A prompt that is refined while its caller waits: the API, the job and the real adapters against doubles."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from darkroom.domain.serialization import to_document
from darkroom_vendors.client import VendorEngine
from darkroom_vendors.google import Google
from darkroom_vendors.openai import OpenAI
from local.doubles import google, openai
from local.doubles.base import Fault
from tests.harness.vendor_adapters import engine
from tests.unit.functions.api_moondraft.client import Client, ClientResponse

QUOTA = Fault(429, {"error": {"code": "insufficient_quota", "message": "pay"}})


class DoublesClient(Client):
    """A client whose worker asks doubles of OpenAI and Google."""

    def __init__(self, first: VendorEngine, second: VendorEngine) -> None:
        super().__init__()
        self.engines = {one.name: one for one in (first, second)}
        self.core.submit_job = replace(self.core.submit_job, engines=frozenset(self.engines))

    @property
    def worker(self) -> Any:
        return self.core.execute_task(self.engines)

    def refine(self, prompt: str) -> ClientResponse:
        return self.post("/prompt/refine", {"prompt": prompt})


@pytest.fixture
def first() -> Iterator[openai.OpenAIDouble]:
    with openai.OpenAIDouble() as running:
        yield running


@pytest.fixture
def second() -> Iterator[google.GoogleDouble]:
    with google.GoogleDouble() as running:
        yield running


@pytest.fixture
def api(first: openai.OpenAIDouble, second: google.GoogleDouble) -> DoublesClient:
    return DoublesClient(
        engine(OpenAI(), f"{first.url}/v1", openai.KEY), engine(Google(), second.url, google.KEY)
    )


def test_openai_is_asked_and_no_prompt_is_among_the_facts(api: DoublesClient) -> None:
    assert api.refine("sneakers on marble").json == {"refined_prompt": "a sample"}
    facts = api.last_job.tasks[0].vendor_facts
    assert (facts.vendor, facts.request_id, facts.figures["output_tokens"]) == ("openai", "req_double", 40)
    assert "sneakers" not in json.dumps(to_document(facts))
    assert "a sample" not in json.dumps(to_document(facts))


@pytest.mark.parametrize(
    "fault",
    [
        QUOTA,
        Fault(404, {"error": {"code": "model_not_found"}}),
        Fault(500, b"oops", {"x-should-retry": "false"}),
    ],
)
def test_google_is_asked_where_openai_cannot(
    api: DoublesClient, first: openai.OpenAIDouble, second: google.GoogleDouble, fault: Fault
) -> None:
    first.next(fault)
    assert api.refine("sneakers on marble").json == {"refined_prompt": "a sample"}
    assert len(second.submissions("POST .*gemini-3.8-flash:generateContent")) == 1


@pytest.mark.parametrize(
    "prompt", ["[[block]] sneakers", "[[decline]] sneakers", "[[block-output]] sneakers"]
)
def test_what_openai_refused_is_not_sent_to_google(
    api: DoublesClient, second: google.GoogleDouble, prompt: str
) -> None:
    assert api.refine(prompt).status == 410
    assert second.received == []


def test_a_text_that_breaks_off_is_written_by_the_next(
    api: DoublesClient, second: google.GoogleDouble
) -> None:
    assert api.refine("[[cut]] sneakers").json == {"refined_prompt": "a sample"}
    assert len(second.received) == 1


def test_a_lost_answer_is_asked_for_again_at_the_same_vendor(
    api: DoublesClient, first: openai.OpenAIDouble, second: google.GoogleDouble
) -> None:
    first.next(Fault(drop=True, serve=True))
    assert api.refine("sneakers on marble").json == {"refined_prompt": "a sample"}
    assert (len(first.received), len(second.received)) == (2, 0)
