"""A local AWS of the tests' own: another port, another state, IAM enforced, the same build."""

import os
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import httpx
import pytest

from local.emulator.info import StackInfo
from local.emulator.locking import locked
from local.emulator.stack import Stack
from local.receiver import Receiver, receiver
from tests.e2e.client import Client
from tools.errors import LocalError
from tools.paths import LOCAL

LAST = ("test_documents.py", "test_reconcile.py")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark everything in this folder, and give it longer than a unit test.

    Requests at random come late: they use up what somebody without a key may ask for. Whether the books agree is
    looked at when everything else was done.
    """
    for item in items:
        if "tests/e2e/" in item.path.as_posix():
            item.add_marker(pytest.mark.e2e)
            item.add_marker(pytest.mark.timeout(300))
    items.sort(key=lambda item: LAST.index(item.path.name) if item.path.name in LAST else -1)


@pytest.fixture(scope="session")
def stack() -> Iterator[Stack]:
    """The stack, fresh, until the last test is done. DARKROOM_E2E_AUTH=false turns IAM enforcement off.

    Two runs in one checkout would wipe each other's stack, so the second one stops with an error.
    """
    auth = os.environ.get("DARKROOM_E2E_AUTH", "true") == "true"
    stack = Stack(free_port(), LOCAL / "e2e", auth=auth)
    with ExitStack() as until_the_end:
        try:
            mine = locked(LOCAL / "e2e.lock", wait=False, what="running the end-to-end tests")
            until_the_end.enter_context(mine)
            stack.wipe()
            until_the_end.callback(stack.down)
            stack.up()
        except LocalError as error:
            pytest.exit(f"darkroom: {error}", returncode=1)
        yield stack


@pytest.fixture(autouse=True)
def errors_in_functions(stack: Stack, request: pytest.FixtureRequest) -> Iterator[None]:
    """After a failed test, what the functions logged as errors meanwhile; pytest prints it with the failure."""
    since = int(time.time() * 1000)
    failed = request.session.testsfailed
    yield
    if request.session.testsfailed == failed:
        return
    for group in stack.clients.logs.describe_log_groups()["logGroups"]:
        events = stack.clients.logs.filter_log_events(logGroupName=group["logGroupName"], startTime=since)
        for event in events["events"]:
            if '"ERROR"' in event["message"]:
                print(group["logGroupName"], event["message"][-2500:])


@pytest.fixture(scope="session")
def stack_info(stack: Stack) -> StackInfo:
    """Its address and keys."""
    return stack.info()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.fixture(scope="session")
def live(stack_info: StackInfo) -> Iterator[Client]:
    """The demo workspace's live key."""
    with httpx.Client(timeout=60) as http:
        yield Client(stack_info.base_url, stack_info.keys["memes_live"], http)


@pytest.fixture
def fresh(live: Client, stack_info: StackInfo) -> Callable[..., Client]:
    """Opens workspaces: `fresh(credits=10)` is a client of a new one."""
    admin = live.with_key(stack_info.keys["admin"])

    def open_workspace(credits: int = 100, **body: Any) -> Client:
        answer = admin.post(
            "/platform/v1/admin/workspaces", {"name": "e2e", "plan": "pro", "credits": credits, **body}
        )
        return live.with_key(answer["key"]["secret"])

    return open_workspace


@pytest.fixture
def hook() -> Iterator[Receiver]:
    """A subscriber that listens."""
    with receiver() as subscriber:
        yield subscriber
