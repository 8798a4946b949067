"""A local AWS of the tests' own: another port, another state, IAM enforced, the same build."""

import os
import socket
from collections.abc import Iterator

import pytest

from local.errors import LocalError
from local.info import StackInfo
from local.paths import LOCAL
from local.stack import Stack


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark everything in this folder, and give it longer than a unit test."""
    for item in items:
        if "tests/e2e/" in item.path.as_posix():
            item.add_marker(pytest.mark.e2e)
            item.add_marker(pytest.mark.timeout(300))


@pytest.fixture(scope="session")
def stack() -> Iterator[Stack]:
    """The stack, fresh, until the last test is done. DARKROOM_E2E_AUTH=false turns IAM enforcement off."""
    auth = os.environ.get("DARKROOM_E2E_AUTH", "true") == "true"
    stack = Stack(_free_port(), LOCAL / "e2e", auth=auth)
    stack.wipe()
    try:
        stack.up()
    except LocalError as error:
        pytest.exit(f"darkroom: {error}", returncode=1)
    try:
        yield stack
    finally:
        stack.down()


@pytest.fixture(scope="session")
def stack_info(stack: Stack) -> StackInfo:
    """Its address and keys."""
    return stack.info()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
