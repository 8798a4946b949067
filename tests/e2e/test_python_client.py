"""The Python client against the deployed stack, as its README uses it."""

from __future__ import annotations

import asyncio
import time

import pytest

from darkroom_client import AsyncDarkroom, Darkroom, InvalidRequest, NotFound, Unauthorized
from darkroom_client.webhooks import verify
from local.emulator.info import StackInfo
from local.receiver import Receiver


def test_images_are_submitted_waited_for_and_listed(stack_info: StackInfo) -> None:
    with Darkroom(stack_info.base_url, stack_info.keys["memes_live"]) as darkroom:
        submitted = darkroom.memes.create_image(prompt="a lighthouse at dusk", aspect_ratio="16:9", count=2)
        generation = darkroom.memes.wait(submitted)
        assert (generation.status, len(generation.output)) == ("succeeded", 2)
        newest = {
            image.id for image, _ in zip(darkroom.memes.iterate_images(limit=1), range(2), strict=False)
        }
        assert newest == {image.id for image in generation.output}


def test_the_same_with_asyncio_side_by_side(stack_info: StackInfo) -> None:
    async def run() -> list[str]:
        async with AsyncDarkroom(stack_info.base_url, stack_info.keys["memes_test"]) as darkroom:
            submitted = [
                await darkroom.memes.create_image(prompt=f"kite {n}", quality="fast") for n in range(3)
            ]
            ended = await asyncio.gather(*map(darkroom.memes.wait, submitted))
            return [str(generation.status) for generation in ended]

    assert asyncio.run(run()) == ["succeeded"] * 3


def test_templates_are_rendered_one_and_many(stack_info: StackInfo) -> None:
    template = stack_info.templates["social-card"]
    with Darkroom(stack_info.base_url, stack_info.keys["pixeldrive"]) as darkroom:
        one = darkroom.pixeldrive.render(
            templateId=template, payload={"headline": {"text": "From the client"}}
        )
        assert one.url.startswith(stack_info.base_url)
        rows = [{"headline": {"text": f"Row {n}"}} for n in range(3)]
        batch = darkroom.pixeldrive.wait(darkroom.pixeldrive.render_batch(templateId=template, payloads=rows))
        assert (batch.completed, batch.total) == (3, 3)


def test_refusals_are_errors_of_their_kind(stack_info: StackInfo) -> None:
    with Darkroom(stack_info.base_url, stack_info.keys["memes_live"]) as darkroom:
        with pytest.raises(InvalidRequest) as caught:
            darkroom.memes.create_image(prompt="x", count=99)
        assert caught.value.param == "count"
        assert caught.value.request_id
        with pytest.raises(NotFound):
            darkroom.memes.get_generation("01950000-0000-7000-8000-000000000001")
    with Darkroom(stack_info.base_url, "sk_live_nobody") as darkroom, pytest.raises(Unauthorized):
        darkroom.platform.get_credits()


def test_a_key_repeats_a_call_without_doing_it_twice(stack_info: StackInfo) -> None:
    with Darkroom(stack_info.base_url, stack_info.keys["memes_live"]) as darkroom:
        first, again = (
            darkroom.memes.create_image(prompt="once", idempotency_key="client-e2e-once") for _ in range(2)
        )
        assert first.generation.id == again.generation.id


def test_webhooks_are_verified(stack_info: StackInfo, hook: Receiver) -> None:
    with Darkroom(stack_info.base_url, stack_info.keys["memes_live"]) as darkroom:
        made = darkroom.memes.create_webhook(url=hook.url, events=["generation.completed"]).webhook
        assert made.secret
        generation = darkroom.memes.wait(darkroom.memes.create_image(prompt="told of", quality="fast"))
        events: dict[str, str] = {}
        until = time.monotonic() + 60
        while generation.id not in events and time.monotonic() < until:
            for message in hook.wait_for(len(events) + 1, 5):  # earlier tests' events may come first
                event = verify(message.body, message.headers, made.secret)
                events[event["data"]["generation"]["id"]] = event["type"]
        assert events[generation.id] == "generation.completed"
        darkroom.memes.delete_webhook(made.id)
