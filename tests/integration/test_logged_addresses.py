"""What opens something by itself is in no log: whoever reads logs is not to open files or call back."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from types import SimpleNamespace

import pytest

from api_callbacks.app import handler as callbacks
from api_platform.app import handler as platform
from darkroom.domain.vendors.callbacks import CallbackTarget, callback_token
from darkroom.wiring import override
from tests.harness.api_client import gateway_event
from tests.harness.vendors import VendorHarness
from tests.unit.functions.api_memes.client import Client as MemesClient
from tests.unit.functions.api_pixeldrive.client import Client as PixeldriveClient

type Opened = tuple[str, int]
"""A secret that was in a request's address, and the status of the answer."""


def file() -> Opened:
    api = MemesClient()
    api.end(api.create())
    (asset,) = api.memory.assets.values()
    api.blobs.objects[asset.storage_key] = (b"png", "image/png")
    path = api.core.links.file(asset.storage_key).removeprefix("https://api.test")
    with override(api.core):
        answer = platform(gateway_event("GET", path, {}), None)
    return path.split("/")[2], answer["statusCode"]


def image() -> Opened:
    api = PixeldriveClient()
    signed = api.post("/sign", {"url": api.render(api.template()).json["url"]}).json["url"]
    (signature,) = re.findall(r"/s/\d+/([0-9a-f]+)/", signed)
    return signature, api.open(signed)["status"]


def preview() -> Opened:
    api = PixeldriveClient()
    signed = api.render(api.template(), preview=True).json["url"]
    (signature,) = re.findall(r"/s/\d+/([0-9a-f]+)/", signed)
    api.blobs.objects.clear()
    return signature, api.open(signed)["status"]


def callback() -> Opened:
    harness = VendorHarness("fal")
    target = CallbackTarget(harness.owner, "job", 0)
    token = callback_token(harness.core.master_secret(), "fal", target)
    vars(harness.core)["verifier"] = lambda _: SimpleNamespace(verify=lambda *_: None)
    event = gateway_event("POST", f"/callbacks/fal/{token}", {})
    with override(harness.core):
        return token.rpartition(".")[2], callbacks(event, None)["statusCode"]


@pytest.mark.parametrize(("opened", "status"), [(file, 200), (image, 200), (preview, 404), (callback, 401)])
def test_what_opens_something_is_in_no_log(
    opened: Callable[[], Opened], status: int, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        secret, answered = opened()
    assert (answered, len(secret) >= 32) == (status, True)
    assert [record for record in caplog.records if secret in str(vars(record))] == []
