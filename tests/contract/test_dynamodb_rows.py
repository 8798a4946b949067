"""How rows look: what indexes, streams, time to live and DynamoDB's own rules rest on."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from darkroom.adapters.dynamodb import keys
from darkroom.adapters.dynamodb.keys import Tables
from darkroom.adapters.dynamodb.marshal import from_epoch, from_image, to_epoch, to_image
from darkroom.adapters.dynamodb.rows import (
    code_row,
    delivery_row,
    endpoint_from_image,
    endpoint_row,
    job_from_image,
    job_row,
    key_row,
    remembered_row,
)
from darkroom.adapters.dynamodb.store import part_of
from darkroom.adapters.dynamodb.writes.registry import SPELLINGS, spelling_of
from darkroom.domain import writes
from darkroom.domain.accounts.budgets import Budget
from darkroom.domain.accounts.key_budgets import KeyBudget
from darkroom.domain.accounts.rate_limits import MinuteCount, RatePolicy, RateWindow
from darkroom.domain.accounts.workspaces import Feature
from darkroom.domain.billing.expiring import ExpiringGrant, ExpiringGrants
from darkroom.domain.billing.ledger import grant_entry
from darkroom.domain.billing.packs import AutoReload
from darkroom.domain.billing.reloads import ReloadState
from darkroom.domain.files.file import CleanMedia, FileStatus, Rejection, UnusableFile
from darkroom.domain.jobs import transitions
from darkroom.domain.jobs.assets import Asset, copy_key, storage_key
from darkroom.domain.paging import Due
from darkroom.domain.reconcile.books import Reconciliation
from darkroom.domain.renders.rendered import Rendered
from darkroom.domain.serialization import from_document
from darkroom.domain.usage.measures import measures
from darkroom.domain.usage.places import KeyUsage, OfferUsage, WorkspaceUsage
from darkroom.domain.writes import IdempotencyRecord, StoredResponse, Write
from tests.contract.conftest import Ports
from tests.contract.examples import (
    MINUTE,
    NOW,
    OWNER,
    STRANGER,
    account_event,
    api_key,
    asset,
    brand_kit,
    delivery,
    endpoint,
    file,
    font,
    job,
    manifest,
    one_time_code,
    plan,
    purchase,
    template,
    usage_fact,
    workspace,
)
from tests.fakes.writes import EFFECTS

TABLES = Tables("accounts", "jobs", "assets", "webhooks", "usage")
WINDOW = RateWindow.at(RatePolicy("write", 5), NOW.timestamp())
EXPIRING = ExpiringGrants(OWNER, (ExpiringGrant("c", NOW + MINUTE, 5),)).to_store(NOW)
RECORD = IdempotencyRecord(OWNER, "order-1", "abc", StoredResponse(201, "{}"), NOW)

EVERY_WRITE: tuple[Write, ...] = (
    writes.CreateWorkspace(workspace()),
    writes.CreateKey(api_key()),
    writes.ClaimIdentity("email", "a@example.com", OWNER.workspace_id),
    writes.RevokeKey(OWNER, "k", NOW),
    writes.ChangeKeys(OWNER.workspace_id, 0),
    writes.CountBudget("192.0.2.1", Budget("sign-up", 3), NOW),
    writes.CountBudget("192.0.2.1", Budget("nothing", 0), NOW),
    writes.ForgetKey(OWNER, "k"),
    writes.SetBudgets(OWNER, "k", (KeyBudget("k", 5, None),)),
    writes.SetBudgets(OWNER, "k", ()),
    writes.CountSpending(OWNER, KeyBudget("k", 5, 50), 3, NOW),
    writes.CountSpending(OWNER, KeyBudget("k", 5), 9, NOW),
    writes.ReturnSpending(OWNER, "k", 3, NOW.date()),
    writes.GrantCredits(OWNER, 1),
    writes.HoldCredits(OWNER, 1, Feature.IMAGES, 1, NOW.date(), 5, ((Feature.VIDEO, NOW.date()),)),
    writes.HoldCredits(OWNER, 1, Feature.IMAGES, 9, NOW.date(), 5),
    writes.SettleCredits(OWNER, 1, 0, Feature.IMAGES, NOW.date(), 1),
    writes.SettleCredits(OWNER, 1, 1, Feature.IMAGES, NOW.date(), 0),
    writes.SettleCredits(OWNER, 1, 0, Feature.IMAGES, NOW.date(), 1, writes.CountedRefund(1, NOW.date(), 5)),
    writes.SettleCredits(OWNER, 9, 0, Feature.IMAGES, NOW.date(), 0, writes.CountedRefund(9, NOW.date(), 5)),
    writes.ChargeLateWork(job(), 3, NOW),
    writes.SpendCredits(OWNER, 1, Feature.IMAGES, 1, NOW.date(), 5),
    writes.SpendCredits(OWNER, 1, Feature.IMAGES, 9, NOW.date(), 5),
    writes.RefundCredits(OWNER, 1, NOW.date(), 5, (NOW.date() - timedelta(days=1),)),
    writes.RefundCredits(OWNER, 9, NOW.date(), 5),
    writes.ReverseCredits(OWNER, 1),
    writes.ReinstateCredits(OWNER, 1),
    writes.ExpireCredits(OWNER, 1),
    writes.MoveCredits(OWNER, 0, -5, before=1, shards=2, rows=2),
    writes.MoveCredits(OWNER, 1, 5, before=1, shards=2, rows=2, new=True, watched=True),
    writes.SaveSpread(OWNER, 2),
    writes.HoldCredits(OWNER, 1, Feature.IMAGES, 1, NOW.date(), 5, shard=1, shards=2),
    writes.RefundCredits(OWNER, 1, NOW.date(), None, shard=1),
    writes.SaveExpiringGrants(EXPIRING),
    writes.SaveExpiringGrants(EXPIRING.to_store(NOW)),
    writes.AppendEntry(grant_entry(OWNER, "x", 1, NOW)),
    writes.CreateJob(job()),
    writes.AdvanceJob(job(), transitions.task_succeeded(job(), 0, asset(), NOW)),
    writes.AdvanceJob(job(), transitions.canceled(job(), NOW)),
    writes.AdvanceJob(transitions.task_succeeded(job(), 0, asset(), NOW), job()),
    writes.AdvanceJob(job(), job()),
    writes.DeleteJob(transitions.canceled(job(), NOW), NOW),
    writes.DeleteJob(transitions.canceled(job(), NOW), NOW, 3),
    writes.SavePlan(plan()),
    writes.PointAtSlide(OWNER, "s", "j", NOW),
    writes.SaveAsset(asset()),
    writes.JoinFamily(asset(parent_id="p", root_id="r")),
    writes.DeleteAsset(asset(), NOW),
    writes.CreateFile(file()),
    writes.SettleFile(file()),
    writes.DeleteFile(OWNER, "f", FileStatus.READY),
    writes.TakeUploadPlace(OWNER, "p", 1, 2),
    writes.CountStoredFile(OWNER, frozenset({"p"}), -1),
    writes.CountStoredFile(OWNER, bytes=1),
    writes.SaveFont(font()),
    writes.UseFont(OWNER, "f", "t"),
    writes.ReleaseFont(OWNER, "f", "t"),
    writes.DeleteFont(OWNER, "f"),
    writes.SaveManifest(manifest()),
    writes.SaveManifest(manifest(version=2)),
    writes.SaveRender(Rendered(OWNER, "t", 2, "k", "h", "img/t/h.png", 9, 1, NOW)),
    writes.SaveTemplate(template()),
    writes.CountTemplate(OWNER, 5),
    writes.UncountTemplate(OWNER),
    writes.SaveTemplate(template(version=2)),
    writes.RetireTemplate(template(), NOW),
    writes.DeleteTemplate(OWNER, "t", 3),
    writes.SaveBrandKit(brand_kit()),
    writes.SaveBrandKit(brand_kit(version=2)),
    writes.DeleteBrandKit(OWNER, "k"),
    writes.SetDefaultBrandKit(OWNER, "k"),
    writes.SaveIdempotencyRecord(RECORD, NOW),
    writes.ReplaceResponse(OWNER, "k", "f", writes.StoredResponse(200, "{}")),
    writes.CountRequest(OWNER, "k", WINDOW),
    writes.CountRequest(OWNER, "k", replace(WINDOW, previous=MinuteCount(99))),
    writes.CountVisit("192.0.2.1", WINDOW),
    writes.CountVisit("192.0.2.1", replace(WINDOW, previous=MinuteCount(99))),
    writes.SaveOneTimePassword(one_time_code()),
    writes.SaveOneTimePassword(one_time_code(2), replaces="c"),
    writes.UseOneTimePassword("ada@example.com", "c", 1),
    writes.SetAutoReload(OWNER, AutoReload(50, "pack_100")),
    writes.SetAutoReload(OWNER, None),
    writes.SavePurchase(purchase()),
    writes.SavePurchase(purchase(version=2)),
    writes.SetCustomer(OWNER, "cus_1"),
    writes.SaveReloadState(ReloadState(OWNER).crossed()),
    writes.SaveReloadState(ReloadState(OWNER).crossed().begun("p", 900, NOW)),
    writes.WatchWallet(OWNER, on=True),
    writes.WatchWallet(OWNER, on=False),
    writes.SaveEndpoint(endpoint()),
    writes.SaveEndpoint(endpoint(version=2)),
    writes.NoteHealth(OWNER, "e", NOW),
    writes.NoteHealth(OWNER, "e", None),
    writes.DisableEndpoint(OWNER, "e", "why", NOW),
    writes.DeleteEndpoint(OWNER, "e"),
    writes.RecordEvent(account_event()),
    writes.SaveDelivery(delivery()),
    writes.SaveDelivery(delivery(version=2)),
    writes.SaveReconciliation(Reconciliation("r", NOW, NOW)),
    writes.NoteUsage(usage_fact()),
    writes.AddUsage(KeyUsage(OWNER, NOW.date(), "k", "memes.image", "fal"), measures({"latency.inf": 2})),
    writes.AddUsage(OfferUsage(True, NOW.date(), "memes.image", "fal", 3), measures({"jobs": 1})),
    writes.AddUsage(WorkspaceUsage(OWNER, NOW.date()), measures({"credits": 1, "refunded": 1})),
    writes.ReleaseVendorSlots("fal", ("t-1", "t-2")),
    writes.TakeSlots("bulk#w", ("t-1", "t-2"), 4, NOW),
    writes.ReleaseVendorSlots("fal", ("t-1",), healthy=True),
)


def test_every_write_there_is_can_be_spelled() -> None:
    known = {one for one in vars(writes).values() if isinstance(one, type) and issubclass(one, Write)} - {
        Write
    }
    assert all(spelling_of(kind) for kind in known)
    assert known == set(SPELLINGS) == set(EFFECTS)
    assert known == {type(write) for write in EVERY_WRITE}


@pytest.mark.parametrize("write", EVERY_WRITE, ids=lambda write: type(write).__name__)
def test_what_can_be_refused_says_what_stands_in_its_way(write: Write) -> None:
    conditional = "ConditionExpression" in part_of(write, TABLES).request
    assert conditional == (spelling_of(type(write)).current is not None)


@pytest.mark.parametrize("write", EVERY_WRITE, ids=lambda write: type(write).__name__)
def test_every_placeholder_is_explained_and_every_explanation_used(write: Write) -> None:
    request = part_of(write, TABLES).request
    text = f"{request.get('UpdateExpression', '')} {request.get('ConditionExpression', '')}"
    used = set(re.findall(r"[#:]\w+", text))
    explained = {
        *request.get("ExpressionAttributeNames", ()),
        *request.get("ExpressionAttributeValues", ()),
    }
    assert used == explained
    names = list(request.get("ExpressionAttributeNames", {}).values())
    assert len(names) == len(set(names))


@pytest.mark.parametrize("write", EVERY_WRITE, ids=lambda write: type(write).__name__)
def test_every_condition_asks_for_what_stands_in_its_way(write: Write) -> None:
    request = part_of(write, TABLES).request
    assert ("ConditionExpression" in request) == ("ReturnValuesOnConditionCheckFailure" in request)


def test_a_streams_image_is_a_job(dynamodb: Any, tables: Tables, dynamo_ports: Ports) -> None:
    ended = transitions.canceled(job(), NOW)
    dynamo_ports.store.commit(writes.CreateJob(job()))
    dynamo_ports.store.commit(writes.AdvanceJob(job(), ended))
    image = dynamodb.get_item(TableName=tables.jobs, Key=to_image(keys.job(OWNER, job().id)))["Item"]
    assert job_from_image(image) == ended
    assert (image["entity"], image["status"]) == ({"S": "job"}, {"S": "canceled"})


def test_a_streams_image_is_an_endpoint() -> None:
    image = to_image(endpoint_row(endpoint()))
    assert endpoint_from_image(image) == endpoint()
    assert image["entity"] == {"S": "endpoint"}
    assert to_image(delivery_row(delivery()))["entity"] == {"S": "delivery"}


def test_only_open_jobs_carry_a_shard(dynamodb: Any, tables: Tables, dynamo_ports: Ports) -> None:
    assert job_row(job())["open_shard"] in keys.SHARDS
    assert "open_shard" not in job_row(transitions.canceled(job(), NOW))
    dynamo_ports.store.commit(writes.CreateJob(job()))
    dynamo_ports.store.commit(writes.AdvanceJob(job(), transitions.canceled(job(), NOW)))
    image = dynamodb.get_item(TableName=tables.jobs, Key=to_image(keys.job(OWNER, job().id)))["Item"]
    assert "open_shard" not in image
    assert {"N"} == set(image["check_at"])


def test_jobs_spread_over_all_shards() -> None:
    assert {job_row(job(number))["open_shard"] for number in range(100)} == set(keys.SHARDS)


def test_a_job_keeps_its_tasks_as_a_map_and_its_finished_ones_as_a_set() -> None:
    fresh = job_row(job(tasks=3))
    assert set(fresh["tasks"]) == {"0", "1", "2"}
    assert "finished" not in fresh
    half = to_image(job_row(transitions.task_succeeded(job(tasks=3), 2, asset(), NOW)))
    assert half["finished"] == {"NS": ["2"]}


def test_time_to_live_is_in_whole_seconds_and_never_early() -> None:
    soon = RECORD.expires_at.timestamp()
    assert soon <= remembered_row(RECORD)["expires_at"] < soon + 1
    month = (NOW + timedelta(days=30)).timestamp()
    assert month <= delivery_row(delivery(created_at=NOW))["expires_at"] < month + 1


def test_a_code_is_kept_for_as_long_as_its_sends_count() -> None:
    hour_later = (one_time_code().sends[-1] + timedelta(hours=1)).timestamp()
    assert hour_later <= code_row(one_time_code())["expires_at"] < hour_later + 1
    assert isinstance(code_row(one_time_code())["until"], str)


def test_an_expired_key_is_never_deleted() -> None:
    assert isinstance(key_row(api_key(expires_at=NOW))["expires_at"], str)


def test_a_rate_counter_outlives_the_window_it_counts_in() -> None:
    part = part_of(writes.CountRequest(OWNER, "k", WINDOW), TABLES)
    kept = max(int(value["N"]) for value in part.request["ExpressionAttributeValues"].values())
    assert kept == (WINDOW.minute + 1) * 60 + 300
    assert part.request["Key"]["sk"] == {"S": f"write#{WINDOW.minute}"}


def test_deliveries_sort_by_time_whatever_their_microseconds() -> None:
    moments = [NOW.replace(microsecond=n) for n in (0, 1, 10, 500_000, 999_999)] + [NOW + MINUTE]
    positions = [keys.delivery_position(moment, "f") for moment in moments]
    assert positions == sorted(positions)
    assert len({len(position) for position in positions}) == 1


# ------------------------------------------------------------------ marshal

MOMENTS = st.datetimes(datetime(1971, 1, 1), datetime(2100, 1, 1)).map(lambda at: at.replace(tzinfo=UTC))  # noqa: DTZ001


@given(MOMENTS)
@settings(database=None)
def test_moments_survive_to_the_microsecond(at: datetime) -> None:
    assert from_epoch(from_image(to_image({"at": to_epoch(at)}))["at"]) == at


VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**37), 10**37)
    | st.floats(-1e15, 1e15).filter(lambda number: number == 0 or abs(number) > 1e-100)
    | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(st.text(min_size=1), VALUES, max_size=4))
@settings(database=None)
def test_values_survive(row: dict[str, Any]) -> None:
    assert from_image(to_image(row)) == row


def test_numbers_come_back_as_python_means_them() -> None:
    back = from_image({"n": {"N": "3"}, "x": {"N": "0.5"}, "big": {"N": "1E+2"}, "s": {"NS": ["1", "2"]}})
    assert back == {"n": 3, "x": 0.5, "big": 100, "s": {1, 2}}
    assert [type(back[name]) for name in ("n", "x", "big")] == [int, float, int]


@pytest.mark.parametrize(("text", "stored"), [("\ud800", "�"), ("a\udfffb", "a�b"), ("\ud83d\ude00", "😀")])
def test_half_characters_do_not_stop_a_write(text: str, stored: str) -> None:
    assert to_image({"text": text}) == {"text": {"S": stored}}


def test_the_row_of_a_copy_is_forgotten_with_its_file() -> None:
    def row(key: str) -> dict[str, Any]:
        return from_image(part_of(writes.SaveAsset(asset(storage_key=key)), TABLES).request["Item"])

    copy = row(copy_key(OWNER, "a", "image/png", date(2026, 11, 30)))
    assert from_epoch(copy["expires_at"]) == datetime(2026, 12, 1, tzinfo=UTC)
    assert from_document(Asset, copy).id == asset().id
    assert "expires_at" not in row(storage_key(OWNER, "uploads", "a", "image/png"))


def test_a_files_row_is_forgotten_unless_it_is_ready() -> None:
    def row(kind: Any, settled: Any) -> dict[str, Any]:
        return from_image(part_of(kind(settled), TABLES).request["Item"])

    pending = row(writes.CreateFile, file())
    assert (pending["entity"], pending["status"], pending["gsi1sk"]) == ("file", "pending", file().id)
    assert from_epoch(pending["expires_at"]) > NOW + timedelta(days=7)
    damaged = UnusableFile(Rejection.DAMAGED, "is damaged")
    rejected = row(writes.SettleFile, file().rejected(damaged, NOW))
    assert from_epoch(rejected["expires_at"]) > NOW + timedelta(days=29)
    ready = row(writes.SettleFile, file().ready(CleanMedia(b"1", "image/png", 1, 1), NOW))
    assert ready["status"] == "ready"
    assert "expires_at" not in ready


_DUE_BY = ("pk", "sk", "check_at", "due_at", "at")


@pytest.mark.parametrize("kind", ["job", "delivery", "grants"])
def test_a_due_row_of_another_version_hides_no_other_and_can_be_set_aside(
    dynamo_ports: Ports, dynamodb: Any, tables: Tables, kind: str
) -> None:
    ports = dynamo_ports
    if kind == "job":
        port: Any = ports.jobs
        table, foreign = tables.jobs, job_row(job(1, check_at=NOW - MINUTE))
        ports.store.commit(writes.CreateJob(job(2, check_at=NOW)))
    elif kind == "grants":
        port = ports.accounts
        foreign = keys.expiring_grants(STRANGER) | {"at": (NOW - MINUTE).isoformat()}
        table = tables.accounts
        ports.store.commit(writes.SaveExpiringGrants(replace(EXPIRING, at=NOW)))
    else:
        port = ports.endpoints
        table, foreign = tables.webhooks, delivery_row(delivery(1, next_attempt_at=NOW - MINUTE))
        ports.store.commit(writes.SaveDelivery(delivery(2, next_attempt_at=NOW)))
    index = {name: foreign[name] for name in (*_DUE_BY, "open_shard", "due_shard") if name in foreign}
    dynamodb.put_item(TableName=table, Item=to_image({**index, "entity": "something new"}))
    find = port.due_to_expire if kind == "grants" else port.due
    due = find(NOW, 10)
    assert len(due.items) == 1
    (row,) = due.unreadable
    assert (row.pk, row.sk) == (foreign["pk"], foreign["sk"])
    port.set_aside(row, NOW + MINUTE)
    assert find(NOW, 10) == Due(due.items)
    assert find(NOW + MINUTE, 10) == due
    dynamodb.delete_item(TableName=table, Key=to_image({"pk": row.pk, "sk": row.sk}))
    port.set_aside(row, NOW + MINUTE)
    assert find(NOW + MINUTE, 10) == Due(due.items)
