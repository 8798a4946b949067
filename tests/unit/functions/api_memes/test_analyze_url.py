"""Reading a brand from its website: by rule, by a model, and with whatever a page may be."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from darkroom.domain.jobs.engine import Finished, Output, Pending, TaskRequest
from darkroom.domain.jobs.engine_failures import Blocked, EngineError, RouteFailed
from darkroom.domain.jobs.spec import TextSpec
from darkroom.domain.vendors.texts import Profile
from darkroom.ports.jobs import Engine
from tests.harness.hostile_urls import MALFORMED, NAMES_ELSEWHERE, NOT_EVEN_LOCAL, ONLY_LOCAL
from tests.unit.functions.api_memes.client import Client, ClientResponse

URL = "https://dawnroasters.example"
PAGE = b"""<!doctype html><title>Fresh coffee | Dawn Roasters</title>
<meta name="description" content="Coffee made for early risers, at dawn.">
<script type="application/ld+json">{"@type": "Bakery", "name": "Dawn Roasters", "logo": "/logo.svg"}</script>
<style>a{color:#3B2A1A}b{color:#3b2a1a}c{color:#E8C39E}d{color:#777;font-family:Inter}</style>
<meta property="og:image" content="https://cdn.example/tin.jpg"><p>Roasted before sunrise."""
BY_MODEL = {
    "company_name": "Dawn Roasters GmbH",
    "industry": "specialty coffee",
    "tone_of_voice": "warm, dry",
    "brand_colors": ["#111111", "brown"],
    "target_audience": None,
    "website_context": "x" * 5000,
}


class Writer:
    """A vendor that writes a profile, or fails as it is told to."""

    name, resubmit_safe = "openai", False

    def __init__(self) -> None:
        self.requests, self.failures = list[TaskRequest](), list[EngineError]()

    def start(self, request: TaskRequest) -> Finished | Pending:
        self.requests.append(request)
        if self.failures:
            raise self.failures.pop(0)
        written = Profile.model_validate(BY_MODEL).model_dump_json().encode()
        return Finished(Output(written, "application/json", ""))

    def poll(self, request: TaskRequest, handle: str) -> Finished | Pending:
        raise RouteFailed("nothing to look up")

    def cancel(self, handle: str) -> None:
        raise AssertionError("nothing to cancel")


class WritingClient(Client):
    """A client of a stack with a vendor that writes."""

    def __init__(self) -> None:
        super().__init__()
        self.writer, self.writes = Writer(), True
        self.core.submit_job = replace(self.core.submit_job, engines=frozenset({"openai"}))
        self.fetcher.pages[URL] = PAGE

    @property
    def engines(self) -> dict[str, Engine]:
        return {**super().engines, "openai": self.writer}

    def pass_time(self, seconds: float) -> None:
        super().pass_time(seconds)
        if self.writes:
            self.work()


@pytest.fixture
def api() -> Client:
    made = Client()
    made.fetcher.pages[URL] = PAGE
    return made


@pytest.fixture
def writing() -> WritingClient:
    return WritingClient()


def analyze(api: Client, url: Any = URL, **options: Any) -> ClientResponse:
    return api.post("/brand-kits/analyze-url", {"url": url}, **options)


@pytest.mark.parametrize("key", ["live", "test"])
def test_by_rule_a_page_says_what_it_says(api: Client, key: str) -> None:
    reply = analyze(api, key=key)
    assert reply.status == 200, reply.body
    answer = {name: value for name, value in reply.json.items() if name not in ("usage", "meta")}
    assert answer == {
        "company_name": "Dawn Roasters",
        "industry": "bakery",
        "tone_of_voice": None,
        "brand_colors": ["#3B2A1A", "#E8C39E", "#777777"],
        "target_audience": "early risers",
        "website_url": URL,
        "website_context": "Coffee made for early risers, at dawn.",
        "title": "Fresh coffee | Dawn Roasters",
        "description": "Coffee made for early risers, at dawn.",
        "fonts": ["Inter"],
        "logo_candidates": [f"{URL}/logo.svg"],
        "product_candidates": ["https://cdn.example/tin.jpg"],
        "model": "forge-copy-fast",
    }
    assert api.memory.brand_kits == {}
    assert api.wallet.spent == api.wallet.held == 0


def test_what_it_answers_fills_a_kit(api: Client) -> None:
    answer = analyze(api).json
    members = (
        *("company_name", "industry", "tone_of_voice", "brand_colors", "target_audience"),
        *("website_url", "website_context"),
    )
    reply = api.post("/brand-kits", {"name": "n", **{name: answer[name] for name in members}})
    assert reply.status == 201
    assert {name: reply.json["brand_kit"][name] for name in members} == {
        name: answer[name] for name in members
    }


def test_a_model_reads_the_page_and_its_words_count_more(writing: WritingClient) -> None:
    answer = analyze(writing).json
    (request,) = writing.writer.requests
    spec = request.job.spec_as(TextSpec)
    assert (request.job.kind, request.job.model) == ("profile", "forge-copy-fast")
    assert "Roasted before sunrise" in str(spec.website)
    assert answer["company_name"] == "Dawn Roasters GmbH"
    assert (answer["industry"], answer["tone_of_voice"]) == ("specialty coffee", "warm, dry")
    assert answer["target_audience"] == "early risers", "where the model says nothing, the page does"
    assert answer["brand_colors"] == ["#3B2A1A", "#E8C39E", "#777777"], "those were counted"
    assert len(answer["website_context"]) == 4000, "what a kit takes"
    writing.fetcher.pages["https://bare.example"] = b"<title>x</title><p>y"
    assert analyze(writing, "https://bare.example").json["brand_colors"] == ["#111111"]
    writing.check_books()


def test_a_model_that_fails_or_is_slow_is_not_in_the_way(writing: WritingClient) -> None:
    writing.writer.failures = [RouteFailed("no")]
    assert analyze(writing).json["company_name"] == "Dawn Roasters"
    writing.writes, asked_at = False, writing.clock.now()
    assert analyze(writing).json["company_name"] == "Dawn Roasters"
    assert (writing.clock.now() - asked_at).total_seconds() < 25
    writing.check_books()


def test_a_refused_page_is_told(writing: WritingClient) -> None:
    writing.writer.failures = [Blocked("no")]
    assert analyze(writing).refusal == (422, "generation_error", "content_blocked")


@pytest.mark.parametrize(
    "url", [None, "", 7, "dawn", "http://127.0.0.1/", "https://10.0.0.1/", "file:///etc/passwd"]
)
def test_an_address_that_cannot_be_one_is_refused_before_anything(api: Client, url: Any) -> None:
    before = api.untouched()
    reply = analyze(api, url)
    assert (reply.status, reply.error["param"]) == (400, "url")
    assert api.untouched() == before


@pytest.mark.parametrize(
    ("path", "param"),
    [
        ("/brand-kits/analyze-url", "url"),
        ("/prompts/enhance", "website_url"),
        ("/brand-kits/{}/logo", "source"),
        ("/brand-kits/{}/product-references", "source"),
    ],
)
def test_no_address_leads_inside(api: Client, path: str, param: str) -> None:
    kit_id = api.post("/brand-kits", {"name": "n"}).json["brand_kit"]["id"]
    before = api.untouched()
    for url in [*MALFORMED, *ONLY_LOCAL, *NAMES_ELSEWHERE, *NOT_EVEN_LOCAL]:
        reply = api.post(path.format(kit_id), {"prompt": "p", param: url})
        assert reply.status in (400, 404), (url, reply.body)
        assert reply.error["param"] == param or reply.error["code"] == "invalid_body"
        api.clock.advance(4)
    assert api.untouched() == before
    assert api.fetcher.fetched == []


HOSTILE = {
    "gone": None,
    "empty": b"",
    "picture": b"\x89PNG\r\n\x1a\n\0\0",
    "json": b'{"title": "no"}',
    "huge": b"<html>" + b"x" * (3 * 1024 * 1024),
}


@pytest.mark.parametrize("page", HOSTILE.values(), ids=HOSTILE)
def test_what_is_no_page_is_one_documented_error(api: Client, page: bytes | None) -> None:
    if page is None:
        api.fetcher.pages.pop(URL)
    else:
        api.fetcher.pages[URL] = page
    reply = analyze(api)
    assert (*reply.refusal, reply.error["param"]) == (400, "invalid_request_error", "invalid_param", "url")
    api.check_books()


STRANGE = {
    "deep": b"<title>ok</title>" + b"<div>" * 100_000,
    "latin": "<title>ok</title><p>Röster".encode("latin-1"),
    "liar": b'<meta charset="utf-16"><title>ok</title><p>x',
    "bomb": b'<title>ok</title><script type="application/ld+json">' + b"[" * 60_000,
    "surrogates": b"<title>ok</title><p>&#xD800;&#0;\x00",
}


@pytest.mark.parametrize("page", STRANGE.values(), ids=STRANGE)
def test_strange_pages_are_read_as_far_as_they_can_be(api: Client, page: bytes) -> None:
    api.fetcher.pages[URL] = page
    reply = analyze(api)
    assert reply.status == 200, reply.body
    json.dumps(reply.json)


def test_a_worker_that_takes_too_long_is_told(api: Client) -> None:
    api.house_works = False
    assert analyze(api).refusal == (422, "generation_error", "generation_timed_out")


def test_a_repeated_request_reads_nothing_again(api: Client) -> None:
    headers = {"Idempotency-Key": "a"}
    first = analyze(api, headers=headers)
    api.fetcher.pages.clear()
    again = analyze(api, headers=headers)
    assert (again.body, len(api.memory.jobs)) == (first.body, 1)
    assert analyze(api, "https://other.example", headers=headers).status == 409
