"""A manifest from its file to its results: turn by turn, dying anywhere, twice at once, out of credits."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from darkroom.domain.accounts.key_budgets import KeyBudget
from darkroom.domain.errors import Unavailable
from darkroom.domain.manifests.manifest import ManifestStatus
from darkroom.domain.manifests.messages import ManifestMessage
from darkroom.domain.manifests.records import Format
from darkroom.domain.writes import SetBudgets
from tests.fakes.calls import Crash
from tests.harness.manifests import ManifestHarness, names

BAD = b'name,photo\nok,\nragged\n"open,x\n'


# ------------------------------------------------------------------ from file to results


@pytest.mark.parametrize("count", [1, 10, 25, 26, 1_000, 1_001])
def test_every_row_has_its_result(count: int) -> None:
    harness = ManifestHarness()
    manifest = harness.start(names(count))
    harness.finish()
    ended = harness.check_ended(manifest)
    assert ended.tally.succeeded == ended.tally.charged == count
    assert [row["_sku"] for row in harness.results(ended)] == [f"sku-{n}" for n in range(1, count + 1)]
    assert harness.report(ended) == []


@pytest.mark.parametrize("model", ["forge-image", "forge-image-fast", "meme"])
def test_rows_become_generations(model: str) -> None:
    harness = ManifestHarness()
    data = b"prompt,aspect_ratio\n" + b"".join(
        f"kite {n},{'1:1' if n % 2 else '16:9'}\n".encode() for n in range(30)
    )
    manifest = harness.start(data, model)
    harness.finish()
    harness.check_ended(manifest)
    prompts = Counter(asset.prompt for asset in harness.memory.assets.values())
    assert prompts == Counter(f"kite {n}" for n in range(30))


def test_json_lines_are_a_manifest_too() -> None:
    harness = ManifestHarness()
    data = b'{"name": "A", "_n": 1}\n\n{"name": {"text": "B"}}\n{"nmae": "C"}\n[]\n{"name": "A"}'
    manifest = harness.start(data, format=Format.JSONL)
    harness.finish()
    ended = harness.check_ended(manifest)
    assert [row["_status"] for row in harness.results(ended)] == [
        "succeeded",
        "succeeded",
        "invalid",
        "invalid",
        "succeeded",
    ]
    assert [(row["row"], row["column"]) for row in harness.report(ended)] == [(3, "nmae"), (4, None)]
    assert ended.tally.charged == 2, "rows that are the same render are charged once"


def test_bad_rows_are_reported_by_number_and_cost_nothing() -> None:
    harness = ManifestHarness()
    data = (
        b'\xef\xbb\xbf_id,name\r\n1,ok\r\n2\r\n3,caf\xe9\r\n4,"a""b\r\nc"\r\n5,x"\r\n6,nul\0\r\n\r\n7,'
        + b"x" * 1024**2
        + b"\r\n8,last"
    )
    manifest = harness.start(data)
    harness.finish()
    ended = harness.check_ended(manifest)
    assert [row["row"] for row in harness.report(ended)] == ["2", "3", "6", "7"]
    assert [row["_id"] for row in harness.results(ended)] == ["1", "", "", "4", "5", "", "7", "8"]
    assert (ended.tally.succeeded, ended.tally.invalid, ended.tally.charged) == (4, 4, 4)


def test_a_row_that_fails_when_it_is_made_says_why() -> None:
    harness = ManifestHarness()
    manifest = harness.start(b"name,avatar\nA,https://pictures.test/none.png\nB,\n")
    harness.finish()
    ended = harness.check_ended(manifest)
    assert [row["_status"] for row in harness.results(ended)] == ["failed", "succeeded"]
    (bad,) = harness.report(ended)
    assert (bad["row"], "fetched" in bad["error"]) == ("1", True)
    assert ended.tally.charged == 1


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty"),
        (b"\n \n", "empty"),
        (b"name\n", "empty"),
        (b"\xff\xfen\0a\0", "encoding"),
        (b"name,name\nA,B\n", "header"),
        (b"name,price\nA,B\n", "header"),
        (b"name,\nA,B\n", "header"),
        (b"\xe9\nA\n", "encoding"),
        (b"na\0me\nA\n", "header"),
        (b'"name\nA\n', "header"),
    ],
)
def test_a_file_that_cannot_be_read_fails_and_says_why(data: bytes, code: str) -> None:
    harness = ManifestHarness()
    manifest = harness.start(data)
    harness.finish()
    ended = harness.check_ended(manifest, ManifestStatus.FAILED)
    assert ended.code == code
    assert harness.report(ended)[0]["error"] == ended.reason
    assert not harness.memory.jobs


# ------------------------------------------------------------------ twice, at once, out of order


def test_a_message_of_another_turn_does_nothing() -> None:
    harness = ManifestHarness()
    manifest = harness.start(names(3))
    (first,) = harness.take_turns()
    harness.turn(first)
    harness.calls.made.clear()
    harness.turn(first)
    assert harness.calls.made == ["manifests.get"]
    harness.finish()
    harness.check_ended(manifest)


def test_of_two_workers_on_one_manifest_one_goes_on() -> None:
    """The second worker does a whole turn while the first one is in the middle of its own."""
    for call in range(1, 16):
        harness = ManifestHarness()
        manifest = harness.start(names(60))
        (first,) = harness.take_turns()
        _second_at(harness, first, call)
        harness.turn(first)
        harness.finish()
        ended = harness.check_ended(manifest)
        assert ended.tally.charged == 60
        assert len(harness.memory.jobs) == 3


def _second_at(harness: ManifestHarness, message: ManifestMessage, call: int) -> None:
    """Have another worker do the message's turn just before the first one's ``call``-th call."""
    around, calls = harness.calls.around, [0]

    def counted(name: str, deed: object) -> object:
        calls[0] += 1
        if calls[0] == call:
            harness.turn(message)
        return around(name, deed)  # type: ignore[arg-type]

    harness.calls.around = counted  # type: ignore[method-assign, assignment]


# ------------------------------------------------------------------ dying


def _run_dying(data: bytes, model: str | None, die_at: int, *, after_effect: bool) -> bool:
    """Work a manifest off, dying once at the ``die_at``-th call; whether there was such a call.

    The message of a worker that died comes back; what it had not sent yet is housekeeping's.
    """
    harness = ManifestHarness()
    manifest = harness.start(data, model)
    harness.calls.made.clear()
    harness.calls.die_at, harness.calls.die_after_effect = die_at, after_effect
    died = False
    for _ in range(200):
        harness.work_jobs()
        messages = harness.take_turns()
        with harness.calls.unwatched():
            harness.housekeep(timedelta(0) if messages else timedelta(minutes=16))
        if harness.manifest(manifest).terminal:
            break
        for one in messages:
            try:
                harness.turn(one)
            except Crash:
                died, harness.calls.die_at = True, None
                harness.turn(one)
    ended = harness.check_ended(manifest)
    made = len(harness.memory.rendered) if model is None else len(harness.memory.assets)
    assert made == ended.tally.charged == ended.tally.succeeded
    return died


@pytest.mark.parametrize("after_effect", [True, False])
@pytest.mark.parametrize("model", [None, "forge-image"])
def test_a_worker_that_dies_at_any_call_loses_and_repeats_no_row(
    model: str | None, after_effect: bool
) -> None:
    rows = names(60) if model is None else b"prompt\n" + b"".join(f"kite {n}\n".encode() for n in range(30))
    data = rows + (b"ragged,row,here\n" if model is None else b"")
    calls = 1
    while _run_dying(data, model, calls, after_effect=after_effect):
        calls += 1
    assert calls > 15


@settings(max_examples=6, deadline=None)
@given(st.integers(1_001, 2_100), st.integers(1, 60), st.booleans())
def test_so_it_is_with_several_segments(count: int, die_at: int, after_effect: bool) -> None:
    _run_dying(names(count), None, die_at, after_effect=after_effect)


# ------------------------------------------------------------------ credits


def test_each_segment_holds_its_own_price_and_the_rest_waits_for_credits() -> None:
    harness = ManifestHarness(credits=1_500)
    manifest = harness.start(names(2_500))
    harness.turns()
    parked = harness.manifest(manifest)
    assert (parked.status, parked.code, parked.position.rows) == (
        ManifestStatus.PARKED,
        "insufficient_credits",
        1_000,
    )
    assert (harness.wallet.held, harness.wallet.available) == (1_000, 500)
    harness.finish()
    assert harness.manifest(parked).tally.succeeded == 1_000
    assert harness.manifest(parked).status is ManifestStatus.PARKED

    harness.grant(1_000)
    harness.finish()
    assert harness.check_ended(manifest).tally.charged == 2_500


def test_credits_that_nobody_told_of_are_found_by_housekeeping() -> None:
    harness = ManifestHarness(credits=5)
    manifest = harness.start(names(10))
    harness.finish()
    grant = replace(harness.core.grant_credits_by_hand, granted=lambda _: None)
    grant(harness.owner.workspace_id, 100)
    assert not harness.manifest_queue.sent
    harness.housekeep()
    harness.finish()
    harness.check_ended(manifest)


def test_a_manifest_that_waits_for_a_day_expires_and_reports_the_rest() -> None:
    harness = ManifestHarness(credits=1_020)
    manifest = harness.start(names(1_050))
    harness.finish()
    for _ in range(100):
        harness.housekeep(timedelta(minutes=15))
        harness.finish()
    ended = harness.check_ended(manifest, ManifestStatus.EXPIRED)
    assert (ended.tally.succeeded, ended.tally.skipped) == (1_000, 50)
    assert len(harness.report(ended)) == 50
    assert harness.wallet.available == 20


def test_a_used_up_allowance_parks_too() -> None:
    harness = ManifestHarness(plan="trial")  # fifty images
    manifest = harness.start(b"prompt\n" + b"kite\n" * 60, "forge-image")
    harness.finish()
    assert harness.manifest(manifest).code == "feature_quota_exceeded"


def test_parked_manifests_are_not_looked_at_again_and_again() -> None:
    harness = ManifestHarness(credits=0)
    harness.start(names(3))
    harness.turns()
    assert not harness.manifest_queue.sent
    assert not harness.memory.jobs


# ------------------------------------------------------------------ the file


@pytest.mark.parametrize("overwritten", [True, False])
def test_a_file_that_changes_midway_ends_it_there(overwritten: bool) -> None:
    harness = ManifestHarness(credits=1_000)
    manifest = harness.start(names(2_000))
    harness.finish()
    if overwritten:
        harness.manifest_files.put(manifest.source, names(3_000))
    else:
        harness.blobs.delete(manifest.source)
    harness.grant(5_000)
    harness.finish()
    ended = harness.check_ended(manifest, ManifestStatus.FAILED)
    assert (ended.code, ended.tally.succeeded) == ("source_changed", 1_000)
    assert harness.report(ended) == [{"row": "1001", "column": "", "error": ended.reason}]


def test_a_template_that_changed_is_rendered_as_it_was() -> None:
    harness = ManifestHarness(credits=1_000)
    manifest = harness.start(names(1_010))
    harness.save_template()
    harness.grant(10)
    harness.finish()
    harness.check_ended(manifest)
    assert {rendered.version for rendered in harness.memory.rendered.values()} == {1}


# ------------------------------------------------------------------ a turn's bounds


def test_a_turn_without_time_goes_on_in_the_next_at_once() -> None:
    harness = ManifestHarness()
    manifest = harness.start(names(3_000))
    times = iter([True, True, False, False, False])
    (first,) = harness.take_turns()
    harness.core.advance_manifest(first, lambda: next(times, False))
    assert 1_000 <= harness.manifest(manifest).position.rows < 3_000
    assert [it.delay_seconds for it in harness.manifest_queue.sent] == [0]
    harness.finish()
    harness.check_ended(manifest)


def test_no_more_segments_are_under_way_than_the_window() -> None:
    harness = ManifestHarness()
    manifest = harness.start(names(12_000))
    harness.turns(3)
    assert harness.manifest(manifest).position.rows == 10_000
    assert len(harness.memory.jobs) == 400


def test_a_manifest_that_is_waited_for_is_looked_at_less_and_less_often() -> None:
    harness = ManifestHarness()
    harness.start(names(3))
    delays = []
    for _ in range(40):
        harness.turns()
        delays += [it.delay_seconds for it in harness.manifest_queue.sent]
        harness.clock.advance(timedelta(seconds=20))
    assert delays[0] == 2
    assert delays == sorted(delays)
    assert delays[-1] == 30


def test_a_queue_that_is_busy_costs_nothing_but_time() -> None:
    harness = ManifestHarness()
    manifest = harness.start(names(3))
    messages = harness.take_turns()
    harness.manifest_queue.busy = harness.queues.busy = True
    harness.turn(messages[0])
    harness.manifest_queue.busy = harness.queues.busy = False
    assert not harness.manifest_queue.sent
    harness.housekeep()
    harness.finish()
    harness.check_ended(manifest)


def test_a_stack_without_an_engine_parks() -> None:
    harness = ManifestHarness()
    harness.core.settings = harness.core.settings.__class__(sandbox_fallback=False)
    harness.core.__dict__.pop("advance_manifest", None)
    manifest = harness.start(b"prompt\nkite\n", "forge-image")
    harness.turns()
    assert harness.manifest(manifest).code == "no_engine"


def test_what_the_store_cannot_do_now_comes_back() -> None:
    harness = ManifestHarness()
    manifest = harness.start(names(3))
    (first,) = harness.take_turns()

    def busy(*_: object) -> None:
        raise Unavailable("busy")

    commit = harness.store.commit
    harness.store.commit = busy  # type: ignore[method-assign]
    with pytest.raises(Unavailable):
        harness.turn(first)
    harness.store.commit = commit  # type: ignore[method-assign]
    harness.turn(first)
    harness.finish()
    harness.check_ended(manifest)


def test_a_parked_manifest_goes_on_by_itself_while_its_jobs_are_under_way() -> None:
    """Even if nobody tells it of new credits: it looks whenever it looks at its jobs, and stores nothing for that."""
    harness = ManifestHarness(credits=1_000)
    manifest = harness.start(names(1_010))
    harness.turns()
    harness.calls.made.clear()
    harness.turns()
    assert harness.manifest(manifest).status is ManifestStatus.PARKED
    assert "blobs.put" not in harness.calls.made
    grant = replace(harness.core.grant_credits_by_hand, granted=lambda _: None)
    grant(harness.owner.workspace_id, 10)
    harness.turns()
    assert harness.manifest(manifest).read_to_end
    harness.finish()
    harness.check_ended(manifest)


def test_a_manifest_spends_of_its_keys_budget_and_waits_when_that_is_used_up() -> None:
    harness = ManifestHarness()
    key_id = harness.caller().key.id
    budget = KeyBudget(key_id, 1_500)
    harness.store.commit(SetBudgets(harness.owner, key_id, (budget,)))
    manifest = harness.start(names(2_000))
    harness.finish()
    parked = harness.manifest(manifest)
    assert (parked.status, parked.code, parked.tally.succeeded) == (
        ManifestStatus.PARKED,
        "insufficient_credits",
        1_000,
    )
    assert parked.reason is not None
    assert parked.reason.startswith(f"The daily budget of the API key {key_id} is 1500 credits")
    used = harness.memory.spending[harness.owner, key_id].used
    assert set(used.values()) == {1_000}
    assert {job.budgets for job in harness.memory.jobs.values()} == {(key_id,)}
