"""Clocks, ids and secrets."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from darkroom.adapters.aws_errors import AwsRefused
from darkroom.adapters.secrets import SECRET_KEPT, Secret
from darkroom.adapters.system import SystemClock, SystemIds
from darkroom.domain.errors import InvalidParam
from darkroom.domain.ids import is_uuid
from darkroom.ports.system import Clock, Ids
from tests.contract.calls import counted
from tests.fakes import FakeClock, FakeFetcher, FakeIds


@pytest.mark.parametrize("make", [FakeIds, SystemIds])
def test_later_ids_sort_after_earlier_ones(make: Callable[[], Ids]) -> None:
    ids = make()
    made = [ids.new() for _ in range(5000)]
    assert made == sorted(set(made))
    assert all(is_uuid(text) for text in made)
    assert {uuid.UUID(text).version for text in made} == {7}
    assert {uuid.UUID(text).variant for text in made} == {uuid.RFC_4122}


@pytest.mark.parametrize("make", [FakeIds, SystemIds])
def test_secrets_are_32_bytes_and_never_the_same(make: Callable[[], Ids]) -> None:
    ids = make()
    secrets = [ids.secret() for _ in range(100)]
    assert {len(secret) for secret in secrets} == {32}
    assert len(set(secrets)) == 100
    assert all(0 <= ids.fraction() < 1 for _ in range(100))


@pytest.mark.parametrize("make", [FakeClock, SystemClock])
def test_clocks_tell_utc(make: Callable[[], Clock]) -> None:
    assert make().now().utcoffset() == timedelta(0)


def test_ids_are_distinct_over_threads() -> None:
    ids = SystemIds()
    with ThreadPoolExecutor(8) as pool:
        made = [
            text for some in pool.map(lambda _: [ids.new() for _ in range(500)], range(8)) for text in some
        ]
    assert len(set(made)) == 4000


def test_an_id_carries_its_time() -> None:
    before = time.time_ns() // 1_000_000
    milliseconds = uuid.UUID(SystemIds().new()).int >> 80
    assert before <= milliseconds <= time.time_ns() // 1_000_000


def test_ids_keep_rising_when_the_clock_steps_back(monkeypatch: pytest.MonkeyPatch) -> None:
    ids = SystemIds()
    earlier = ids.new()
    monkeypatch.setattr(time, "time_ns", lambda: 1_000_000_000_000_000)
    assert ids.new() > earlier


def test_ids_keep_rising_when_a_milliseconds_counter_is_used_up(monkeypatch: pytest.MonkeyPatch) -> None:
    ids = SystemIds()
    now = time.time_ns()
    monkeypatch.setattr(time, "time_ns", lambda: now)
    earlier = ids.new()
    ids._counter = (1 << 42) - 1
    later = ids.new()
    assert later > earlier
    assert uuid.UUID(later).int >> 80 == (uuid.UUID(earlier).int >> 80) + 1


def test_the_fake_clock_goes_where_it_is_sent() -> None:
    clock = FakeClock(datetime(2026, 1, 1, tzinfo=UTC))
    assert clock.advance(1.5) == clock.now() == datetime(2026, 1, 1, 0, 0, 1, 500_000, UTC)
    clock.set(datetime(2030, 1, 1, tzinfo=UTC))
    clock.advance(timedelta(days=1))
    assert clock.now() == datetime(2030, 1, 2, tzinfo=UTC)


def test_the_fake_fetcher_answers_what_it_was_given() -> None:
    fetcher = FakeFetcher({"https://example.com/a.png": b"12345"})
    assert fetcher.fetch("https://example.com/a.png", max_bytes=5) == b"12345"
    for url, most in (("https://example.com/a.png", 4), ("https://example.com/b.png", 99)):
        with pytest.raises(InvalidParam):
            fetcher.fetch(url, max_bytes=most)


def test_a_secret_is_read_once_for_minutes_and_not_before_it_is_needed(aws: Any) -> None:
    client, clock = aws("secretsmanager"), FakeClock()
    arn = client.create_secret(Name="master-test", SecretString="s3cret")["ARN"]
    with counted(client) as calls:
        secret = Secret(client, arn, clock)
        assert calls == {}
        assert secret.text == secret.text == "s3cret"
        clock.advance(SECRET_KEPT - timedelta(seconds=1))
        assert secret.text == "s3cret"
    assert calls == {"GetSecretValue": 1}
    client.put_secret_value(SecretId=arn, SecretString="another")
    clock.advance(1)
    assert secret.text == "another"


def test_a_missing_secret_is_a_mistake_of_ours(aws: Any) -> None:
    with pytest.raises(AwsRefused):
        _ = Secret(aws("secretsmanager"), "no-such-secret", FakeClock()).text
