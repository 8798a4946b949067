"""What a worker does when a vendor fails: again, elsewhere, or not at all; and what each of it leaves behind."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from darkroom.domain.accounts import Feature
from darkroom.domain.callbacks import Awaited
from darkroom.domain.catalog import Catalog, Queue
from darkroom.domain.engine import (
    AccountTrouble,
    Blocked,
    Broken,
    Busy,
    Down,
    Download,
    EngineError,
    ModelRetired,
    Order,
    OutcomeUnknown,
    Rejected,
)
from darkroom.domain.errors import Unavailable
from darkroom.domain.gates import THRESHOLD
from darkroom.domain.jobs import FailureCode, Input, Job, JobStatus, Spec, TaskState
from darkroom.ports import TaskMessage
from darkroom.services.hear_callback import Heard
from tests.fakes.vendor_world import FILM, PICTURE, VendorWorld
from tests.fakes.vendors import GONE, LOST
from tests.fakes.world import LEASE

ADDRESS = "https://cdn.a.test/x.png"


def finished(world: VendorWorld, job: Job) -> Job:
    world.work()
    done = world.job(job.id)
    assert done.terminal
    world.check_books()
    world.check_slots()
    return done


def test_one_picture_costs_four_calls() -> None:
    world = VendorWorld()
    world.made()
    world.calls.made.clear()
    world.work()
    assert world.calls.made == ["jobs.claim", "gates.enter", "blobs.put", "store.commit"]


def test_an_order_says_what_the_route_says() -> None:
    world = VendorWorld()
    finished(world, world.made())
    (order,) = world.vendors["a"].orders
    assert (order.model, order.options) == ("a-1", {"quality": "low"})


def test_what_the_vendor_told_is_kept_for_the_operator() -> None:
    world = VendorWorld()
    world.vendors["a"].then(Down("no", code="oops", request_id="r-0"), Broken("no"))
    job = finished(world, world.made())
    facts = dict(world.task(job).facts)
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
        "error": "Broken",
        "error_code": "oops",
        "error_request_id": "r-0",
    }


@pytest.mark.parametrize(
    ("outcomes", "starts"),
    [
        ([Down("no")], [2, 0, 0]),
        ([Down("no"), Down("no")], [2, 1, 0]),
        ([Broken("no")], [1, 1, 0]),
        ([AccountTrouble("no")], [1, 1, 0]),
        ([ModelRetired("no")], [1, 1, 0]),
        ([Busy("no")] * 4, [5, 0, 0]),
        ([Busy("no")] * 5, [5, 1, 0]),
        ([OutcomeUnknown("lost")], [2, 0, 0]),
        ([OutcomeUnknown("lost", handle="h")], [1, 0, 0]),
    ],
)
def test_each_failure_is_followed_by_what_it_calls_for(
    outcomes: list[EngineError], starts: list[int]
) -> None:
    world = VendorWorld()
    world.vendors["a"].then(*outcomes)
    job = finished(world, world.made())
    assert (job.status, job.charged, world.starts()) == (JobStatus.SUCCEEDED, 1, starts)


@pytest.mark.parametrize(
    ("error", "failure"),
    [(Blocked("no"), FailureCode.CONTENT_BLOCKED), (Rejected("no"), FailureCode.INPUT_REJECTED)],
)
def test_a_refusal_is_not_taken_elsewhere(error: EngineError, failure: FailureCode) -> None:
    world = VendorWorld()
    world.vendors["a"].then(error)
    job = finished(world, world.made(count=3))
    assert world.starts()[1:] == [0, 0]
    assert world.task(job).failure is failure
    assert world.starts()[0] == (1 if isinstance(error, Blocked) else 3)


def test_who_runs_out_of_routes_fails_and_is_refunded() -> None:
    world = VendorWorld("a", "b")
    for vendor in world.vendors.values():
        vendor.then(*[Down("no")] * 9)
    job = finished(world, world.made())
    assert (job.status, world.wallet.spent, world.wallet.held) == (JobStatus.FAILED, 0, 0)
    assert world.starts() == [2, 2]


def test_four_starts_are_the_end_however_many_routes_there_are() -> None:
    world = VendorWorld("a", "b", "c", "d")
    for vendor in world.vendors.values():
        vendor.then(*[Down("no")] * 9)
    assert finished(world, world.made()).status is JobStatus.FAILED
    assert world.starts() == [2, 2, 0, 0]


def test_two_unknown_outcomes_are_the_end_and_nobody_else_is_asked() -> None:
    world = VendorWorld()
    world.vendors["a"].then(*[OutcomeUnknown("lost")] * 9)
    assert finished(world, world.made()).status is JobStatus.FAILED
    assert world.starts() == [2, 0, 0]


@pytest.mark.parametrize("then", [Broken("no"), ModelRetired("no"), Down("no")])
def test_what_may_be_running_is_not_made_a_second_time_elsewhere(then: EngineError) -> None:
    world = VendorWorld()
    world.vendors["a"].then(OutcomeUnknown("lost"), then, then)
    assert finished(world, world.made()).status is JobStatus.FAILED
    assert world.starts()[1:] == [0, 0]


def test_a_lost_answer_waits_for_the_lease_and_keeps_its_slot() -> None:
    world = VendorWorld()
    world.vendors["a"].then(OutcomeUnknown("lost"))
    job = world.made()
    world.step()
    _, delay = world.only_message()
    assert delay == LEASE.total_seconds() + 1
    assert set(world.memory.gates["a"].slots) == {world.task(job).id}
    finished(world, job)


def test_a_time_that_was_named_is_kept_to_the_second() -> None:
    world = VendorWorld()
    world.vendors["a"].then(Busy("no", retry_after=100))
    job = world.made()
    world.step()
    message, delay = world.only_message()
    assert 100 <= delay <= 120
    world.clock.advance(90)
    world.execute_task(message)
    assert world.starts() == [1, 0, 0]
    world.clock.advance(30)
    world.execute_task(message)
    assert world.starts() == [2, 0, 0]
    assert world.job(job.id).terminal


def test_a_time_after_the_deadline_is_not_waited_for_where_there_is_another_route() -> None:
    world = VendorWorld()
    world.vendors["a"].then(Busy("no", retry_after=900))
    job = finished(world, world.made())
    assert (job.status, world.starts()) == (JobStatus.SUCCEEDED, [1, 1, 0])


def test_a_single_busy_route_is_waited_for_until_the_deadline_and_refunded_then() -> None:
    world = VendorWorld("a")
    world.vendors["a"].then(*[Busy("no", retry_after=60)] * 99)
    job = world.made()
    while world.clock.now() < job.deadline_at:
        world.step()
    world.clock.advance(timedelta(minutes=3))
    world.sweep()
    done = world.job(job.id)
    assert (done.status, done.failure) == (JobStatus.FAILED, FailureCode.TIMED_OUT)
    world.check_books()
    world.check_slots()


def test_a_vendor_without_a_key_is_no_route() -> None:
    world = VendorWorld()
    world.vendors["a"].then(AccountTrouble("no key", code="no_key"))
    assert finished(world, world.made()).status is JobStatus.SUCCEEDED
    assert world.meter.counted["RouteSkipped"] == 1
    assert not world.meter.counted["AccountTrouble"]


def test_a_vendor_that_was_switched_off_meanwhile_is_no_route() -> None:
    world = VendorWorld()
    job = world.made()
    world.execute_task = world.worker({"c": world.vendors["c"]})
    assert finished(world, job).status is JobStatus.SUCCEEDED
    assert world.starts() == [0, 0, 1]


def test_trouble_with_an_account_is_for_somebody_to_look_at(caplog: pytest.LogCaptureFixture) -> None:
    world = VendorWorld()
    world.vendors["a"].then(AccountTrouble("no", code="insufficient_quota"))
    finished(world, world.made())
    assert world.meter.counted["AccountTrouble"] == 1
    assert any(
        record.levelname == "ERROR" and "account trouble" in record.message for record in caplog.records
    )


class TestGate:
    def test_over_the_limit_work_waits_in_the_queue_and_costs_nothing(self) -> None:
        world = VendorWorld(limits={"a": 1})
        world.vendors["a"].then(40, 40)
        job = world.made(count=2)
        world.step()
        world.step()
        assert world.starts() == [1, 0, 0]
        second = world.task(job, 1)
        assert (second.state, second.attempts, second.route) == (TaskState.QUEUED, 0, 0)
        assert finished(world, job).charged == 2
        assert world.starts() == [2, 0, 0]

    def test_a_message_delivered_twice_takes_no_second_slot(self) -> None:
        world = VendorWorld(limits={"a": 1})
        world.vendors["a"].then(OutcomeUnknown("lost"))
        job = world.made()
        message, _ = world.only_message()
        world.step()
        world.clock.advance(LEASE)
        world.execute_task(message)
        assert world.job(job.id).status is JobStatus.SUCCEEDED
        world.check_slots()

    def test_canceling_gives_slots_back(self) -> None:
        world = VendorWorld()
        world.vendors["a"].then(60, 60)
        job = world.made(count=2)
        world.step()
        world.step()
        assert len(world.memory.gates["a"].slots) == 2
        world.cancel_job(world.caller(), job.id)
        world.check_slots()
        world.work()
        assert len(world.vendors["a"].canceled) == 2

    def test_a_vendor_that_keeps_failing_is_left_alone_and_its_work_goes_elsewhere(self) -> None:
        world = VendorWorld(credits=1000)
        world.vendors["a"].then(*[Down("no")] * 999)
        for _ in range(40):
            finished(world, world.made())
        assert world.meter.counted["BreakerOpened"] >= 1
        assert world.starts()[0] < 40
        assert world.starts()[1] == 40

    def test_one_tries_again_and_then_all_do(self) -> None:
        world = VendorWorld("a", credits=1000)
        world.vendors["a"].then(*[Busy("no", retry_after=1)] * THRESHOLD)
        jobs = [world.made() for _ in range(THRESHOLD + 3)]
        world.work()
        assert {world.job(job.id).status for job in jobs} == {JobStatus.SUCCEEDED}
        world.check_slots()
        assert world.memory.gates["a"].open_until is None


class TestLongWork:
    def test_the_handle_is_noted_and_asked_for_when_it_is_time(self) -> None:
        world = VendorWorld()
        world.vendors["a"].then(30)
        world.vendors["a"].results.extend([30, 60])
        job = world.made()
        world.step()
        task = world.task(job)
        assert (task.state, task.handle, task.facts["request_id"]) == (
            TaskState.WAITING,
            f"a:{task.id}",
            "r-1",
        )
        assert world.only_message()[1] == 30
        finished(world, job)
        assert len(world.vendors["a"].polls) == 3

    @pytest.mark.parametrize("trouble", [Down("no"), Busy("no"), AccountTrouble("no"), OutcomeUnknown("no")])
    def test_not_hearing_of_started_work_is_no_reason_to_start_it_again(self, trouble: EngineError) -> None:
        world = VendorWorld()
        world.vendors["a"].then(10)
        world.vendors["a"].results.extend([trouble, trouble, trouble])
        finished(world, world.made())
        assert world.starts() == [1, 0, 0]

    @pytest.mark.parametrize("error", [Broken("no"), ModelRetired("gone")])
    def test_work_that_came_to_nothing_goes_to_the_next_route(self, error: EngineError) -> None:
        world = VendorWorld()
        world.vendors["a"].then(10)
        world.vendors["a"].results.append(error)
        assert finished(world, world.made()).status is JobStatus.SUCCEEDED
        assert world.starts() == [1, 1, 0]

    def test_work_that_is_refused_in_the_end_is_refused(self) -> None:
        world = VendorWorld()
        world.vendors["a"].then(10)
        world.vendors["a"].results.append(Blocked("no"))
        assert finished(world, world.made()).failure is FailureCode.CONTENT_BLOCKED
        assert world.starts() == [1, 0, 0]

    def test_a_vendor_is_told_to_stop_when_the_deadline_passes(self) -> None:
        world = VendorWorld()
        world.vendors["a"].then(10_000)
        job = world.made()
        world.step()
        world.fake_queues.tasks.clear()
        world.clock.set(job.deadline_at + timedelta(hours=4))
        world.sweep()
        world.work()
        assert world.vendors["a"].canceled == [f"a:{job.tasks[0].id}"]
        assert world.job(job.id).failure is FailureCode.TIMED_OUT
        world.check_slots()

    def test_work_that_was_started_for_a_job_that_had_just_ended_is_stopped(self) -> None:
        world = VendorWorld()
        vendor = world.vendors["a"]
        vendor.then(60)
        job, start = world.made(), vendor.start

        def cancel_meanwhile(order: Order) -> object:
            world.cancel_job(world.caller(), job.id)
            return start(order)

        vendor.start = cancel_meanwhile  # type: ignore[assignment,method-assign]
        world.step()
        assert vendor.canceled == [f"a:{job.tasks[0].id}"]
        world.check_books()

    def test_a_poll_that_was_lost_is_made_up_for(self) -> None:
        world = VendorWorld()
        world.vendors["a"].then(30)
        job = world.made()
        world.step()
        world.fake_queues.tasks.clear()
        world.clock.advance(timedelta(minutes=3))
        world.sweep()
        assert finished(world, job).status is JobStatus.SUCCEEDED


class TestFiles:
    def test_a_file_is_copied_as_it_is(self) -> None:
        world = VendorWorld()
        world.vendors["a"].then(Download(ADDRESS))
        world.downloads.files[ADDRESS] = PICTURE
        job = finished(world, world.made())
        asset = world.task(job).asset
        assert asset is not None
        assert world.fake_blobs.objects[asset.storage_key] == (PICTURE, "image/png")
        assert (asset.size, asset.aspect_ratio) == (len(PICTURE), "3:2")

    def test_a_file_of_another_sort_is_not_delivered(self) -> None:
        world = VendorWorld()
        world.vendors["a"].then(Download(ADDRESS))
        world.downloads.files[ADDRESS] = FILM
        job = finished(world, world.made())
        assert world.starts() == [1, 1, 0]
        assert world.task(job).facts["error_code"] == "wrong_type"

    def test_a_film_is_known_by_its_bytes(self) -> None:
        world = VendorWorld()
        world.vendors["a"].then(Download(ADDRESS, aspect_ratio="16:9"))
        world.downloads.files[ADDRESS] = FILM
        job = world.made()
        place = (world.owner, job.id)
        from dataclasses import replace  # noqa: PLC0415

        world.memory.jobs[place] = replace(world.memory.jobs[place], feature=Feature.VIDEO)
        world.step()
        asset = world.task(job).asset
        assert asset is not None
        assert (asset.mime, asset.aspect_ratio, asset.storage_key[-4:]) == ("video/mp4", "16:9", ".mp4")

    def test_an_address_that_died_is_asked_for_once_more(self) -> None:
        world = VendorWorld()
        vendor = world.vendors["a"]
        vendor.then(10)
        vendor.results.extend([Download("https://cdn.a.test/old"), Download(ADDRESS)])
        world.downloads.files.update({"https://cdn.a.test/old": GONE, ADDRESS: PICTURE})
        assert finished(world, world.made()).status is JobStatus.SUCCEEDED
        assert world.starts() == [1, 0, 0]
        assert len(vendor.polls) == 2

    def test_a_file_that_did_not_come_is_fetched_later_and_not_made_again(self) -> None:
        world = VendorWorld()
        vendor = world.vendors["a"]
        vendor.then(10)
        vendor.results.extend([Download(ADDRESS)] * 3)
        world.downloads.files[ADDRESS] = LOST
        job = world.made()
        world.step()
        world.step()
        world.step()
        assert world.task(job).state is TaskState.WAITING
        world.downloads.files[ADDRESS] = PICTURE
        finished(world, job)
        assert world.starts() == [1, 0, 0]

    def test_a_file_that_is_gone_for_good_is_made_again(self) -> None:
        world = VendorWorld()
        world.vendors["a"].then(Download(ADDRESS))
        finished(world, world.made())
        assert world.starts() == [2, 0, 0]


class TestMaterials:
    SPEC = Spec(
        "a kite",
        "1:1",
        inputs=(Input("source", "media/w/live/j/a.png", stored=True), Input("ref", "https://u.test/r.png")),
    )

    def started(self, world: VendorWorld) -> Order:
        world.fetcher.pages["https://u.test/r.png"] = PICTURE
        world.fake_blobs.objects["media/w/live/j/a.png"] = (b"stored", "image/png")
        world.made(self.SPEC)
        world.step()
        return world.vendors["a"].orders[0]

    def test_nothing_is_loaded_that_nobody_asks_for(self) -> None:
        world = VendorWorld()
        world.vendors["a"].then(20)
        self.started(world)
        world.work()
        assert not world.fetcher.fetched
        assert "blobs.get" not in world.calls.made

    def test_bytes_come_from_where_they_are(self) -> None:
        world = VendorWorld()
        order = self.started(world)
        assert [material.data for material in order.materials] == [b"stored", PICTURE]

    def test_a_vendor_sees_our_addresses_only(self) -> None:
        world = VendorWorld()
        order = self.started(world)
        stored, fetched = (material.url for material in order.materials)
        assert stored == "https://blobs.test/media/w/live/j/a.png?X-Amz-Expires=3600"
        assert fetched.startswith(f"https://blobs.test/tmp/inputs/{order.job.id}/1.png?")
        assert world.fake_blobs.objects[f"tmp/inputs/{order.job.id}/1.png"] == (PICTURE, "image/png")
        assert order.materials[1].data == PICTURE
        assert world.fetcher.fetched == ["https://u.test/r.png"]

    def test_what_is_no_picture_is_not_passed_on(self) -> None:
        world = VendorWorld()
        order = self.started(world)
        world.fetcher.pages["https://u.test/r.png"] = b"<html>"
        with pytest.raises(Exception, match="neither a picture nor a sound"):
            _ = order.materials[1].url

    def test_an_input_that_cannot_be_had_just_now_starts_nothing(self) -> None:
        world = VendorWorld()
        vendor, job = world.vendors["a"], world.made()
        start = vendor.start
        refusals = [Unavailable("busy"), Unavailable("busy")]

        def unavailable(order: Order) -> object:
            if refusals:
                raise refusals.pop()
            return start(order)

        vendor.start = unavailable  # type: ignore[assignment,method-assign]
        finished(world, job)
        assert world.task(job).attempts == 1


class FakeModerator:
    def __init__(self, *outcomes: EngineError | None) -> None:
        self.outcomes = list(outcomes)
        self.checked = 0

    def check(self, order: Order) -> None:
        self.checked += 1
        outcome = self.outcomes.pop(0) if self.outcomes else None
        if outcome is not None:
            raise outcome


class TestModeration:
    def test_what_it_refuses_no_vendor_sees(self) -> None:
        world = VendorWorld(moderator=FakeModerator(Blocked("no")))
        job = finished(world, world.made())
        assert (job.failure, world.starts()) == (FailureCode.CONTENT_BLOCKED, [0, 0, 0])

    def test_what_it_passes_is_sent_and_not_checked_again(self) -> None:
        moderator = FakeModerator()
        world = VendorWorld(moderator=moderator)
        world.vendors["a"].then(Down("no"))
        assert finished(world, world.made()).status is JobStatus.SUCCEEDED
        assert moderator.checked == 1

    def test_what_cannot_be_checked_waits(self) -> None:
        world = VendorWorld(moderator=FakeModerator(Down("no"), Down("no")))
        assert finished(world, world.made()).status is JobStatus.SUCCEEDED
        assert world.starts() == [1, 0, 0]
        assert world.meter.counted["ModerationFailed"] == 2

    def test_or_is_sent_all_the_same(self) -> None:
        world = VendorWorld(moderator=FakeModerator(Down("no")), unchecked_passes=True)
        world.made()
        world.step()
        assert world.starts() == [1, 0, 0]


class TestCallbacks:
    def waiting(self) -> tuple[VendorWorld, Job, Awaited]:
        world = VendorWorld()
        world.vendors["a"].then(100)
        job = world.made()
        world.step()
        return world, job, Awaited(world.owner, job.id, 0)

    def test_one_makes_the_poll_due_and_the_vendor_is_asked(self) -> None:
        world, job, awaited = self.waiting()
        assert world.hear_callback("a", awaited, job.tasks[0].id) is Heard.HASTENED
        world.fake_queues.tasks.reverse()
        assert world.fake_queues.tasks[0].delay_seconds == 0
        world.step()
        assert world.job(job.id).status is JobStatus.SUCCEEDED
        assert world.vendors["a"].polls == [f"a:{job.tasks[0].id}"]

    def test_many_do_no_harm(self) -> None:
        world, job, awaited = self.waiting()
        for _ in range(4):
            world.hear_callback("a", awaited, job.tasks[0].id)
        assert finished(world, job).charged == 1
        assert world.hear_callback("a", awaited, job.tasks[0].id) is Heard.LATE
        assert not world.fake_queues.tasks

    def test_one_about_other_work_is_not_heard(self) -> None:
        world, job, awaited = self.waiting()
        assert world.hear_callback("a", awaited, "another") is Heard.STRANGER
        assert world.hear_callback("b", awaited, job.tasks[0].id) is Heard.LATE
        elsewhere = Awaited(world.owner, "01950000-0000-7000-8000-00000000ffff", 0)
        assert world.hear_callback("a", elsewhere, job.tasks[0].id) is Heard.STRANGER
        assert world.hear_callback("a", Awaited(world.owner, job.id, 7), "x") is Heard.STRANGER
        assert len(world.fake_queues.tasks) == 1

    def test_one_that_comes_before_the_handle_was_noted_is_not_forgotten(self) -> None:
        world = VendorWorld()
        vendor = world.vendors["a"]
        vendor.then(100)
        job, start = world.made(), vendor.start
        awaited = Awaited(world.owner, job.id, 0)
        heard: list[Heard] = []

        def call_back_at_once(order: Order) -> object:
            outcome = start(order)
            heard.append(world.hear_callback("a", awaited, order.reference))
            return outcome

        vendor.start = call_back_at_once  # type: ignore[assignment,method-assign]
        world.step()
        assert heard == [Heard.EARLY]
        early = world.fake_queues.tasks.pop(0)
        assert (early.message.step, early.delay_seconds) == ("hasten", 5)
        world.clock.advance(5)
        world.execute_task(early.message)
        assert world.job(job.id).status is JobStatus.SUCCEEDED

    def test_one_about_nothing_any_more_is_dropped(self) -> None:
        world = VendorWorld()
        job = finished(world, world.made())
        world.execute_task(TaskMessage(world.owner, job.id, 0, "hasten"))
        world.execute_task(TaskMessage(world.owner, "01950000-0000-7000-8000-00000000ffff", 0, "hasten"))
        assert not world.fake_queues.tasks


class TestLostWork:
    """The answer to a start was lost, and the vendor calls about the work all the same."""

    def lost(self, *outcomes: EngineError) -> tuple[VendorWorld, Job, Awaited]:
        world = VendorWorld()
        world.vendors["a"].then(*(outcomes or (OutcomeUnknown("the line was cut"),)))
        job = world.made()
        world.step()
        return world, job, Awaited(world.owner, job.id, 0)

    def test_it_is_taken_for_the_tasks_and_nothing_is_started_again(self) -> None:
        world, job, awaited = self.lost()
        assert world.hear_callback("a", awaited, "work-1") is Heard.EARLY
        world.fake_queues.tasks.reverse()  # it is due in seconds, the next start when the lease is over
        done = finished(world, job)
        assert (done.status, done.charged) == (JobStatus.SUCCEEDED, 1)
        assert world.starts() == [1, 0, 0]
        assert world.vendors["a"].polls == ["work-1"]
        assert world.wallet.spent == 1
        assert world.meter.counted["VendorWorkFound"] == 1

    def test_however_often_it_is_called_about(self) -> None:
        world, job, awaited = self.lost()
        for _ in range(3):
            world.hear_callback("a", awaited, "work-1")
        world.fake_queues.tasks.reverse()
        assert finished(world, job).charged == 1
        assert world.starts() == [1, 0, 0]
        assert world.meter.counted["VendorWorkFound"] == 1

    def test_also_after_a_failure_that_was_none(self) -> None:
        world, job, awaited = self.lost(Down("a gateway gave up", retry_after=60))
        world.hear_callback("a", awaited, "work-1")
        world.fake_queues.tasks.reverse()
        assert finished(world, job).charged == 1
        assert world.starts() == [1, 0, 0]

    def test_not_by_a_task_that_went_elsewhere_before_the_message_came(self) -> None:
        world, job, awaited = self.lost(Down("no"))
        world.hear_callback("a", awaited, "work-1")
        world.vendors["a"].then(Down("no"))
        called = world.fake_queues.tasks.pop()
        world.step()
        assert world.job(job.id).route_of(world.task(job)).engine == "b"
        world.execute_task(called.message)
        assert world.task(job).handle is None
        assert finished(world, job).charged == 1
        assert world.vendors["b"].polls == []

    def test_not_by_one_that_was_never_started_there(self) -> None:
        world, job, awaited = self.lost(Busy("no", retry_after=60))
        world.hear_callback("a", awaited, "work-1")
        world.execute_task(world.fake_queues.tasks.pop().message)
        assert world.task(job).handle is None

    def test_not_if_it_is_work_that_failed_before(self) -> None:
        world = VendorWorld("a")
        twice = Catalog.of([replace(world.offer, routes=world.offer.routes * 2)])
        world.submit_job = replace(world.submit_job, catalog=twice)
        vendor = world.vendors["a"]
        vendor.then(100, OutcomeUnknown("the line was cut"))
        vendor.results.append(Broken("no"))
        job = world.made()
        for _ in range(3):
            world.step()
        assert (world.task(job).state, world.task(job).handle) == (TaskState.RUNNING, None)
        world.hear_callback("a", Awaited(world.owner, job.id, 0), "r-1")  # what the vendor told of the first
        world.execute_task(world.fake_queues.tasks.pop().message)
        assert world.task(job).handle is None

    def test_nor_after_the_task_was_given_up(self) -> None:
        world, job, awaited = self.lost()
        world.hear_callback("a", awaited, "work-1")
        called = world.fake_queues.tasks.pop()
        world.clock.advance(job.deadline_at - world.clock.now() + timedelta(minutes=2))
        world.sweep()
        assert world.job(job.id).failure is FailureCode.TIMED_OUT
        world.execute_task(called.message)
        assert world.hear_callback("a", awaited, "work-1") is Heard.LATE
        assert world.wallet.spent == 0
        assert not world.vendors["a"].polls
        world.check_books()

    def test_a_worker_that_is_answered_after_all_goes_by_the_answer(self) -> None:
        world = VendorWorld()
        vendor = world.vendors["a"]
        job, start = world.made(), vendor.start
        vendor.then(100)

        def slowly(order: Order) -> object:
            outcome = start(order)
            world.hear_callback("a", Awaited(world.owner, job.id, 0), "work-1")
            vendor.results.append(30)
            world.execute_task(world.fake_queues.tasks.pop().message)
            assert world.task(job).handle == "work-1"
            return outcome

        vendor.start = slowly  # type: ignore[assignment,method-assign]
        world.step()
        assert world.task(job).handle == f"a:{job.tasks[0].id}"
        assert finished(world, job).charged == 1
        assert world.starts() == [1, 0, 0]


def test_work_is_sent_to_the_queue_of_its_route() -> None:
    world = VendorWorld()
    job = world.made()
    assert [sent.queue for sent in world.fake_queues.tasks] == [Queue.GENERATION]
    assert job.ways[0].engine == "a"
