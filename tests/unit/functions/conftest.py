from __future__ import annotations

from collections.abc import Iterator

import pytest

from darkroom.wiring import override
from tests.harness.webhooks import WebhookHarness


@pytest.fixture
def harness() -> Iterator[WebhookHarness]:
    """A stack whose webhook services are those of this process."""
    made = WebhookHarness.at_present()
    with override(made.core):
        yield made
