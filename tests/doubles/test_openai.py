"""OpenAI over real HTTP: the adapter, its moderation and the vendor's own SDK against the double.

Of the fifteen cases, 10 (errors in another vendor's shapes), 11 (strings of JSON), 12 (a file that is gone) and 13 to
15 (callbacks, results fetched later) have no form here: every answer is whole and carries its bytes.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from io import BytesIO
from typing import Any

import openai
import pytest
from PIL import Image

from darkroom.domain.jobs.engine import Finished, Output
from darkroom.domain.jobs.engine_failures import (
    AccountTrouble,
    Blocked,
    ModelRetired,
    OutcomeUnknown,
    RateLimitedByVendor,
    Rejected,
    RouteFailed,
    VendorUnavailable,
)
from darkroom.domain.vendors.texts import WRITINGS, request_of
from darkroom_graphics.masks import SkiaMasks
from darkroom_vendors.client import VendorEngine
from darkroom_vendors.openai import OpenAI
from darkroom_vendors.openai_moderation import OpenAIModerator
from local.doubles import samples
from local.doubles.base import Fault
from local.doubles.openai import KEY, OpenAIDouble
from tests.doubles.impatience import Impatient
from tests.fakes.system import FakeClock
from tests.harness.vendor_adapters import NOW, engine, make_task_request

MODEL, LUNA = "gpt-image-2", "gpt-6-luna"
PNG = samples.png(640, 480)


@pytest.fixture
def double() -> Iterator[OpenAIDouble]:
    with OpenAIDouble() as running:
        yield running


@pytest.fixture
def vendor(double: OpenAIDouble) -> VendorEngine:
    return engine(OpenAI(SkiaMasks()), f"{double.url}/v1", KEY)


@pytest.fixture
def moderator(double: OpenAIDouble) -> Iterator[OpenAIModerator]:
    made = OpenAIModerator(lambda: KEY, FakeClock(NOW), base_url=f"{double.url}/v1")
    yield made
    made.close()


@pytest.fixture
def sdk(double: OpenAIDouble) -> Iterator[Any]:
    with openai.OpenAI(api_key=KEY, base_url=f"{double.url}/v1", max_retries=0) as client:
        yield client


def white_mask() -> bytes:
    """A mask without transparency, of another size than its picture."""
    mask = Image.new("L", (320, 240))
    mask.paste(255, (0, 0, 160, 240))
    written = BytesIO()
    mask.save(written, "PNG")
    return written.getvalue()


def test_a_picture_comes_back_and_what_it_cost(vendor: VendorEngine, double: OpenAIDouble) -> None:
    done = vendor.start(make_task_request(MODEL))
    assert isinstance(done, Finished)
    assert done.output == Output(samples.png(1280, 720), "image/png", "16:9")
    assert (done.facts.request_id, done.facts.figures["output_tokens"]) == ("req_double", 1056)
    assert double.received[0].headers["authorization"] == f"Bearer {KEY}"


def test_an_edit_with_a_mask_arrives_as_the_vendor_wants_it(
    vendor: VendorEngine, double: OpenAIDouble
) -> None:
    input_files = {"source": PNG, "mask": white_mask(), "ref": samples.png(8, 8)}
    done = vendor.start(make_task_request(MODEL, kind="edit", ratio="auto", input_files=input_files))
    assert isinstance(done, Finished)
    parts = double.received[0].parts()
    sent = {name: data for name, file_name, data in parts if name in ("mask", "image[]") and file_name}
    assert [name for name, file_name, _ in parts if file_name] == ["image[]", "image[]", "mask"]
    alpha = Image.open(BytesIO(sent["mask"])).getchannel("A")
    assert alpha.size == (640, 480)
    assert (alpha.getpixel((100, 240)), alpha.getpixel((500, 240))) == (0, 255), "what was white is repainted"


@pytest.mark.parametrize("prompt", ["[[block]]", "[[block-output]]"])
@pytest.mark.parametrize("kind", ["image", "edit"])
def test_a_refused_prompt_is_blocked_at_either_stage(vendor: VendorEngine, prompt: str, kind: str) -> None:
    input_files = {"source": PNG} if kind == "edit" else {}
    with pytest.raises(Blocked) as blocked:
        vendor.start(make_task_request(MODEL, f"something {prompt}", kind=kind, input_files=input_files))
    assert blocked.value.code == "moderation_blocked"
    assert blocked.value.request_id == "req_double"


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"Retry-After": "7"}, 7),
        ({"Retry-After": "Fri, 20 Nov 2026 12:00:40 GMT"}, 40),
        ({"Retry-After-Ms": "2100", "Retry-After": "60"}, 3),
        ({"x-ratelimit-remaining-requests": "0", "x-ratelimit-reset-requests": "1m30s"}, 90),
    ],
)
def test_a_rate_limit_is_heeded_in_every_spelling(
    vendor: VendorEngine, double: OpenAIDouble, headers: dict[str, str], seconds: int
) -> None:
    double.next(Fault(429, {"error": {"code": "rate_limit_exceeded", "message": "slow down"}}, headers))
    with pytest.raises(RateLimitedByVendor) as limited:
        vendor.start(make_task_request(MODEL))
    assert type(limited.value) is RateLimitedByVendor
    assert limited.value.retry_after == seconds


def test_a_quota_that_is_used_up_is_no_rate_limit(vendor: VendorEngine, double: OpenAIDouble) -> None:
    double.next(Fault(429, {"error": {"code": "insufficient_quota", "message": "pay"}}))
    with pytest.raises(AccountTrouble):
        vendor.start(make_task_request(MODEL))


def test_a_failing_server_is_tried_again_by_whoever_drives(
    vendor: VendorEngine, double: OpenAIDouble
) -> None:
    double.next(Fault(500, b"<html>oops</html>"))
    with pytest.raises(VendorUnavailable):
        vendor.start(make_task_request(MODEL))
    assert isinstance(vendor.start(make_task_request(MODEL)), Finished)
    assert len(double.received) == 2


def test_a_server_that_says_not_to_try_again_is_not(vendor: VendorEngine, double: OpenAIDouble) -> None:
    double.next(Fault(500, {"error": {"message": "no"}}, {"x-should-retry": "false"}))
    with pytest.raises(RouteFailed):
        vendor.start(make_task_request(MODEL))


def test_a_lost_answer_is_unknown_and_nothing_is_sent_again(
    vendor: VendorEngine, double: OpenAIDouble
) -> None:
    double.next(Fault(drop=True, serve=True))
    with pytest.raises(OutcomeUnknown):
        vendor.start(make_task_request(MODEL))
    assert len(double.received) == 1


def test_a_picture_that_takes_too_long_is_unknown(double: OpenAIDouble) -> None:
    double.next(Fault(stall=1.0, serve=True))
    hurried = engine(Impatient(OpenAI()), f"{double.url}/v1", KEY)
    with pytest.raises(OutcomeUnknown):
        hurried.start(make_task_request(MODEL))
    assert len(double.received) == 1


def test_an_unreachable_vendor_was_sent_nothing(double: OpenAIDouble) -> None:
    gone = engine(OpenAI(), f"{double.url}/v1", KEY)
    double.stop()
    with pytest.raises(VendorUnavailable):
        gone.start(make_task_request(MODEL))


def test_a_wrong_key_and_no_key_are_trouble_with_the_account(double: OpenAIDouble) -> None:
    with pytest.raises(AccountTrouble) as wrong:
        engine(OpenAI(), f"{double.url}/v1", "wrong").start(make_task_request(MODEL))
    assert wrong.value.code == "invalid_api_key"
    with pytest.raises(AccountTrouble):
        engine(OpenAI(), f"{double.url}/v1", "").start(make_task_request(MODEL))
    assert len(double.received) == 1, "without a key nothing is sent"


def test_a_retired_model(vendor: VendorEngine, double: OpenAIDouble) -> None:
    gone = {"error": {"message": "The model `gpt-image-2` does not exist", "code": "model_not_found"}}
    double.next(Fault(404, gone))
    with pytest.raises(ModelRetired):
        vendor.start(make_task_request(MODEL))


def test_a_garbled_answer_to_a_start_is_unknown(vendor: VendorEngine, double: OpenAIDouble) -> None:
    double.next(Fault(200, b"<html>proxy</html>", serve=True))
    with pytest.raises(OutcomeUnknown):
        vendor.start(make_task_request(MODEL))


@pytest.mark.parametrize("kind", WRITINGS)
def test_every_kind_of_text_is_written(vendor: VendorEngine, kind: str) -> None:
    written = vendor.start(make_task_request(LUNA, kind=kind, ratio="auto"))
    assert isinstance(written, Finished)
    assert isinstance(written.output, Output)
    assert written.output.mime == "application/json"
    assert json.loads(written.output.data)
    assert written.facts.figures["output_tokens"] == 40


@pytest.mark.parametrize(
    ("prompt", "kind"),
    [
        ("[[block]]", Blocked),
        ("[[block-output]]", Blocked),
        ("[[decline]]", Blocked),
        ("[[cut]]", RouteFailed),
    ],
)
def test_a_text_that_is_refused_or_breaks_off(
    vendor: VendorEngine, prompt: str, kind: type[Exception]
) -> None:
    with pytest.raises(kind):
        vendor.start(make_task_request(LUNA, prompt, kind="refine"))


def test_a_lost_text_may_be_asked_for_again(vendor: VendorEngine, double: OpenAIDouble) -> None:
    double.next(Fault(drop=True, serve=True))
    with pytest.raises(VendorUnavailable):
        vendor.start(make_task_request(LUNA, kind="refine"))


def test_moderation_lets_a_harmless_order_pass_and_looks_at_each_picture(
    moderator: OpenAIModerator, double: OpenAIDouble
) -> None:
    moderator.check(
        make_task_request(MODEL, kind="edit", input_files={"source": PNG, "ref": PNG, "mask": PNG})
    )
    bodies = [request.json()["input"] for request in double.submissions("POST .*/moderations")]
    assert [[part["type"] for part in body] for body in bodies] == [["text", "image_url"], ["image_url"]]
    assert bodies[1][0]["image_url"]["url"] == "https://media.example/ref"


def test_moderation_blocks_what_is_flagged_and_says_for_what(moderator: OpenAIModerator) -> None:
    with pytest.raises(Blocked) as blocked:
        moderator.check(make_task_request(MODEL, "[[block]]"))
    assert blocked.value.code == "violence", "the surest of its categories"


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        (Fault(500, b"oops"), VendorUnavailable),
        (Fault(429, {"error": {"code": "rate_limit_exceeded"}}), RateLimitedByVendor),
        (Fault(200, b"<html>proxy</html>"), VendorUnavailable),
        (Fault(200, {"results": []}), VendorUnavailable),
        (Fault(drop=True), VendorUnavailable),
        (Fault(400, {"error": {"code": "invalid_image_url", "message": "cannot be fetched"}}), Rejected),
    ],
)
def test_moderation_that_could_not_check_says_so_and_does_not_block(
    moderator: OpenAIModerator, double: OpenAIDouble, fault: Fault, kind: type[Exception]
) -> None:
    double.next(fault)
    with pytest.raises(kind) as failed:
        moderator.check(make_task_request(MODEL))
    assert not isinstance(failed.value, Blocked)


def test_the_vendors_own_sdk_makes_and_edits_pictures_at_the_double(sdk: Any) -> None:
    made = sdk.images.generate(
        model=MODEL, prompt="a red kite", size="1536x864", quality="high", safety_identifier="who"
    )
    assert made.data
    assert base64.b64decode(made.data[0].b64_json or "") == samples.png(1536, 864)
    assert made.usage is not None
    assert made.usage.input_tokens_details.image_tokens == 6

    mask = SkiaMasks().cut_out(white_mask(), 640, 480)
    edited = sdk.images.edit(
        model=MODEL,
        prompt="make it autumn",
        image=[("a.png", PNG), ("b.png", samples.png(8, 8))],
        mask=("mask.png", mask),
    )
    assert edited.data
    assert edited.data[0].b64_json


def test_the_vendors_own_sdk_reads_the_doubles_refusals(sdk: Any) -> None:
    with pytest.raises(openai.BadRequestError) as blocked:
        sdk.images.generate(model=MODEL, prompt="[[block]]")
    assert blocked.value.code == "moderation_blocked"
    assert blocked.value.request_id == "req_double"
    with pytest.raises(openai.NotFoundError):
        sdk.images.generate(model="gpt-image-1", prompt="a kite")
    with pytest.raises(openai.BadRequestError):
        sdk.images.edit(model=MODEL, prompt="a kite", image=("a.png", PNG), mask=("m.png", white_mask()))
    with pytest.raises(openai.AuthenticationError):
        sdk.with_options(api_key="wrong").images.generate(model=MODEL, prompt="a kite")


def test_the_vendors_own_sdk_has_a_text_written_to_our_schema(sdk: Any) -> None:
    text_request = request_of(make_task_request(LUNA, kind="plan"))
    written = sdk.responses.create(
        model=LUNA,
        instructions=text_request.instructions,
        input=[{"role": "user", "content": [{"type": "input_text", "text": text_request.text}]}],
        text={
            "format": {
                "type": "json_schema",
                "name": text_request.name,
                "strict": True,
                "schema": {**text_request.schema},
            }
        },
        store=False,
    )
    assert written.status == "completed"
    assert len(json.loads(written.output_text)["slides"]) == 5
    loose = {"type": "object", "properties": {"prompt": {"type": "string"}}, "required": []}
    with pytest.raises(openai.BadRequestError):
        sdk.responses.create(
            model=LUNA,
            input="words",
            text={"format": {"type": "json_schema", "name": "loose", "strict": True, "schema": loose}},
        )


def test_the_vendors_own_sdk_moderates_at_the_double(sdk: Any) -> None:
    moderation = sdk.moderations.create(
        model="omni-moderation-latest",
        input=[
            {"type": "text", "text": "[[block]]"},
            {"type": "image_url", "image_url": {"url": "https://media.example/a.png"}},
        ],
    )
    assert moderation.results[0].flagged
    assert moderation.results[0].categories.violence
    assert not moderation.results[0].categories.sexual_minors
