"""What a worker does when a vendor fails: again, elsewhere, or not at all; and what each of it leaves behind."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from darkroom.domain.accounts.workspaces import Feature
from darkroom.domain.catalog.offers import Catalog
from darkroom.domain.catalog.routes import Queue
from darkroom.domain.errors import Unavailable
from darkroom.domain.jobs.engine import Download, TaskRequest
from darkroom.domain.jobs.engine_failures import (
    AccountTrouble,
    Blocked,
    EngineError,
    ModelRetired,
    OutcomeUnknown,
    RateLimitedByVendor,
    Rejected,
    RouteFailed,
    VendorUnavailable,
)
from darkroom.domain.jobs.job import FailureCode, Job, JobStatus, TaskState
from darkroom.domain.jobs.messages import TaskMessage, TaskStep
from darkroom.domain.jobs.spec import ImageSpec, Input
from darkroom.domain.serialization import to_document
from darkroom.domain.vendors.callbacks import CallbackTarget
from darkroom.domain.vendors.vendor_limits import THRESHOLD
from darkroom.services.vendors.handle_callback import CallbackResult
from tests.fakes.vendors import GONE, LOST
from tests.harness.core import LEASE
from tests.harness.vendors import FILM, PICTURE, VendorHarness

ADDRESS = "https://cdn.a.test/x.png"


def finished(harness: VendorHarness, job: Job) -> Job:
    harness.work()
    done = harness.job(job.id)
    assert done.terminal
    harness.check_books()
    harness.check_slots()
    return done


def test_one_picture_costs_four_calls() -> None:
    harness = VendorHarness()
    harness.made()
    harness.calls.made.clear()
    harness.work()
    assert harness.calls.made == ["jobs.claim", "vendor_limits.enter", "blobs.put", "store.commit"]


def test_an_order_says_what_the_route_says() -> None:
    harness = VendorHarness()
    finished(harness, harness.made())
    (order,) = harness.vendors["a"].orders
    assert (order.model, order.options) == ("a-1", {"quality": "low"})


def test_what_the_vendor_told_is_kept_for_the_operator() -> None:
    harness = VendorHarness()
    harness.vendors["a"].then(VendorUnavailable("no", code="oops", request_id="r-0"), RouteFailed("no"))
    job = finished(harness, harness.made())
    facts = to_document(harness.task(job).facts)
    latency = facts.pop("latency_ms")
    assert isinstance(latency, int)
    assert latency >= 0
    assert facts.pop("started_at")
    assert facts == {
        "vendor": "b",
        "model": "b-1",
        "route": 1,
        "starts": 3,
        "request_id": "r-1",
        "units": 3,
        "error": "RouteFailed",
        "error_code": "oops",
        "error_request_id": "r-0",
    }


@pytest.mark.parametrize(
    ("outcomes", "starts"),
    [
        ([VendorUnavailable("no")], [2, 0, 0]),
        ([VendorUnavailable("no"), VendorUnavailable("no")], [2, 1, 0]),
        ([RouteFailed("no")], [1, 1, 0]),
        ([AccountTrouble("no")], [1, 1, 0]),
        ([ModelRetired("no")], [1, 1, 0]),
        ([RateLimitedByVendor("no")] * 4, [5, 0, 0]),
        ([RateLimitedByVendor("no")] * 5, [5, 1, 0]),
        ([OutcomeUnknown("lost")], [2, 0, 0]),
        ([OutcomeUnknown("lost", handle="h")], [1, 0, 0]),
    ],
)
def test_each_failure_is_followed_by_what_it_calls_for(
    outcomes: list[EngineError], starts: list[int]
) -> None:
    harness = VendorHarness()
    harness.vendors["a"].then(*outcomes)
    job = finished(harness, harness.made())
    assert (job.status, job.charged, harness.starts()) == (JobStatus.SUCCEEDED, 1, starts)


@pytest.mark.parametrize(
    ("error", "failure"),
    [(Blocked("no"), FailureCode.CONTENT_BLOCKED), (Rejected("no"), FailureCode.INPUT_REJECTED)],
)
def test_a_refusal_is_not_taken_elsewhere(error: EngineError, failure: FailureCode) -> None:
    harness = VendorHarness()
    harness.vendors["a"].then(error)
    job = finished(harness, harness.made(count=3))
    assert harness.starts()[1:] == [0, 0]
    assert harness.task(job).failure is failure
    assert harness.starts()[0] == (1 if isinstance(error, Blocked) else 3)


def test_who_runs_out_of_routes_fails_and_is_refunded() -> None:
    harness = VendorHarness("a", "b")
    for vendor in harness.vendors.values():
        vendor.then(*[VendorUnavailable("no")] * 9)
    job = finished(harness, harness.made())
    assert (job.status, harness.wallet.spent, harness.wallet.held) == (JobStatus.FAILED, 0, 0)
    assert harness.starts() == [2, 2]


def test_four_starts_are_the_end_however_many_routes_there_are() -> None:
    harness = VendorHarness("a", "b", "c", "d")
    for vendor in harness.vendors.values():
        vendor.then(*[VendorUnavailable("no")] * 9)
    assert finished(harness, harness.made()).status is JobStatus.FAILED
    assert harness.starts() == [2, 2, 0, 0]


def test_two_unknown_outcomes_are_the_end_and_nobody_else_is_asked() -> None:
    harness = VendorHarness()
    harness.vendors["a"].then(*[OutcomeUnknown("lost")] * 9)
    assert finished(harness, harness.made()).status is JobStatus.FAILED
    assert harness.starts() == [2, 0, 0]


@pytest.mark.parametrize("then", [RouteFailed("no"), ModelRetired("no"), VendorUnavailable("no")])
def test_what_may_be_running_is_not_made_a_second_time_elsewhere(then: EngineError) -> None:
    harness = VendorHarness()
    harness.vendors["a"].then(OutcomeUnknown("lost"), then, then)
    assert finished(harness, harness.made()).status is JobStatus.FAILED
    assert harness.starts()[1:] == [0, 0]


def test_a_lost_answer_waits_for_the_lease_and_keeps_its_slot() -> None:
    harness = VendorHarness()
    harness.vendors["a"].then(OutcomeUnknown("lost"))
    job = harness.made()
    harness.step()
    _, delay = harness.only_message()
    assert delay == LEASE.total_seconds() + 1
    assert set(harness.memory.vendor_limits["a"].slots) == {harness.task(job).id}
    finished(harness, job)


def test_a_time_that_was_named_is_kept_to_the_second() -> None:
    harness = VendorHarness()
    harness.vendors["a"].then(RateLimitedByVendor("no", retry_after=100))
    job = harness.made()
    harness.step()
    message, delay = harness.only_message()
    assert 100 <= delay <= 120
    harness.clock.advance(90)
    harness.execute_task(message)
    assert harness.starts() == [1, 0, 0]
    harness.clock.advance(30)
    harness.execute_task(message)
    assert harness.starts() == [2, 0, 0]
    assert harness.job(job.id).terminal


def test_a_time_after_the_deadline_is_not_waited_for_where_there_is_another_route() -> None:
    harness = VendorHarness()
    harness.vendors["a"].then(RateLimitedByVendor("no", retry_after=900))
    job = finished(harness, harness.made())
    assert (job.status, harness.starts()) == (JobStatus.SUCCEEDED, [1, 1, 0])


def test_a_single_busy_route_is_waited_for_until_the_deadline_and_refunded_then() -> None:
    harness = VendorHarness("a")
    harness.vendors["a"].then(*[RateLimitedByVendor("no", retry_after=60)] * 99)
    job = harness.made()
    while harness.clock.now() < job.deadline_at:
        harness.step()
    harness.clock.advance(timedelta(minutes=3))
    harness.sweep()
    done = harness.job(job.id)
    assert (done.status, done.failure) == (JobStatus.FAILED, FailureCode.TIMED_OUT)
    harness.check_books()
    harness.check_slots()


def test_a_vendor_without_a_key_is_no_route() -> None:
    harness = VendorHarness()
    harness.vendors["a"].then(AccountTrouble("no key", code="no_key"))
    assert finished(harness, harness.made()).status is JobStatus.SUCCEEDED
    assert harness.meter.counted["RouteSkipped"] == 1
    assert not harness.meter.counted["AccountTrouble"]


def test_a_vendor_that_was_switched_off_meanwhile_is_no_route() -> None:
    harness = VendorHarness()
    job = harness.made()
    harness.engines = {"c": harness.vendors["c"]}
    assert finished(harness, job).status is JobStatus.SUCCEEDED
    assert harness.starts() == [0, 0, 1]


def test_trouble_with_an_account_is_for_somebody_to_look_at(caplog: pytest.LogCaptureFixture) -> None:
    harness = VendorHarness()
    harness.vendors["a"].then(AccountTrouble("no", code="insufficient_quota"))
    finished(harness, harness.made())
    assert harness.meter.counted["AccountTrouble"] == 1
    assert any(
        record.levelname == "ERROR" and "account trouble" in record.message for record in caplog.records
    )


class TestGate:
    def test_over_the_limit_work_waits_in_the_queue_and_costs_nothing(self) -> None:
        harness = VendorHarness(limits={"a": 1})
        harness.vendors["a"].then(40, 40)
        job = harness.made(count=2)
        harness.step()
        harness.step()
        assert harness.starts() == [1, 0, 0]
        second = harness.task(job, 1)
        assert (second.state, second.attempts, second.route) == (TaskState.QUEUED, 0, 0)
        assert finished(harness, job).charged == 2
        assert harness.starts() == [2, 0, 0]

    def test_a_message_delivered_twice_takes_no_second_slot(self) -> None:
        harness = VendorHarness(limits={"a": 1})
        harness.vendors["a"].then(OutcomeUnknown("lost"))
        job = harness.made()
        message, _ = harness.only_message()
        harness.step()
        harness.clock.advance(LEASE)
        harness.execute_task(message)
        assert harness.job(job.id).status is JobStatus.SUCCEEDED
        harness.check_slots()

    def test_canceling_gives_slots_back(self) -> None:
        harness = VendorHarness()
        harness.vendors["a"].then(60, 60)
        job = harness.made(count=2)
        harness.step()
        harness.step()
        assert len(harness.memory.vendor_limits["a"].slots) == 2
        harness.cancel_job(harness.caller(), job.id)
        harness.check_slots()
        harness.work()
        assert len(harness.vendors["a"].canceled) == 2

    def test_a_vendor_that_keeps_failing_is_left_alone_and_its_work_goes_elsewhere(self) -> None:
        harness = VendorHarness(credits=1000)
        harness.vendors["a"].then(*[VendorUnavailable("no")] * 999)
        for _ in range(40):
            finished(harness, harness.made())
        assert harness.meter.counted["BreakerOpened"] >= 1
        assert harness.starts()[0] < 40
        assert harness.starts()[1] == 40

    def test_one_tries_again_and_then_all_do(self) -> None:
        harness = VendorHarness("a", credits=1000)
        harness.vendors["a"].then(*[RateLimitedByVendor("no", retry_after=1)] * THRESHOLD)
        jobs = [harness.made() for _ in range(THRESHOLD + 3)]
        harness.work()
        assert {harness.job(job.id).status for job in jobs} == {JobStatus.SUCCEEDED}
        harness.check_slots()
        assert harness.memory.vendor_limits["a"].open_until is None


class TestLongWork:
    def test_the_handle_is_noted_and_asked_for_when_it_is_time(self) -> None:
        harness = VendorHarness()
        harness.vendors["a"].then(30)
        harness.vendors["a"].results.extend([30, 60])
        job = harness.made()
        harness.step()
        task = harness.task(job)
        assert (task.state, task.handle, task.vendor_facts.request_id) == (
            TaskState.WAITING,
            f"a:{task.id}",
            "r-1",
        )
        assert harness.only_message()[1] == 30
        finished(harness, job)
        assert len(harness.vendors["a"].polls) == 3

    @pytest.mark.parametrize(
        "trouble",
        [VendorUnavailable("no"), RateLimitedByVendor("no"), AccountTrouble("no"), OutcomeUnknown("no")],
    )
    def test_not_hearing_of_started_work_is_no_reason_to_start_it_again(self, trouble: EngineError) -> None:
        harness = VendorHarness()
        harness.vendors["a"].then(10)
        harness.vendors["a"].results.extend([trouble, trouble, trouble])
        finished(harness, harness.made())
        assert harness.starts() == [1, 0, 0]

    @pytest.mark.parametrize("error", [RouteFailed("no"), ModelRetired("gone")])
    def test_work_that_came_to_nothing_goes_to_the_next_route(self, error: EngineError) -> None:
        harness = VendorHarness()
        harness.vendors["a"].then(10)
        harness.vendors["a"].results.append(error)
        assert finished(harness, harness.made()).status is JobStatus.SUCCEEDED
        assert harness.starts() == [1, 1, 0]

    def test_work_that_is_refused_in_the_end_is_refused(self) -> None:
        harness = VendorHarness()
        harness.vendors["a"].then(10)
        harness.vendors["a"].results.append(Blocked("no"))
        assert finished(harness, harness.made()).failure is FailureCode.CONTENT_BLOCKED
        assert harness.starts() == [1, 0, 0]

    def test_a_vendor_is_told_to_stop_when_the_deadline_passes(self) -> None:
        harness = VendorHarness()
        harness.vendors["a"].then(10_000)
        job = harness.made()
        harness.step()
        harness.queues.tasks.clear()
        harness.clock.set(job.deadline_at + timedelta(hours=4))
        harness.sweep()
        harness.work()
        assert harness.vendors["a"].canceled == [f"a:{job.tasks[0].id}"]
        assert harness.job(job.id).failure is FailureCode.TIMED_OUT
        harness.check_slots()

    def test_work_that_was_started_for_a_job_that_had_just_ended_is_stopped(self) -> None:
        harness = VendorHarness()
        vendor = harness.vendors["a"]
        vendor.then(60)
        job, start = harness.made(), vendor.start

        def cancel_meanwhile(order: TaskRequest) -> object:
            harness.cancel_job(harness.caller(), job.id)
            return start(order)

        vendor.start = cancel_meanwhile  # type: ignore[assignment,method-assign]
        harness.step()
        assert vendor.canceled == [f"a:{job.tasks[0].id}"]
        harness.check_books()

    def test_a_poll_that_was_lost_is_made_up_for(self) -> None:
        harness = VendorHarness()
        harness.vendors["a"].then(30)
        job = harness.made()
        harness.step()
        harness.queues.tasks.clear()
        harness.clock.advance(timedelta(minutes=3))
        harness.sweep()
        assert finished(harness, job).status is JobStatus.SUCCEEDED


class TestFiles:
    def test_a_file_is_copied_as_it_is(self) -> None:
        harness = VendorHarness()
        harness.vendors["a"].then(Download(ADDRESS))
        harness.downloads.files[ADDRESS] = PICTURE
        job = finished(harness, harness.made())
        asset = harness.task(job).asset
        assert asset is not None
        assert harness.blobs.objects[asset.storage_key] == (PICTURE, "image/png")
        assert (asset.size, asset.aspect_ratio) == (len(PICTURE), "3:2")

    def test_a_file_of_another_sort_is_not_delivered(self) -> None:
        harness = VendorHarness()
        harness.vendors["a"].then(Download(ADDRESS))
        harness.downloads.files[ADDRESS] = FILM
        job = finished(harness, harness.made())
        assert harness.starts() == [1, 1, 0]
        assert harness.task(job).vendor_facts.error_code == "wrong_type"

    def test_a_film_is_known_by_its_bytes(self) -> None:
        harness = VendorHarness()
        harness.vendors["a"].then(Download(ADDRESS, aspect_ratio="16:9"))
        harness.downloads.files[ADDRESS] = FILM
        job = harness.made()
        place = (harness.owner, job.id)
        from dataclasses import replace  # noqa: PLC0415

        harness.memory.jobs[place] = replace(harness.memory.jobs[place], feature=Feature.VIDEO)
        harness.step()
        asset = harness.task(job).asset
        assert asset is not None
        assert (asset.mime, asset.aspect_ratio, asset.storage_key[-4:]) == ("video/mp4", "16:9", ".mp4")

    def test_an_address_that_died_is_asked_for_once_more(self) -> None:
        harness = VendorHarness()
        vendor = harness.vendors["a"]
        vendor.then(10)
        vendor.results.extend([Download("https://cdn.a.test/old"), Download(ADDRESS)])
        harness.downloads.files.update({"https://cdn.a.test/old": GONE, ADDRESS: PICTURE})
        assert finished(harness, harness.made()).status is JobStatus.SUCCEEDED
        assert harness.starts() == [1, 0, 0]
        assert len(vendor.polls) == 2

    def test_a_file_that_did_not_come_is_fetched_later_and_not_made_again(self) -> None:
        harness = VendorHarness()
        vendor = harness.vendors["a"]
        vendor.then(10)
        vendor.results.extend([Download(ADDRESS)] * 3)
        harness.downloads.files[ADDRESS] = LOST
        job = harness.made()
        harness.step()
        harness.step()
        harness.step()
        assert harness.task(job).state is TaskState.WAITING
        harness.downloads.files[ADDRESS] = PICTURE
        finished(harness, job)
        assert harness.starts() == [1, 0, 0]

    def test_a_file_that_is_gone_for_good_is_made_again(self) -> None:
        harness = VendorHarness()
        harness.vendors["a"].then(Download(ADDRESS))
        finished(harness, harness.made())
        assert harness.starts() == [2, 0, 0]


class TestMaterials:
    SPEC = ImageSpec(
        "a kite",
        "1:1",
        inputs=(Input("source", "media/w/live/j/a.png", stored=True), Input("ref", "https://u.test/r.png")),
    )

    def started(self, harness: VendorHarness) -> TaskRequest:
        harness.fetcher.pages["https://u.test/r.png"] = PICTURE
        harness.blobs.objects["media/w/live/j/a.png"] = (b"stored", "image/png")
        harness.made(self.SPEC)
        harness.step()
        return harness.vendors["a"].orders[0]

    def test_nothing_is_loaded_that_nobody_asks_for(self) -> None:
        harness = VendorHarness()
        harness.vendors["a"].then(20)
        self.started(harness)
        harness.work()
        assert not harness.fetcher.fetched
        assert "blobs.get" not in harness.calls.made

    def test_bytes_come_from_where_they_are(self) -> None:
        harness = VendorHarness()
        order = self.started(harness)
        assert [input_file.data for input_file in order.input_files] == [b"stored", PICTURE]

    def test_a_vendor_sees_our_addresses_only(self) -> None:
        harness = VendorHarness()
        order = self.started(harness)
        stored, fetched = (input_file.url for input_file in order.input_files)
        assert stored == "https://blobs.test/media/w/live/j/a.png?X-Amz-Expires=3600"
        assert fetched.startswith(f"https://blobs.test/tmp/inputs/{order.job.id}/1.png?")
        assert harness.blobs.objects[f"tmp/inputs/{order.job.id}/1.png"] == (PICTURE, "image/png")
        assert order.input_files[1].data == PICTURE
        assert harness.fetcher.fetched == ["https://u.test/r.png"]

    def test_what_is_no_picture_is_not_passed_on(self) -> None:
        harness = VendorHarness()
        order = self.started(harness)
        harness.fetcher.pages["https://u.test/r.png"] = b"<html>"
        with pytest.raises(Exception, match="neither a picture nor a sound"):
            _ = order.input_files[1].url

    def test_an_input_that_cannot_be_had_just_now_starts_nothing(self) -> None:
        harness = VendorHarness()
        vendor, job = harness.vendors["a"], harness.made()
        start = vendor.start
        refusals = [Unavailable("busy"), Unavailable("busy")]

        def unavailable(order: TaskRequest) -> object:
            if refusals:
                raise refusals.pop()
            return start(order)

        vendor.start = unavailable  # type: ignore[assignment,method-assign]
        finished(harness, job)
        assert harness.task(job).attempts == 1


class FakeModerator:
    def __init__(self, *outcomes: EngineError | None) -> None:
        self.outcomes = list(outcomes)
        self.checked = 0

    def check(self, order: TaskRequest) -> None:
        self.checked += 1
        outcome = self.outcomes.pop(0) if self.outcomes else None
        if outcome is not None:
            raise outcome


class TestModeration:
    def test_what_it_refuses_no_vendor_sees(self) -> None:
        harness = VendorHarness(moderator=FakeModerator(Blocked("no")))
        job = finished(harness, harness.made())
        assert (job.failure, harness.starts()) == (FailureCode.CONTENT_BLOCKED, [0, 0, 0])

    def test_what_it_passes_is_sent_and_not_checked_again(self) -> None:
        moderator = FakeModerator()
        harness = VendorHarness(moderator=moderator)
        harness.vendors["a"].then(VendorUnavailable("no"))
        assert finished(harness, harness.made()).status is JobStatus.SUCCEEDED
        assert moderator.checked == 1

    def test_what_cannot_be_checked_waits(self) -> None:
        harness = VendorHarness(moderator=FakeModerator(VendorUnavailable("no"), VendorUnavailable("no")))
        assert finished(harness, harness.made()).status is JobStatus.SUCCEEDED
        assert harness.starts() == [1, 0, 0]
        assert harness.meter.counted["ModerationFailed"] == 2

    def test_or_is_sent_all_the_same(self) -> None:
        harness = VendorHarness(moderator=FakeModerator(VendorUnavailable("no")), unchecked_passes=True)
        harness.made()
        harness.step()
        assert harness.starts() == [1, 0, 0]


class TestCallbacks:
    def waiting(self) -> tuple[VendorHarness, Job, CallbackTarget]:
        harness = VendorHarness()
        harness.vendors["a"].then(100)
        job = harness.made()
        harness.step()
        return harness, job, CallbackTarget(harness.owner, job.id, 0)

    def test_one_makes_the_poll_due_and_the_vendor_is_asked(self) -> None:
        harness, job, target = self.waiting()
        assert harness.handle_callback("a", target, job.tasks[0].id) is CallbackResult.EXPEDITED
        harness.queues.tasks.reverse()
        assert harness.queues.tasks[0].delay_seconds == 0
        harness.step()
        assert harness.job(job.id).status is JobStatus.SUCCEEDED
        assert harness.vendors["a"].polls == [f"a:{job.tasks[0].id}"]

    def test_many_do_no_harm(self) -> None:
        harness, job, target = self.waiting()
        for _ in range(4):
            harness.handle_callback("a", target, job.tasks[0].id)
        assert finished(harness, job).charged == 1
        assert harness.handle_callback("a", target, job.tasks[0].id) is CallbackResult.LATE
        assert not harness.queues.tasks

    def test_one_about_other_work_is_not_heard(self) -> None:
        harness, job, target = self.waiting()
        assert harness.handle_callback("a", target, "another") is CallbackResult.UNKNOWN
        assert harness.handle_callback("b", target, job.tasks[0].id) is CallbackResult.LATE
        elsewhere = CallbackTarget(harness.owner, "01950000-0000-7000-8000-00000000ffff", 0)
        assert harness.handle_callback("a", elsewhere, job.tasks[0].id) is CallbackResult.UNKNOWN
        assert (
            harness.handle_callback("a", CallbackTarget(harness.owner, job.id, 7), "x")
            is CallbackResult.UNKNOWN
        )
        assert len(harness.queues.tasks) == 1

    def test_one_that_comes_before_the_handle_was_noted_is_not_forgotten(self) -> None:
        harness = VendorHarness()
        vendor = harness.vendors["a"]
        vendor.then(100)
        job, start = harness.made(), vendor.start
        target = CallbackTarget(harness.owner, job.id, 0)
        heard: list[CallbackResult] = []

        def call_back_at_once(order: TaskRequest) -> object:
            outcome = start(order)
            heard.append(harness.handle_callback("a", target, order.reference))
            return outcome

        vendor.start = call_back_at_once  # type: ignore[assignment,method-assign]
        harness.step()
        assert heard == [CallbackResult.EARLY]
        early = harness.queues.tasks.pop(0)
        assert (early.message.step, early.delay_seconds) == (TaskStep.EXPEDITE, 5)
        harness.clock.advance(5)
        harness.execute_task(early.message)
        assert harness.job(job.id).status is JobStatus.SUCCEEDED

    def test_one_about_nothing_any_more_is_dropped(self) -> None:
        harness = VendorHarness()
        job = finished(harness, harness.made())
        harness.execute_task(TaskMessage(harness.owner, job.id, 0, TaskStep.EXPEDITE))
        harness.execute_task(
            TaskMessage(harness.owner, "01950000-0000-7000-8000-00000000ffff", 0, TaskStep.EXPEDITE)
        )
        assert not harness.queues.tasks


class TestLostWork:
    """The answer to a start was lost, and the vendor calls about the work all the same."""

    def lost(self, *outcomes: EngineError) -> tuple[VendorHarness, Job, CallbackTarget]:
        harness = VendorHarness()
        harness.vendors["a"].then(*(outcomes or (OutcomeUnknown("the line was cut"),)))
        job = harness.made()
        harness.step()
        return harness, job, CallbackTarget(harness.owner, job.id, 0)

    def test_it_is_taken_for_the_tasks_and_nothing_is_started_again(self) -> None:
        harness, job, target = self.lost()
        assert harness.handle_callback("a", target, "work-1") is CallbackResult.EARLY
        harness.queues.tasks.reverse()  # it is due in seconds, the next start when the lease is over
        done = finished(harness, job)
        assert (done.status, done.charged) == (JobStatus.SUCCEEDED, 1)
        assert harness.starts() == [1, 0, 0]
        assert harness.vendors["a"].polls == ["work-1"]
        assert harness.wallet.spent == 1
        assert harness.meter.counted["VendorWorkFound"] == 1

    def test_however_often_it_is_called_about(self) -> None:
        harness, job, target = self.lost()
        for _ in range(3):
            harness.handle_callback("a", target, "work-1")
        harness.queues.tasks.reverse()
        assert finished(harness, job).charged == 1
        assert harness.starts() == [1, 0, 0]
        assert harness.meter.counted["VendorWorkFound"] == 1

    def test_also_after_a_failure_that_was_none(self) -> None:
        harness, job, target = self.lost(VendorUnavailable("a gateway gave up", retry_after=60))
        harness.handle_callback("a", target, "work-1")
        harness.queues.tasks.reverse()
        assert finished(harness, job).charged == 1
        assert harness.starts() == [1, 0, 0]

    def test_not_by_a_task_that_went_elsewhere_before_the_message_came(self) -> None:
        harness, job, target = self.lost(VendorUnavailable("no"))
        harness.handle_callback("a", target, "work-1")
        harness.vendors["a"].then(VendorUnavailable("no"))
        called = harness.queues.tasks.pop()
        harness.step()
        assert harness.job(job.id).route_of(harness.task(job)).engine == "b"
        harness.execute_task(called.message)
        assert harness.task(job).handle is None
        assert finished(harness, job).charged == 1
        assert harness.vendors["b"].polls == []

    def test_not_by_one_that_was_never_started_there(self) -> None:
        harness, job, target = self.lost(RateLimitedByVendor("no", retry_after=60))
        harness.handle_callback("a", target, "work-1")
        harness.execute_task(harness.queues.tasks.pop().message)
        assert harness.task(job).handle is None

    def test_not_if_it_is_work_that_failed_before(self) -> None:
        harness = VendorHarness("a")
        twice = Catalog.of([replace(harness.offer, routes=harness.offer.routes * 2)])
        harness.core.submit_job = replace(harness.submit_job, catalog=twice)
        vendor = harness.vendors["a"]
        vendor.then(100, OutcomeUnknown("the line was cut"))
        vendor.results.append(RouteFailed("no"))
        job = harness.made()
        for _ in range(3):
            harness.step()
        assert (harness.task(job).state, harness.task(job).handle) == (TaskState.RUNNING, None)
        harness.handle_callback(
            "a", CallbackTarget(harness.owner, job.id, 0), "r-1"
        )  # what the vendor told of the first
        harness.execute_task(harness.queues.tasks.pop().message)
        assert harness.task(job).handle is None

    def test_nor_after_the_task_was_given_up(self) -> None:
        harness, job, target = self.lost()
        harness.handle_callback("a", target, "work-1")
        called = harness.queues.tasks.pop()
        harness.clock.advance(job.deadline_at - harness.clock.now() + timedelta(minutes=2))
        harness.sweep()
        assert harness.job(job.id).failure is FailureCode.TIMED_OUT
        harness.execute_task(called.message)
        assert harness.handle_callback("a", target, "work-1") is CallbackResult.LATE
        assert harness.wallet.spent == 0
        assert not harness.vendors["a"].polls
        harness.check_books()

    def test_a_worker_that_is_answered_after_all_goes_by_the_answer(self) -> None:
        harness = VendorHarness()
        vendor = harness.vendors["a"]
        job, start = harness.made(), vendor.start
        vendor.then(100)

        def slowly(order: TaskRequest) -> object:
            outcome = start(order)
            harness.handle_callback("a", CallbackTarget(harness.owner, job.id, 0), "work-1")
            vendor.results.append(30)
            harness.execute_task(harness.queues.tasks.pop().message)
            assert harness.task(job).handle == "work-1"
            return outcome

        vendor.start = slowly  # type: ignore[assignment,method-assign]
        harness.step()
        assert harness.task(job).handle == f"a:{job.tasks[0].id}"
        assert finished(harness, job).charged == 1
        assert harness.starts() == [1, 0, 0]


def test_work_is_sent_to_the_queue_of_its_route() -> None:
    harness = VendorHarness()
    job = harness.made()
    assert [sent.queue for sent in harness.queues.tasks] == [Queue.VENDORS]
    assert job.ways[0].engine == "a"
