"""The log of deliveries."""

from __future__ import annotations

from darkroom.domain.paging import PageRequest
from darkroom.domain.webhooks.deliveries import DeliveryStatus
from tests.harness.webhooks import OWNER, PAGE, WebhookHarness


def test_the_log_is_listed_in_pages_and_by_status(harness: WebhookHarness) -> None:
    endpoint = harness.endpoint()
    failed = harness.failed_delivery(endpoint)
    for _ in range(3):
        harness.announce()
        harness.work()
        harness.clock.advance(1)
    page = harness.core.read_deliveries.list(OWNER, endpoint.id, PageRequest(limit=3))
    assert page.has_more
    rest = harness.core.read_deliveries.list(
        OWNER, endpoint.id, PageRequest(limit=3, after=page.items[-1].id)
    )
    assert [d.id for d in (*page.items, *rest.items)][-1] == failed.id
    only = harness.core.read_deliveries.list(OWNER, endpoint.id, PAGE, status=DeliveryStatus.FAILED)
    assert only.items == (failed,)
