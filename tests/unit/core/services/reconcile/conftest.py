"""A stack to reconcile."""

from __future__ import annotations

import pytest

from tests.harness.reconcile import BookedHarness


@pytest.fixture
def stack() -> BookedHarness:
    return BookedHarness()
