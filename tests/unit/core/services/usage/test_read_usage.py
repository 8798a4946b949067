"""Reports: a workspace sees its own sums, the operator everybody's, with what they earned and cost."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from darkroom.domain.accounts.workspaces import Owner
from darkroom.domain.errors import InvalidParam
from darkroom.domain.paging import PageRequest
from darkroom.domain.usage.measures import measures
from darkroom.domain.usage.reports import Days, Dimension, Report
from darkroom.services.usage.read_usage import Margin
from tests.contract.examples import NOW, OWNER, STRANGER, TEST_OWNER, object_id, usage_fact, workspace
from tests.harness.container import Harness

TODAY = Days(NOW.date(), NOW.date())
ALL = PageRequest(limit=100, newest_first=False)
DAY = timedelta(days=1)


@pytest.fixture
def harness() -> Harness:
    harness = Harness()
    costs = {"fal": measures({"jobs": 1, "credits": 4, "refunded": 1, "cost": 50_000, "unpriced": 1})}
    some: list[dict[str, Any]] = [
        {},
        {"offer_id": "memes.meme", "by_vendor": costs},
        {"key_id": object_id(2), "by_vendor": {"kie": measures({"credits": 1})}},
        {"at": NOW - DAY},
        {"owner": TEST_OWNER},
        {"owner": STRANGER},
    ]
    for number, changes in enumerate(some):
        harness.core.count_usage.add([usage_fact(number, **changes)])
    for one in (OWNER, STRANGER):
        harness.memory.workspaces[one.workspace_id] = workspace(id=one.workspace_id)
    return harness


def ids(report: Report) -> dict[str, int]:
    return {group.id: group.measures.credits for group in report.groups.items}


def of_owner(harness: Harness, *dimensions: Dimension, owner: Owner = OWNER, days: Days = TODAY) -> Report:
    return harness.core.read_usage.of_owner(owner, days, dimensions, ALL)


def of_all(harness: Harness, *dimensions: Dimension, page: PageRequest = ALL) -> Report:
    return harness.core.read_usage.of_all(TODAY, dimensions, page, livemode=True)


def test_a_workspace_sees_its_own_sums_of_its_mode_and_days(harness: Harness) -> None:
    report = of_owner(harness)
    assert (ids(report), report.total.credits) == ({str(TODAY.first): 8}, 8)
    assert ids(of_owner(harness, owner=TEST_OWNER)) == {str(TODAY.first): 3}
    assert set(ids(of_owner(harness, days=Days(TODAY.first - DAY, TODAY.last)))) == {
        str(TODAY.first - DAY),
        str(TODAY.first),
    }
    assert ids(of_owner(harness, owner=Owner(object_id(9), True))) == {}


def test_parts_have_the_order_of_the_dimensions_not_of_the_asking(harness: Harness) -> None:
    report = of_owner(harness, Dimension.OFFER, Dimension.KEY)
    assert report.dimensions == (Dimension.KEY, Dimension.OFFER)
    assert ids(report) == {
        f"{object_id(1)}|memes.image": 3,
        f"{object_id(1)}|memes.meme": 4,
        f"{object_id(2)}|memes.image": 1,
    }


@pytest.mark.parametrize("theirs", [Dimension.VENDOR, Dimension.WORKSPACE])
def test_vendors_and_others_are_no_workspaces_business(harness: Harness, theirs: Dimension) -> None:
    with pytest.raises(InvalidParam) as refused:
        of_owner(harness, Dimension.DAY, theirs)
    assert refused.value.param == "group_by"


def test_the_operator_sees_everybody_by_vendor_and_offer(harness: Harness) -> None:
    assert ids(of_all(harness, Dimension.VENDOR)) == {"fal": 10, "kie": 1}
    assert ids(of_all(harness, Dimension.OFFER, Dimension.VENDOR)) == {
        "memes.image|fal": 6,
        "memes.image|kie": 1,
        "memes.meme|fal": 4,
    }
    with pytest.raises(InvalidParam):
        of_all(harness, Dimension.KEY)


def test_the_operator_sees_workspaces_page_by_page(harness: Harness) -> None:
    first = of_all(harness, Dimension.WORKSPACE, page=PageRequest(limit=1, newest_first=False))
    assert first.groups.has_more
    (one,) = first.groups.items
    rest = of_all(harness, Dimension.WORKSPACE, page=PageRequest(after=one.id, newest_first=False))
    assert not rest.groups.has_more
    assert ids(first) | ids(rest) == {OWNER.workspace_id: 8, STRANGER.workspace_id: 3}
    assert first.total.credits == rest.total.credits == 11


def test_workspaces_are_listed_alone_in_one_order_and_from_one_there_is(harness: Harness) -> None:
    for dimensions, page in (
        ((Dimension.WORKSPACE, Dimension.DAY), ALL),
        ((Dimension.WORKSPACE,), PageRequest()),
        ((Dimension.WORKSPACE,), PageRequest(after=object_id(99), newest_first=False)),
    ):
        with pytest.raises(InvalidParam):
            of_all(harness, *dimensions, page=page)


def test_a_margin_is_what_credits_earn_at_least_without_what_vendors_charge(harness: Harness) -> None:
    total = of_all(harness).total
    margin = harness.core.read_usage.margin(total, livemode=True)
    assert margin == Margin(revenue_micros=10 * 69_000, cost_micros=50_000)
    assert margin.micros == 640_000
    assert total.unpriced == 1
    assert harness.core.read_usage.margin(total, livemode=False).revenue_micros == 0
