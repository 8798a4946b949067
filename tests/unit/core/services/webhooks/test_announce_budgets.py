"""The events of budgets: each threshold once for its key and period, however often its change is told."""

from __future__ import annotations

from darkroom.domain.accounts.key_budgets import KeyBudget, KeySpending
from darkroom.services.webhooks.announce import Change
from tests.contract.examples import NOW, OWNER
from tests.harness.container import Harness


def spent(day: int, month: int) -> KeySpending:
    used = {f"{NOW:%Y-%m-%d}": day, f"{NOW:%Y-%m}": month}
    return KeySpending(OWNER, KeyBudget("k", 10, 100), used, NOW)


def test_thresholds_are_announced_with_what_was_used() -> None:
    harness = Harness()
    announced = harness.core.announce([Change("1", spent(7, 79), spent(10, 82))])
    assert announced.events == 3
    assert {event.type for event in harness.bus.events} == {"budget.reached"}
    assert {event.owner for event in harness.bus.events} == {OWNER}
    assert [event.data["budget"] for event in harness.bus.events] == [
        {
            "key_id": "k",
            "period": period,
            "starts": starts,
            "threshold": threshold,
            "limit": limit,
            "used": used,
        }
        for period, starts, threshold, limit, used in (
            ("day", f"{NOW:%Y-%m-%d}", 80, 10, 10),
            ("day", f"{NOW:%Y-%m-%d}", 100, 10, 10),
            ("month", f"{NOW:%Y-%m}-01", 80, 100, 82),
        )
    ]


def test_a_threshold_that_is_come_to_again_is_the_same_event() -> None:
    harness = Harness()
    up, down = Change("1", spent(7, 7), spent(8, 8)), Change("2", spent(8, 8), spent(6, 6))
    again = Change("3", spent(6, 6), spent(9, 9))
    for _ in range(2):
        harness.core.announce([up, down, again])
    assert len({event.id for event in harness.bus.events}) == 1


def test_the_first_spending_of_a_key_can_come_to_a_threshold() -> None:
    harness = Harness()
    assert harness.core.announce([Change("1", None, spent(8, 8))]).events == 1
    assert harness.core.announce([Change("2", None, spent(1, 1))]).events == 0
