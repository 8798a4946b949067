"""Rotating an endpoint's secret."""

from __future__ import annotations

from datetime import timedelta

import pytest

from darkroom.domain.errors import InvalidParam
from tests.harness.webhooks import WebhookHarness


@pytest.mark.parametrize("overlap", [timedelta(seconds=-1), timedelta(days=8)])
def test_an_absurd_overlap_is_refused(harness: WebhookHarness, overlap: timedelta) -> None:
    with pytest.raises(InvalidParam):
        harness.core.rotate_secret(harness.caller(), harness.endpoint().id, overlap)
