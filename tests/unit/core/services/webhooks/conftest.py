"""The webhook services over fakes."""

from __future__ import annotations

import pytest

from tests.harness.webhooks import WebhookHarness


@pytest.fixture
def harness() -> WebhookHarness:
    return WebhookHarness()
