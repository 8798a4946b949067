"""Webhook endpoints and deliveries."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from darkroom.domain.errors import InvalidParam
from darkroom.domain.ids import derived
from darkroom.domain.paging import Due, Page, PageRequest
from darkroom.domain.webhooks.deliveries import (
    Attempt,
    Delivery,
    DeliveryFailure,
    DeliveryStatus,
    attempted,
    failed,
)
from darkroom.domain.webhooks.endpoints import Endpoint, EventType
from darkroom.domain.writes import (
    DeleteEndpoint,
    DisableEndpoint,
    NoteHealth,
    SaveDelivery,
    SaveEndpoint,
    WriteRefused,
)
from tests.contract.conftest import Ports
from tests.contract.examples import MINUTE, NOW, OWNER, STRANGER, TEST_OWNER, delivery, endpoint, object_id

FULL = endpoint(
    1,
    description="prod",
    secret_version=2,
    overlap_until=NOW,
    failing_since=NOW,
    disabled_at=NOW,
    disabled_reason="gone",
    enabled=False,
)


@pytest.mark.parametrize("example", [endpoint(), FULL, endpoint(events=frozenset())])
def test_an_endpoint_comes_back_as_it_was_saved(ports: Ports, example: Endpoint) -> None:
    ports.store.commit(SaveEndpoint(example))
    assert ports.endpoints.get(OWNER, example.id) == example
    assert ports.endpoints.get(STRANGER, example.id) is None
    assert ports.endpoints.get(TEST_OWNER, example.id) is None


def test_endpoints_are_listed_oldest_first_and_only_ones_own(ports: Ports) -> None:
    old, young = endpoint(2, created_at=NOW), endpoint(1, created_at=NOW + MINUTE)
    for example in (young, old, endpoint(3, owner=STRANGER), endpoint(4, owner=TEST_OWNER)):
        ports.store.commit(SaveEndpoint(example))
    assert ports.endpoints.all(OWNER) == [old, young]


def test_an_endpoint_is_changed_from_the_version_that_was_seen(ports: Ports) -> None:
    ports.store.commit(SaveEndpoint(endpoint()))
    changed = endpoint().rotated(NOW, timedelta(hours=1), 2)
    ports.store.commit(SaveEndpoint(changed))
    with pytest.raises(WriteRefused) as refused:
        ports.store.commit(SaveEndpoint(endpoint(version=2, url="https://other.example")))
    assert refused.value.current == changed
    for version in (1, 2, 4):
        with pytest.raises(WriteRefused):
            ports.store.commit(SaveEndpoint(replace(changed, version=version)))
    assert ports.endpoints.get(OWNER, changed.id) == changed


def test_a_change_does_not_bring_a_deleted_endpoint_back(ports: Ports) -> None:
    ports.store.commit(SaveEndpoint(endpoint()))
    ports.store.commit(DeleteEndpoint(OWNER, endpoint().id))
    with pytest.raises(WriteRefused) as refused:
        ports.store.commit(SaveEndpoint(endpoint(version=2)))
    assert refused.value.current is None
    assert ports.endpoints.get(OWNER, endpoint().id) is None


def test_health_is_noted_without_counting_a_version(ports: Ports) -> None:
    ports.store.commit(SaveEndpoint(endpoint()))
    ports.store.commit(NoteHealth(OWNER, endpoint().id, NOW))
    assert ports.endpoints.get(OWNER, endpoint().id) == endpoint(failing_since=NOW)
    ports.store.commit(NoteHealth(OWNER, endpoint().id, None))
    assert ports.endpoints.get(OWNER, endpoint().id) == endpoint()


def test_there_is_no_health_without_an_endpoint(ports: Ports) -> None:
    for since in (NOW, None):
        with pytest.raises(WriteRefused) as refused:
            ports.store.commit(NoteHealth(OWNER, endpoint().id, since))
        assert refused.value.current is None
    assert ports.endpoints.all(OWNER) == []


def test_an_endpoint_is_disabled_once(ports: Ports) -> None:
    ports.store.commit(SaveEndpoint(endpoint()))
    ports.store.commit(DisableEndpoint(OWNER, endpoint().id, "failed for 5 days", NOW))
    disabled = endpoint(version=2, enabled=False, disabled_at=NOW, disabled_reason="failed for 5 days")
    assert ports.endpoints.get(OWNER, endpoint().id) == disabled
    with pytest.raises(WriteRefused) as refused:
        ports.store.commit(DisableEndpoint(OWNER, endpoint().id, "again", NOW + MINUTE))
    assert refused.value.current == disabled
    with pytest.raises(WriteRefused) as refused:
        ports.store.commit(DisableEndpoint(OWNER, object_id(9), "never was", NOW))
    assert refused.value.current is None


def test_deleting_is_no_question_of_being_there(ports: Ports) -> None:
    ports.store.commit(SaveEndpoint(endpoint()))
    ports.store.commit(DeleteEndpoint(OWNER, endpoint().id))
    ports.store.commit(DeleteEndpoint(OWNER, endpoint().id))
    assert ports.endpoints.get(OWNER, endpoint().id) is None


# --------------------------------------------------------------- deliveries


TRIED = attempted(
    delivery(), Attempt(NOW, 500, 12, "status", "oops"), retry_after=timedelta(minutes=1), jitter=0.3
)


def saved(ports: Ports, *examples: Delivery) -> None:
    for example in examples:
        ports.store.commit(SaveDelivery(example))


GIVEN_UP = failed(replace(TRIED, version=1), DeliveryFailure.GONE)


@pytest.mark.parametrize("example", [delivery(), replace(TRIED, version=1), GIVEN_UP, delivery(payload="")])
def test_a_delivery_comes_back_as_it_was_saved(ports: Ports, example: Delivery) -> None:
    saved(ports, example)
    assert ports.endpoints.delivery(OWNER, object_id(1), example.id) == example
    assert ports.endpoints.delivery(STRANGER, object_id(1), example.id) is None
    assert ports.endpoints.delivery(OWNER, object_id(2), example.id) is None


def test_a_delivery_is_changed_from_the_version_that_was_seen(ports: Ports) -> None:
    saved(ports, delivery(), TRIED)
    with pytest.raises(WriteRefused) as refused:
        saved(ports, TRIED)
    assert refused.value.current == TRIED
    for version in (0, 1, 4):
        with pytest.raises(WriteRefused):
            saved(ports, delivery(version=version))
    with pytest.raises(WriteRefused):
        saved(ports, delivery(2, version=2))
    assert ports.endpoints.delivery(OWNER, object_id(1), delivery(2).id) is None
    assert ports.endpoints.delivery(OWNER, object_id(1), TRIED.id) == TRIED


def test_an_endpoint_and_a_delivery_are_read_together(ports: Ports) -> None:
    example = delivery()
    together = (OWNER, endpoint().id, example.id)
    assert ports.endpoints.with_delivery(*together) == (None, None)
    saved(ports, example)
    assert ports.endpoints.with_delivery(*together) == (None, example)
    ports.store.commit(SaveEndpoint(endpoint()))
    assert ports.endpoints.with_delivery(*together) == (endpoint(), example)
    assert ports.endpoints.with_delivery(OWNER, endpoint().id, "other") == (endpoint(), None)


def numbers(page: Page[Delivery]) -> tuple[list[int], bool]:
    known = {derived("delivery", number): number for number in range(100)}
    return [known[item.id] for item in page.items], page.has_more


def test_deliveries_are_paged_by_creation(ports: Ports) -> None:
    saved(ports, *map(delivery, range(1, 8)))
    saved(ports, delivery(50, endpoint_id=object_id(2)), delivery(51, owner=STRANGER))

    def listed(**page: Any) -> tuple[list[int], bool]:
        return numbers(ports.endpoints.deliveries(OWNER, object_id(1), PageRequest(**page)))

    assert listed(limit=3) == ([7, 6, 5], True)
    assert listed(limit=4, after=delivery(5).id) == ([4, 3, 2, 1], False)
    assert listed(limit=2, after=delivery(2).id, newest_first=False) == ([3, 4], True)
    for unknown in (object_id(99), delivery(50).id, delivery(51).id):
        with pytest.raises(InvalidParam) as refused:
            listed(limit=2, after=unknown)
        assert refused.value.param == "starting_after"


def test_deliveries_of_one_moment_are_each_listed_once(ports: Ports) -> None:
    saved(ports, *(delivery(number, created_at=NOW) for number in range(1, 6)))
    seen: list[int] = []
    after = None
    while True:
        page = ports.endpoints.deliveries(OWNER, object_id(1), PageRequest(limit=2, after=after))
        seen += numbers(page)[0]
        if not page.has_more:
            break
        after = page.items[-1].id
    assert sorted(seen) == [1, 2, 3, 4, 5]


def test_deliveries_are_filtered_by_status_type_and_time(ports: Ports) -> None:
    saved(
        ports,
        delivery(1),
        delivery(2, status=DeliveryStatus.FAILED),
        delivery(3, event_type=EventType.FAILED),
        delivery(4, status=DeliveryStatus.FAILED, event_type=EventType.FAILED),
    )

    def listed(page: PageRequest | None = None, **filters: Any) -> tuple[list[int], bool]:
        return numbers(ports.endpoints.deliveries(OWNER, object_id(1), page or PageRequest(), **filters))

    assert listed(status=DeliveryStatus.FAILED) == ([4, 2], False)
    assert listed(event_type=EventType.FAILED) == ([4, 3], False)
    assert listed(status=DeliveryStatus.FAILED, event_type=EventType.FAILED) == ([4], False)
    assert listed(PageRequest(limit=1), status=DeliveryStatus.FAILED) == ([4], True)


@pytest.mark.parametrize(
    ("after", "newest_first", "expected"),
    [
        (None, True, [5, 4, 3]),
        (None, False, [3, 4, 5]),
        (4, True, [3]),
        (3, True, []),
        (1, True, []),
        (1, False, [3, 4, 5]),
        (3, False, [4, 5]),
        (5, False, []),
    ],
)
def test_a_list_since_some_time_starts_there_from_either_end(
    ports: Ports, after: int | None, newest_first: bool, expected: list[int]
) -> None:
    saved(ports, *map(delivery, range(1, 6)))
    page = PageRequest(after=delivery(after).id if after else None, newest_first=newest_first)
    found = ports.endpoints.deliveries(OWNER, object_id(1), page, since=delivery(3).created_at)
    assert numbers(found) == (expected, False)


def test_since_counts_to_the_microsecond(ports: Ports) -> None:
    saved(ports, delivery(1, created_at=NOW.replace(microsecond=0)))

    def since(**moment: Any) -> list[int]:
        at = NOW.replace(**moment)
        return numbers(ports.endpoints.deliveries(OWNER, object_id(1), PageRequest(), since=at))[0]

    assert since(microsecond=0) == [1]
    assert since(microsecond=1) == []


def test_what_is_due_comes_most_overdue_first_and_limited(ports: Ports) -> None:
    saved(ports, *(delivery(number, next_attempt_at=NOW - number * MINUTE) for number in range(1, 21)))
    saved(
        ports,
        delivery(50),
        delivery(51, next_attempt_at=NOW + timedelta(microseconds=1)),
        delivery(52, next_attempt_at=NOW, owner=STRANGER),
        delivery(53, next_attempt_at=NOW, status=DeliveryStatus.FAILED),
    )
    assert [found.id for found in ports.endpoints.due(NOW, 2).items] == [delivery(20).id, delivery(19).id]
    everything = ports.endpoints.due(NOW, 100).items
    assert len(everything) == 21
    assert everything[-1] == delivery(52, next_attempt_at=NOW, owner=STRANGER)


def test_a_delivery_that_is_done_is_no_longer_due(ports: Ports) -> None:
    waiting = delivery(1, next_attempt_at=NOW)
    saved(ports, waiting)
    saved(ports, attempted(waiting, Attempt(NOW, 200, 5), retry_after=None, jitter=0))
    assert ports.endpoints.due(NOW + timedelta(days=1), 10) == Due(())
