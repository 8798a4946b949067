"""Google over real HTTP: the adapter and the vendor's own SDK against the double.

Of the fifteen cases, 5 (a quota that is used up) and 15 (a finished task whose result is an error) have no form of
their own here; 11, 13 and 14 are about callbacks and strings of JSON, which this vendor does not have.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator

import pytest

from darkroom.domain.jobs.engine import Download, Finished, Output, Pending
from darkroom.domain.jobs.engine_failures import (
    AccountTrouble,
    Blocked,
    ModelRetired,
    OutcomeUnknown,
    RateLimitedByVendor,
    VendorUnavailable,
)
from darkroom_vendors.client import VendorEngine
from darkroom_vendors.google import Google
from local.doubles import samples
from local.doubles.base import Fault
from local.doubles.google import KEY, GoogleDouble
from tests.harness.vendor_adapters import engine, make_task_request

BANANA, OMNI = "gemini-nano-banana-2.1", "gemini-omni-1.1-flash"
GENERATE = "POST .*generateContent"


@pytest.fixture
def double() -> Iterator[GoogleDouble]:
    with GoogleDouble() as running:
        yield running


@pytest.fixture
def google(double: GoogleDouble) -> VendorEngine:
    return engine(Google(), double.url, KEY)


def test_a_picture_comes_back(google: VendorEngine, double: GoogleDouble) -> None:
    done = google.start(make_task_request(BANANA, kind="edit", input_files={"source": samples.png()}))
    assert isinstance(done, Finished)
    assert isinstance(done.output, Output)
    assert done.output.data == samples.png()
    assert double.received[0].headers["x-goog-api-key"] == KEY
    assert KEY not in double.received[0].path


def test_a_film_is_started_looked_up_and_fetched_with_the_key(google: VendorEngine) -> None:
    begun = google.start(make_task_request(OMNI, kind="video", input_files={"source": samples.png()}))
    assert isinstance(begun, Pending)
    again = google.poll(make_task_request(OMNI, kind="video"), begun.handle)
    assert isinstance(again, Pending)
    done = google.poll(make_task_request(OMNI, kind="video"), again.handle)
    assert isinstance(done, Finished)
    assert isinstance(done.output, Download)
    assert done.output.headers == {"x-goog-api-key": KEY}
    assert KEY not in repr(done), "what is logged shows no key"


@pytest.mark.parametrize("prompt", ["[[block]]", "[[block-output]]"])
def test_a_refused_prompt_is_blocked_although_the_status_is_200(google: VendorEngine, prompt: str) -> None:
    with pytest.raises(Blocked):
        google.start(make_task_request(BANANA, f"something {prompt}"))


@pytest.mark.parametrize("prompt", ["[[block]]", "[[text]]"])
def test_a_refused_film(google: VendorEngine, prompt: str) -> None:
    def made() -> None:
        begun = google.start(make_task_request(OMNI, prompt, kind="video"))
        assert isinstance(begun, Pending)
        google.poll(make_task_request(OMNI), begun.handle)
        google.poll(make_task_request(OMNI), begun.handle)

    with pytest.raises(Blocked):
        made()


@pytest.mark.parametrize(
    ("retry_after", "seconds"),
    [("11", 11), ("Fri, 20 Nov 2026 12:00:40 GMT", 40), ("soon", 5), ("-3", 1), ("inf", 5)],
)
def test_a_rate_limit_is_heeded_in_both_spellings(
    google: VendorEngine, double: GoogleDouble, retry_after: str, seconds: int
) -> None:
    double.next(Fault(429, {"error": {"code": 429, "status": "X"}}, {"Retry-After": retry_after}))
    with pytest.raises(RateLimitedByVendor) as limited:
        google.start(make_task_request(BANANA))
    assert limited.value.retry_after == seconds


def test_a_failing_server_is_tried_again_by_whoever_drives(
    google: VendorEngine, double: GoogleDouble
) -> None:
    double.next(Fault(500, b"<html>oops</html>"))
    with pytest.raises(VendorUnavailable):
        google.start(make_task_request(BANANA))
    assert isinstance(google.start(make_task_request(BANANA)), Finished)
    assert len(double.submissions(GENERATE)) == 2


def test_a_lost_answer_is_unknown_and_nothing_is_sent_again(
    google: VendorEngine, double: GoogleDouble
) -> None:
    double.next(Fault(drop=True, serve=True))
    with pytest.raises(OutcomeUnknown):
        google.start(make_task_request(OMNI, kind="video"))
    assert len(double.interactions) == 1
    assert len(double.received) == 1


def test_a_lost_answer_to_a_look_is_harmless(google: VendorEngine, double: GoogleDouble) -> None:
    begun = google.start(make_task_request(OMNI, kind="video"))
    assert isinstance(begun, Pending)
    double.next(Fault(drop=True))
    with pytest.raises(VendorUnavailable):
        google.poll(make_task_request(OMNI, kind="video"), begun.handle)


def test_an_unreachable_vendor_was_sent_nothing(double: GoogleDouble) -> None:
    gone = engine(Google(), double.url, KEY)
    double.stop()
    with pytest.raises(VendorUnavailable):
        gone.start(make_task_request(BANANA))


def test_a_wrong_key_and_no_key_are_trouble_with_the_account(double: GoogleDouble) -> None:
    with pytest.raises(AccountTrouble):
        engine(Google(), double.url, "wrong").start(make_task_request(BANANA))
    with pytest.raises(AccountTrouble):
        engine(Google(), double.url, "").start(make_task_request(BANANA))
    assert len(double.received) == 1, "without a key nothing is sent"


def test_a_retired_model(google: VendorEngine, double: GoogleDouble) -> None:
    double.wrapped_errors = True
    double.next(Fault(404, [{"error": {"code": 404, "status": "NOT_FOUND", "message": "gone"}}]))
    with pytest.raises(ModelRetired):
        google.start(make_task_request(BANANA))


def test_a_garbled_answer_to_a_start_is_unknown(google: VendorEngine, double: GoogleDouble) -> None:
    double.next(Fault(200, b"<html>proxy</html>", serve=True))
    with pytest.raises(OutcomeUnknown):
        google.start(make_task_request(BANANA))


def test_canceling_stops_the_film(google: VendorEngine, double: GoogleDouble) -> None:
    begun = google.start(make_task_request(OMNI, kind="video"))
    assert isinstance(begun, Pending)
    google.cancel(begun.handle)
    assert double.interactions[begun.handle]["status"] == "cancelled"


def test_the_vendors_own_sdk_speaks_with_the_double(double: GoogleDouble) -> None:
    genai = pytest.importorskip("google.genai")
    client = genai.Client(api_key=KEY, http_options={"base_url": double.url, "api_version": "v1"})
    answer = client.models.generate_content(
        model=BANANA,
        contents="a red kite",
        config={"response_modalities": ["IMAGE"], "image_config": {"aspect_ratio": "16:9"}},
    )
    drawn = [part.inline_data for part in answer.candidates[0].content.parts if part.inline_data]
    assert drawn[-1].data == samples.png()

    begun = client.interactions.create(
        model=OMNI,
        input=[
            {"type": "image", "data": base64.b64encode(samples.png()).decode(), "mime_type": "image/png"},
            {"type": "text", "text": "push in"},
        ],
        background=True,
        response_format={"type": "video", "delivery": "uri", "aspect_ratio": "9:16", "duration": "8s"},
    )
    client.interactions.get(begun.id)
    done = client.interactions.get(begun.id)
    assert done.status == "completed"
    assert done.steps[-1].content[0].uri.startswith(double.url)
