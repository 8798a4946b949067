"""A stack that was deployed without the sandbox: test keys cannot generate there, and still render."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tests.harness.api_client import ApiClient
from tests.unit.functions.api_memes.client import Client as MemesClient
from tests.unit.functions.api_pixeldrive.client import Client as PixeldriveClient


def without_the_sandbox[C: ApiClient[Any]](api: C) -> C:
    api.core.settings = replace(api.core.settings, queue_sandbox_url="", queue_sandbox_films_url="")
    return api


@pytest.mark.parametrize("livemode", [True, False])
def test_what_would_go_to_the_sandbox_is_refused_with_the_reason(livemode: bool) -> None:
    api = without_the_sandbox(MemesClient())
    before = dict(api.memory.entries)
    reply = api.post("/images", {"prompt": "a kite"}, key=api.issue("k", livemode=livemode))
    assert reply.status == 503
    reason = "No engine for this model" if livemode else "deployed without the sandbox"
    assert reason in reply.error["message"]
    assert not api.memory.jobs
    assert not api.queues.tasks
    assert api.memory.entries == before


def test_test_keys_still_render() -> None:
    api = without_the_sandbox(PixeldriveClient())
    template = api.template(key="test")
    api.core.grant_credits_by_hand(api.workspace.id, 10, livemode=False)
    assert api.render(template, key="test").status == 200
    assert api.renderer.drawn
