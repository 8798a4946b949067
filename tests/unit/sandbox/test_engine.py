"""The sandbox as an engine: each kind of still, and what the markers make of it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from darkroom.catalog_data import catalog
from darkroom.domain.catalog.routes import UNLISTED, Queue, sandbox_route
from darkroom.domain.jobs.engine import Finished, Output, Pending, TaskRequest
from darkroom.domain.jobs.engine_failures import Blocked, EngineError, OutcomeUnknown, Rejected, RouteFailed
from darkroom.domain.jobs.spec import BrandProfile
from darkroom_sandbox.engine import SandboxEngine
from darkroom_sandbox.stills import STILLS
from tests.fakes import FakeClock
from tests.unit.graphics.pictures import checker, encoded, flat
from tests.unit.sandbox.pictures import decoded, difference
from tests.unit.sandbox.task_requests import task_request

SOURCE = encoded(checker(320, 240, 40))


def made(request: TaskRequest) -> Output:
    outcome = SandboxEngine(FakeClock(), STILLS).start(request)
    assert isinstance(outcome, Finished)
    assert isinstance(outcome.output, Output)
    return outcome.output


def test_a_size_is_met_to_the_pixel() -> None:
    assert decoded(made(task_request("image", "a red kite", size=[640, 352])).data).shape == (352, 640, 3)


@pytest.mark.parametrize("size", [[10, 10], [5000, 100], [4096, 4096], ["x", 1], [640]])
def test_a_size_nobody_can_paint_is_rejected(size: list[object]) -> None:
    with pytest.raises(Rejected):
        made(task_request("image", "a red kite", size=size))


def test_each_task_has_its_own_prompt() -> None:
    prompts = ["a coffee cup", "a snowy mountain"]
    first = made(task_request("image", "both", index=0, prompts=prompts, seed=1, size=[256, 256]))
    second = made(task_request("image", "both", index=1, prompts=prompts, seed=1, size=[256, 256]))
    assert difference(decoded(first.data), decoded(second.data)) > 20
    alone = made(task_request("image", "a snowy mountain", index=1, seed=1, size=[256, 256]))
    assert alone.data == second.data


def test_a_marker_counts_in_the_prompt_of_its_task_only() -> None:
    prompts = ["fine", "[[block]] not fine"]
    engine = SandboxEngine(FakeClock(), STILLS)
    assert isinstance(engine.start(task_request("image", index=0, prompts=prompts, size=[64, 64])), Finished)
    with pytest.raises(Blocked):
        engine.start(task_request("image", index=1, prompts=prompts))


@pytest.mark.parametrize("kind", ["image", "meme", "edit", "reframe", "upscale", "video", "music"])
def test_markers_work_for_every_kind(kind: str) -> None:
    clock = FakeClock()
    engine = SandboxEngine(clock, {kind: lambda _, prompt: Output(prompt.encode(), "text/plain", "1:1")})
    with pytest.raises(Blocked):
        engine.start(task_request(kind, "[[block]]"))
    with pytest.raises(RouteFailed):
        engine.start(task_request(kind, "[[fail:1]]", index=1))
    with pytest.raises(OutcomeUnknown) as lost:
        engine.start(task_request(kind, "[[lose]] a kite"))
    slow = engine.start(task_request(kind, "[[slow:30]] a kite"))
    assert isinstance(slow, Pending)
    assert isinstance(engine.poll(task_request(kind, "[[slow:30]] a kite"), slow.handle), Pending)
    clock.advance(31)
    for handle in (slow.handle, str(lost.value.handle)):
        done = engine.poll(task_request(kind, "[[slow:30]] a kite"), handle)
        assert isinstance(done, Finished)
        assert isinstance(done.output, Output)
        assert done.output.data == b"a kite"


def test_an_unknown_quality_is_painted_as_usual() -> None:
    request = task_request("image", "a red kite", size=[128, 128])
    strange = task_request("image", "a red kite", size=[128, 128])
    object.__setattr__(strange.job.spec, "quality", "ultra")
    assert made(request).data == made(strange).data


def test_an_edit_keeps_its_source_recognisable_and_follows_the_words() -> None:
    edited = decoded(
        made(task_request("edit", "make it snowy", ratio="auto", input_files={"source": SOURCE})).data
    )
    assert edited.shape == (240, 320, 3)
    source = decoded(SOURCE)
    middle = (slice(80, 160), slice(110, 210))
    assert difference(edited, source) > 5
    assert difference(edited[middle], source[middle]) < 60


def test_a_mask_limits_an_edit() -> None:
    mask = flat(320, 240, 0, 0, 0)
    mask[:, 160:] = 255
    files = {"source": SOURCE, "mask": encoded(mask)}
    edited = decoded(made(task_request("edit", "make it snowy", ratio="auto", input_files=files)).data)
    assert np.array_equal(edited[:, :160], decoded(SOURCE)[:, :160])
    assert difference(edited[:, 160:], decoded(SOURCE)[:, 160:]) > 5


def test_an_edit_can_have_an_exact_size() -> None:
    request = task_request("edit", "at night", ratio="auto", input_files={"source": SOURCE}, size=[500, 300])
    assert decoded(made(request).data).shape == (300, 500, 3)


def test_a_reframe_has_the_shape_asked_for() -> None:
    output = made(task_request("reframe", ratio="9:16", input_files={"source": SOURCE}))
    assert decoded(output.data).shape == (1344, 768, 3)
    assert output.aspect_ratio == "9:16"


@pytest.mark.parametrize("kind", ["edit", "reframe", "upscale"])
@pytest.mark.parametrize("input_files", [{}, {"source": b"no picture"}, {"source": SOURCE[:200]}])
def test_without_a_good_source_it_is_rejected(kind: str, input_files: dict[str, bytes]) -> None:
    with pytest.raises(Rejected):
        made(task_request(kind, input_files=input_files))


def test_a_ratio_nobody_knows_is_rejected() -> None:
    for request in (
        task_request("image", ratio="7:3"),
        task_request("edit", ratio="7:3", input_files={"source": SOURCE}),
        task_request("reframe", ratio="7:3", input_files={"source": SOURCE}),
    ):
        with pytest.raises(Rejected):
            made(request)


def test_a_kind_nobody_makes_ends_the_task() -> None:
    with pytest.raises(EngineError):
        made(task_request("sculpture"))


KIT = BrandProfile(company_name="Luigi", brand_colors=("#0A5C36", "#F2C14E"))
LOGO = encoded(flat(300, 100, 255, 0, 255))
PRODUCT = encoded(flat(200, 200, 0, 255, 255))
GROUNDED: list[tuple[str, str, dict[str, Any]]] = [
    ("image", "fresh pizza", {}),
    ("image", "a mountain lake", {}),
    ("image", "", {}),
    ("meme", "when the pizza arrives before the boss does", {"format": "meme"}),
    ("meme", "when nobody knows", {"format": "meme"}),
    ("storyboard", "Pizza delivered in ten minutes", {"panel_count": 3}),
]


def _share(pixels: NDArray[np.uint8], colour: tuple[int, int, int]) -> float:
    return float((np.abs(pixels.astype(int) - colour).sum(axis=2) < 60).mean())


@pytest.mark.parametrize(("kind", "prompt", "more"), GROUNDED)
def test_a_brand_kit_can_be_seen(kind: str, prompt: str, more: dict[str, Any]) -> None:
    files = {"logo": LOGO, "product": PRODUCT}
    request = task_request(kind, prompt, ratio="1:1", input_files=files, brand=KIT, seed=3, **more)
    shown = decoded(made(request).data)
    assert _share(shown, (255, 0, 255)) > 0.0008
    assert _share(shown, (0, 255, 255)) > 0.01
    plain = decoded(made(task_request(kind, prompt, ratio="1:1", seed=3, **more)).data)
    assert difference(plain, shown) > 8

    def coloured(**changes: Any) -> NDArray[np.uint8]:
        brand = replace(KIT, **changes)
        return decoded(made(task_request(kind, prompt, ratio="1:1", brand=brand, seed=3, **more)).data)

    red, blue = (coloured(brand_colors=(code,)).astype(int) for code in ("#C01818", "#1830C0"))
    warmth = [float((pixels[:, :, 0] - pixels[:, :, 2]).mean()) for pixels in (red, blue)]
    assert warmth[0] > warmth[1] + 10
    assert (coloured(company_name="Luigi") != coloured(company_name="Mario")).any()


def test_a_character_is_not_pasted_over_the_face() -> None:
    face = encoded(checker(200, 200, 50))
    request = task_request(
        "image", "portrait of a woman", ratio="1:1", seed=1, input_files={"character": face}
    )
    shown = decoded(made(request).data)
    plain = decoded(made(task_request("image", "portrait of a woman", ratio="1:1", seed=1)).data)
    assert (shown[250:620, 380:640] == plain[250:620, 380:640]).all()
    assert difference(shown, plain) > 2


def test_every_still_that_is_sold_is_made() -> None:
    offers = catalog().offers.values()
    stills = {offer.kind for offer in offers if sandbox_route(offer.feature).queue is Queue.SANDBOX}
    assert stills - UNLISTED <= set(STILLS)
