"""The operator's tool for the master secret."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import boto3
import pytest
from moto import mock_aws

from darkroom.adapters.dynamodb.store import DynamoStore
from darkroom.domain.accounts.workspaces import Owner
from darkroom.domain.master_secret import ANNOUNCED, LONGEST_ADDRESS
from darkroom.domain.webhooks.endpoints import GENERATION_EVENTS, Endpoint
from darkroom.domain.writes import SaveEndpoint
from tests.contract.tables import create_tables
from tools.errors import LocalError
from tools.master_secret import Rotation, rotation_of

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
LATER = NOW + ANNOUNCED + LONGEST_ADDRESS


def endpoint(number: int, master_version: int = 1) -> Endpoint:
    owner = Owner(f"w-{number}", True)
    url = f"https://s{number}.example/"
    return Endpoint(f"e-{number}", owner, url, GENERATION_EVENTS, NOW, master_version=master_version)


@pytest.fixture
def rotation(monkeypatch: pytest.MonkeyPatch) -> Iterator[Rotation]:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "x")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    with mock_aws():
        secrets, dynamodb = boto3.client("secretsmanager"), boto3.client("dynamodb")
        arn = secrets.create_secret(Name=uuid.uuid4().hex, SecretString="m" * 64)["ARN"]
        tables = create_tables(dynamodb)
        store = DynamoStore(dynamodb, tables)
        for one in (endpoint(1), endpoint(2, master_version=2)):
            store.commit(SaveEndpoint(one))
        yield Rotation(secrets, arn, dynamodb, tables.webhooks)


def test_it_says_which_versions_there_are(rotation: Rotation) -> None:
    assert rotation.show(NOW) == "versions accepted: 1; 1 signs"
    rotation.add(NOW)
    assert rotation.show(NOW) == "versions accepted: 1, 2; 1 signs"
    assert rotation.show(NOW + ANNOUNCED) == "versions accepted: 1, 2; 2 signs"


def test_a_version_that_subscribers_depend_on_ends_only_if_it_is_to_end_anyway(rotation: Rotation) -> None:
    rotation.add(NOW)
    assert list(rotation.endpoints_of(1)) == [endpoint(1)]
    with pytest.raises(ValueError, match=r"w-1  e-1  https://s1\.example/$"):
        rotation.end(LATER)
    rotation.end(LATER, anyway=True)
    assert rotation.show(LATER) == "versions accepted: 2; 2 signs"


def test_a_version_ends_once_nothing_depends_on_it(rotation: Rotation) -> None:
    rotation.add(NOW)
    rotation.add(NOW + ANNOUNCED)
    rotation.end(LATER + ANNOUNCED, anyway=True)
    rotation.dynamodb.delete_item(
        TableName=rotation.webhooks,
        Key={name: row[name] for row in rows(rotation) if "w-2" in row["pk"]["S"] for name in ("pk", "sk")},
    )
    with pytest.raises(ValueError, match="are good until"):
        rotation.end(LATER)
    rotation.end(LATER + timedelta(days=1))
    assert rotation.show(LATER) == "versions accepted: 3; 3 signs"


def rows(rotation: Rotation) -> list[dict[str, dict[str, str]]]:
    return rotation.dynamodb.scan(TableName=rotation.webhooks)["Items"]  # type: ignore[return-value]


def test_without_a_stack_on_this_machine_there_is_nothing_to_rotate(
    monkeypatch: pytest.MonkeyPatch, tmp_path: object
) -> None:
    monkeypatch.setattr("tools.master_secret.LOCAL", tmp_path)
    with pytest.raises(LocalError, match="make up"):
        rotation_of("local")
