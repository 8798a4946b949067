"""Carousels: plans that are read with the request that names them, and slides that lead to their sets."""

from __future__ import annotations

from typing import Any

from darkroom.domain.accounts.api_keys import Token
from darkroom.domain.accounts.rate_limits import RatePolicy
from darkroom.domain.carousels.plan import PlanKey
from darkroom.domain.paging import PageRequest
from darkroom.domain.writes import CreateKey, CreateWorkspace, PointAtSlide, SaveAsset, SavePlan
from tests.contract.conftest import Ports
from tests.contract.examples import (
    NOW,
    OWNER,
    STRANGER,
    TEST_OWNER,
    WORKSPACE_ID,
    api_key,
    asset,
    object_id,
    plan,
    workspace,
)


def test_the_read_that_admits_a_request_also_reads_the_plan_it_names(ports: Ports) -> None:
    key = api_key()
    ports.store.commit(CreateWorkspace(workspace()), CreateKey(key))
    ports.store.commit(SavePlan(plan(1)))
    ports.store.commit(SavePlan(plan(2, owner=TEST_OWNER)))
    ports.store.commit(SavePlan(plan(3, owner=STRANGER)))
    for number, found in ((1, plan(1)), (2, None), (3, None), (4, None)):
        admission = ports.accounts.admit(
            Token(WORKSPACE_ID, key.id),
            RatePolicy("default", 9),
            NOW,
            prefetch=(PlanKey(object_id(number)),),
        )
        assert admission is not None
        assert admission.prefetched.get(PlanKey) == found


def test_a_slide_leads_its_owner_to_its_job(ports: Ports) -> None:
    for _ in range(2):
        ports.store.commit(PointAtSlide(OWNER, object_id(1), "job", NOW))
    assert ports.slides.job_of(OWNER, object_id(1)) == "job"
    assert ports.slides.job_of(TEST_OWNER, object_id(1)) is None
    assert ports.slides.job_of(STRANGER, object_id(1)) is None
    assert ports.slides.job_of(OWNER, object_id(2)) is None


def test_a_list_can_leave_slides_out_and_fills_its_pages(ports: Ports) -> None:
    for number in range(1, 7):
        from_carousel = None if number % 3 == 0 else True
        ports.store.commit(SaveAsset(asset(number, from_carousel=from_carousel, slide_index=number)))

    def listed(limit: int = 2, **options: Any) -> list[int | None]:
        page = ports.assets.list(OWNER, "image", PageRequest(limit=limit), **options)
        return [one.slide_index for one in page.items]

    assert listed(9) == [6, 5, 4, 3, 2, 1]
    assert listed(exclude_carousel=True) == [6, 3]
    assert listed(exclude_carousel=True, search="lighthouse") == [6, 3]
    assert listed(exclude_carousel=True, search="nothing") == []
