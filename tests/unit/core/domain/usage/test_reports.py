"""Reports: which days they are of, how they are divided, and their pages."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from darkroom.domain.errors import InvalidParam
from darkroom.domain.paging import PageRequest
from darkroom.domain.usage.measures import measures
from darkroom.domain.usage.reports import MOST_DAYS, Days, days_between, grouped, page_of

TODAY = date(2026, 3, 14)
GROUPS = grouped(
    [(["b"], measures({"jobs": 1})), (["a"], measures({"jobs": 2})), (["b"], measures({"jobs": 3}))]
)


def days_before(number: int) -> date:
    return TODAY - timedelta(days=number)


def test_a_report_is_of_thirty_days_unless_it_is_told_otherwise() -> None:
    assert days_between(None, None, TODAY) == Days(days_before(29), TODAY)
    assert days_between(None, days_before(5), TODAY) == Days(days_before(34), days_before(5))
    assert days_between(days_before(3), None, TODAY) == Days(days_before(3), TODAY)
    assert days_between(days_before(90), None, TODAY) == Days(days_before(90), days_before(61))
    assert days_between(TODAY, TODAY, TODAY) == Days(TODAY, TODAY)


def test_a_report_has_a_beginning_before_its_end_and_a_limit() -> None:
    assert days_between(days_before(MOST_DAYS - 1), TODAY, TODAY).last == TODAY
    for first, last in ((TODAY, days_before(1)), (days_before(MOST_DAYS), TODAY)):
        with pytest.raises(InvalidParam) as refused:
            days_between(first, last, TODAY)
        assert refused.value.param == "from"


def test_what_has_the_same_values_is_one_part() -> None:
    assert [(group.id, group.measures.jobs) for group in GROUPS] == [("a", 2), ("b", 4)]


def test_pages_go_through_all_parts_in_either_order() -> None:
    first = page_of(GROUPS, PageRequest(limit=1, newest_first=False))
    assert ([group.id for group in first.items], first.has_more) == (["a"], True)
    second = page_of(GROUPS, PageRequest(limit=1, after="a", newest_first=False))
    assert ([group.id for group in second.items], second.has_more) == (["b"], False)
    assert [group.id for group in page_of(GROUPS, PageRequest()).items] == ["b", "a"]
    with pytest.raises(InvalidParam):
        page_of(GROUPS, PageRequest(after="c"))
