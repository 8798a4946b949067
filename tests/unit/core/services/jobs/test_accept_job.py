"""Acceptance: which refusal is told when several things are missing."""

from __future__ import annotations

import pytest

from darkroom.catalog_data import memes
from darkroom.domain.accounts.rate_limits import RatePolicy
from darkroom.domain.accounts.workspaces import Feature
from darkroom.domain.errors import FeatureQuotaExceeded, InsufficientCredits, RateLimited
from darkroom.domain.jobs.job import Job
from darkroom.domain.jobs.spec import ImageSpec
from darkroom.services.accounts.api_keys import KeyRequest
from darkroom.services.jobs.accept_job import FIRST_CHECK
from darkroom.services.jobs.submit_job import Submission
from tests.harness.core import POLICY, CoreHarness


def submit(harness: CoreHarness, *, credits: int, images: int, count: int) -> Job:
    workspace = harness.core.open_workspace(
        "small", plan="pro", credits=credits, allowances={Feature.IMAGES: images}
    )
    token = harness.core.issue_key(workspace.id, KeyRequest("k"))[1]
    caller = harness.authenticate(token, POLICY)
    return harness.submit_job(caller, Submission(memes.IMAGE, ImageSpec("a kite", "1:1"), count))


def test_what_is_used_up_is_told_credits_first() -> None:
    with pytest.raises(InsufficientCredits) as refused:
        submit(CoreHarness(), credits=2, images=2, count=3)
    assert (refused.value.required, refused.value.available) == (3, 2)
    with pytest.raises(FeatureQuotaExceeded) as exceeded:
        submit(CoreHarness(), credits=3, images=2, count=3)
    assert exceeded.value.feature == Feature.IMAGES
    assert submit(CoreHarness(), credits=3, images=3, count=3).held == 3


def test_a_request_is_counted_with_the_job_and_one_too_many_is_refused() -> None:
    harness, policy = CoreHarness(), RatePolicy("one", 1)
    first, second = (harness.authenticate(harness.token, policy) for _ in range(2))
    submission = Submission(memes.IMAGE, ImageSpec("a kite", "1:1"), 1)
    harness.submit_job(first, submission)
    assert first.counted
    with pytest.raises(RateLimited):
        harness.submit_job(second, submission)
    assert not second.counted
    assert len(harness.memory.jobs) == 1
    harness.check_books()


def test_a_job_whose_messages_were_never_sent_is_looked_at_after_two_minutes() -> None:
    harness = CoreHarness()
    job = harness.submit()
    assert job.check_at == harness.clock.now() + FIRST_CHECK


def test_whoever_owes_credits_is_refused_and_told_so() -> None:
    harness = CoreHarness()
    harness.core.reverse_payment(harness.owner, harness.wallet.available + 5, cause="dp_1")
    caller = harness.authenticate(harness.token, POLICY)
    with pytest.raises(InsufficientCredits) as refused:
        harness.submit_job(caller, Submission(memes.IMAGE, ImageSpec("a kite", "1:1"), 3))
    assert refused.value.detail == "Insufficient credits. You need 3 credits but have 0 and owe 5."
    assert (refused.value.required, refused.value.available) == (3, 0)
    assert not harness.memory.jobs
    assert harness.core.reverse_payment.reinstate(harness.owner, cause="dp_1")
    assert harness.submit_job(caller, Submission(memes.IMAGE, ImageSpec("a kite", "1:1"), 3)).held == 3
