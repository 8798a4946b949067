"""A local stack that is killed comes up again, with what its last snapshot has, and says what is lost."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator

import httpx
import pytest

from local.emulator.saved_state import snapshots
from local.emulator.stack import Stack
from tests.e2e.client import Client
from tests.e2e.conftest import free_port
from tools.paths import LOCAL


@pytest.fixture
def own() -> Iterator[Stack]:
    """A stack of this test's own."""
    stack = Stack(free_port(), LOCAL / "e2e-killed")
    stack.wipe()
    try:
        yield stack
    finally:
        stack.wipe()


def kill(stack: Stack) -> None:
    """kill -9, as the machine's owner or its memory would."""
    process = stack.server.running()
    assert process is not None
    os.kill(process.pid, signal.SIGKILL)
    while stack.server.running() is not None:
        time.sleep(0.05)


def made(client: Client, prompt: str) -> str:
    """The id of a picture's generation that succeeded."""
    generation = client.submit(prompt)
    assert client.ended(generation)["status"] == "succeeded"
    return generation


def interrupted(*_: object) -> str:
    """Ctrl-C, while the template is deployed."""
    raise KeyboardInterrupt


def test_a_stack_that_is_killed_comes_up_again(own: Stack, capsys: pytest.CaptureFixture[str]) -> None:
    # Before anything was saved, and in the middle of being deployed.
    own.server.start()
    own.clients.s3.create_bucket(Bucket="darkroom-artifacts")
    kill(own)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("local.emulator.stack.deploy._wait", interrupted)
        with pytest.raises(KeyboardInterrupt):
            own.up()
    assert "it starts empty" in capsys.readouterr().out
    info = own.up()
    with httpx.Client(timeout=30) as http:
        live = Client(info.base_url, info.keys["memes_live"], http)
        first = made(live, "a kite")
        seen = snapshots(own.server.folder)
        while snapshots(own.server.folder) == seen:
            time.sleep(0.2)

        # Before its first clean stop.
        kill(own)
        again = own.up()
        out = capsys.readouterr().out
        assert "back to the snapshot of" in out
        assert "is lost" in out
        assert again == info
        assert live.ended(first)["status"] == "succeeded"
        second = made(live, "another kite")

        # Right after it was up: there is a snapshot of that already.
        own.down()
        assert own.up() == info
        kill(own)
        assert own.up() == info
        for generation in (first, second):
            assert live.ended(generation)["status"] == "succeeded"
