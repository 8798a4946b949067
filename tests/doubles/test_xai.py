"""xAI over real HTTP: the adapter against the double, and an SDK that xAI's documents recommend for it.

xAI's own SDK speaks gRPC and cannot be pointed at an HTTP double. Over HTTP the double is spoken to by OpenAI's SDK,
whose API xAI's is modelled on. Of the fifteen cases, 11 (strings of JSON), 13 and 14 (callbacks) have no form here;
12 (a file that is gone) is the downloader's, and 15 is a film that was withheld.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from typing import Any

import httpx
import openai
import pytest

from darkroom.domain.jobs.engine import Download, Finished, Output, Pending
from darkroom.domain.jobs.engine_failures import (
    AccountTrouble,
    Blocked,
    ModelRetired,
    OutcomeUnknown,
    RateLimitedByVendor,
    RouteFailed,
    VendorUnavailable,
)
from darkroom.domain.jobs.facts import VendorFacts
from darkroom.domain.vendors.texts import WRITINGS, request_of
from darkroom_vendors import xai as adapter
from darkroom_vendors.client import VendorEngine
from darkroom_vendors.xai import XAI
from local.doubles import samples
from local.doubles.base import Fault
from local.doubles.xai import FILM_RATIOS, KEY, RATIOS, XAIDouble
from tests.doubles.impatience import Impatient
from tests.harness.vendor_adapters import engine, make_task_request

GROK, FILM, WRITER = "grok-imagine-image", "grok-imagine-video", "grok-4.6"
PNG = samples.png()


@pytest.fixture
def double() -> Iterator[XAIDouble]:
    with XAIDouble() as running:
        yield running


@pytest.fixture
def xai(double: XAIDouble) -> VendorEngine:
    return engine(XAI(), f"{double.url}/v1", KEY)


def filmed(xai: VendorEngine, prompt: str = "a red kite") -> Finished | Pending:
    """A film as it is at the second look, when the double is done with it."""
    task_request = make_task_request(FILM, prompt, kind="video")
    pending = xai.start(task_request)
    assert isinstance(pending, Pending)
    assert isinstance(xai.poll(task_request, pending.handle), Pending)
    return xai.poll(task_request, pending.handle)


def test_a_picture_comes_back_and_what_it_cost(xai: VendorEngine, double: XAIDouble) -> None:
    done = xai.start(make_task_request(GROK))
    assert isinstance(done, Finished)
    assert done.output == Output(samples.png(128, 72), "image/png", "16:9")
    assert done.facts == VendorFacts(request_id="xai-req-1", figures={"cost_in_usd_ticks": 200_000_000})
    assert double.received[0].headers["authorization"] == f"Bearer {KEY}"


@pytest.mark.parametrize("count", [1, 3])
def test_an_edit_names_its_pictures(xai: VendorEngine, double: XAIDouble, count: int) -> None:
    pictures = dict.fromkeys(["source", "ref", "ref.2"][:count], PNG)
    done = xai.start(make_task_request(GROK, kind="edit", ratio="auto", input_files=pictures))
    assert isinstance(done, Finished)
    assert double.submissions("POST .*/images/edits")


@pytest.mark.parametrize("status", [200, 202])
def test_a_film_is_begun_looked_up_and_fetched(xai: VendorEngine, double: XAIDouble, status: int) -> None:
    double.pending_status = status
    done = filmed(xai)
    assert isinstance(done, Finished)
    assert isinstance(done.output, Download)
    assert httpx.get(done.output.url).content == samples.mp4()
    assert done.facts.figures["cost_in_usd_ticks"] == 4_200_000_000


@pytest.mark.parametrize("nested", [False, True])
@pytest.mark.parametrize("prompt", ["[[block]]", "[[block-output]]"])
def test_a_refused_picture_is_blocked_at_either_stage(
    xai: VendorEngine, double: XAIDouble, prompt: str, nested: bool
) -> None:
    double.nested_errors = nested
    with pytest.raises(Blocked):
        xai.start(make_task_request(GROK, prompt))


def test_a_film_goes_by_several_pictures_where_the_model_takes_them(xai: VendorEngine) -> None:
    given = {"ref": PNG, "ref.2": PNG, "logo": PNG}
    taken = xai.start(make_task_request(f"{FILM}-1.5", kind="video", input_files=given))
    assert isinstance(taken, Pending)


def test_a_film_refused_at_once_is_blocked(xai: VendorEngine, double: XAIDouble) -> None:
    with pytest.raises(Blocked):
        xai.start(make_task_request(FILM, "[[block]]", kind="video"))
    assert double.films == {}


def test_a_film_that_was_withheld_is_blocked_although_it_is_done(xai: VendorEngine) -> None:
    with pytest.raises(Blocked):
        filmed(xai, "[[block-output]]")


@pytest.mark.parametrize("prompt", ["[[fail]]", "[[expire]]"])
def test_a_film_that_came_to_nothing_is_for_the_next_route(xai: VendorEngine, prompt: str) -> None:
    with pytest.raises(RouteFailed):
        filmed(xai, prompt)


@pytest.mark.parametrize(("retry_after", "seconds"), [("11", 11), ("Fri, 20 Nov 2026 12:00:40 GMT", 40)])
def test_a_rate_limit_is_heeded_in_both_spellings(
    xai: VendorEngine, double: XAIDouble, retry_after: str, seconds: int
) -> None:
    double.next(Fault(429, {"error": "Too many requests", "code": "limit"}, {"Retry-After": retry_after}))
    with pytest.raises(RateLimitedByVendor) as limited:
        xai.start(make_task_request(GROK))
    assert type(limited.value) is RateLimitedByVendor
    assert limited.value.retry_after == seconds


def test_a_spent_budget_is_no_rate_limit(xai: VendorEngine, double: XAIDouble) -> None:
    double.next(Fault(429, {"error": "Your team has reached its monthly spending limit.", "code": "limit"}))
    with pytest.raises(AccountTrouble):
        xai.start(make_task_request(GROK))


def test_a_failing_server_is_tried_again_by_whoever_drives(xai: VendorEngine, double: XAIDouble) -> None:
    double.next(Fault(500, b"<html>oops</html>"))
    with pytest.raises(VendorUnavailable):
        xai.start(make_task_request(GROK))
    assert isinstance(xai.start(make_task_request(GROK)), Finished)


@pytest.mark.parametrize(("model", "kind"), [(GROK, "image"), (FILM, "video")])
def test_a_lost_answer_is_unknown_and_nothing_is_sent_again(
    xai: VendorEngine, double: XAIDouble, model: str, kind: str
) -> None:
    double.next(Fault(drop=True, serve=True))
    with pytest.raises(OutcomeUnknown):
        xai.start(make_task_request(model, kind=kind))
    assert len(double.received) == 1


def test_a_picture_that_takes_too_long_is_unknown(double: XAIDouble) -> None:
    double.next(Fault(stall=1.0, serve=True))
    with pytest.raises(OutcomeUnknown):
        engine(Impatient(XAI()), f"{double.url}/v1", KEY).start(make_task_request(GROK))
    assert len(double.received) == 1


def test_a_lost_answer_to_a_look_is_harmless(xai: VendorEngine, double: XAIDouble) -> None:
    pending = xai.start(make_task_request(FILM, kind="video"))
    assert isinstance(pending, Pending)
    double.next(Fault(drop=True))
    with pytest.raises(VendorUnavailable):
        xai.poll(make_task_request(FILM, kind="video"), pending.handle)


def test_an_unreachable_vendor_was_sent_nothing(double: XAIDouble) -> None:
    gone = engine(XAI(), f"{double.url}/v1", KEY)
    double.stop()
    with pytest.raises(VendorUnavailable):
        gone.start(make_task_request(GROK))


@pytest.mark.parametrize("nested", [False, True])
def test_a_wrong_key_is_trouble_with_the_account_although_its_status_says_a_wrong_parameter(
    double: XAIDouble, nested: bool
) -> None:
    double.nested_errors = nested
    with pytest.raises(AccountTrouble):
        engine(XAI(), f"{double.url}/v1", "wrong").start(make_task_request(GROK))
    with pytest.raises(AccountTrouble):
        engine(XAI(), f"{double.url}/v1", "").start(make_task_request(GROK))
    assert len(double.received) == 1, "without a key nothing is sent"


def test_a_retired_model(xai: VendorEngine, double: XAIDouble) -> None:
    double.next(Fault(404, {"error": "The model grok-imagine-image does not exist", "code": "not-found"}))
    with pytest.raises(ModelRetired):
        xai.start(make_task_request(GROK))


def test_a_garbled_answer_to_a_start_is_unknown_and_to_a_look_harmless(
    xai: VendorEngine, double: XAIDouble
) -> None:
    double.next(Fault(200, b"<html>proxy</html>", serve=True))
    with pytest.raises(OutcomeUnknown):
        xai.start(make_task_request(FILM, kind="video"))
    double.next(Fault(200, b"<html>proxy</html>"))
    with pytest.raises(VendorUnavailable):
        xai.poll(make_task_request(FILM, kind="video"), "film-1")


@pytest.mark.parametrize("kind", WRITINGS)
def test_every_kind_of_text_is_written(xai: VendorEngine, kind: str) -> None:
    written = xai.start(make_task_request(WRITER, kind=kind, ratio="auto"))
    assert isinstance(written, Finished)
    assert isinstance(written.output, Output)
    assert json.loads(written.output.data)


@pytest.mark.parametrize(
    ("prompt", "kind"), [("[[block]]", Blocked), ("[[block-output]]", Blocked), ("[[cut]]", RouteFailed)]
)
def test_a_text_that_is_refused_or_breaks_off(xai: VendorEngine, prompt: str, kind: type[Exception]) -> None:
    with pytest.raises(kind):
        xai.start(make_task_request(WRITER, prompt, kind="refine"))


def test_the_words_are_those_of_the_double() -> None:
    assert {*adapter.RATIOS} == RATIOS - {"auto"}
    assert {*adapter.FILM_RATIOS} == FILM_RATIOS


def test_an_sdk_for_the_same_api_speaks_with_the_double(double: XAIDouble) -> None:
    with openai.OpenAI(api_key=KEY, base_url=f"{double.url}/v1", max_retries=0) as client:
        speaks: Any = client
        made = speaks.images.generate(
            model=GROK,
            prompt="a red kite",
            response_format="b64_json",
            extra_body={"aspect_ratio": "16:9", "resolution": "1k"},
        )
        assert base64.b64decode(made.data[0].b64_json) == samples.png(128, 72)

        text_request = request_of(make_task_request(WRITER, kind="refine"))
        shape = {"name": text_request.name, "schema": text_request.schema, "strict": True}
        written = speaks.chat.completions.create(
            model=WRITER,
            messages=[{"role": "user", "content": text_request.text}],
            response_format={"type": "json_schema", "json_schema": shape},
        )
        assert json.loads(written.choices[0].message.content)["prompt"]
        with pytest.raises(openai.PermissionDeniedError):
            speaks.images.generate(model=GROK, prompt="[[block]]")
