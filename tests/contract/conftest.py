"""The two sides of every contract: the fakes, and the real adapters on moto."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import boto3
import pytest
from moto import mock_aws

from darkroom.adapters.dynamodb.accounts import DynamoAccounts
from darkroom.adapters.dynamodb.assets import DynamoAssets
from darkroom.adapters.dynamodb.books import DynamoBookReader
from darkroom.adapters.dynamodb.brand_kits import DynamoBrandKits
from darkroom.adapters.dynamodb.endpoints import DynamoEndpoints
from darkroom.adapters.dynamodb.files import DynamoFiles
from darkroom.adapters.dynamodb.fonts import DynamoFonts
from darkroom.adapters.dynamodb.jobs import DynamoJobs
from darkroom.adapters.dynamodb.keys import Tables
from darkroom.adapters.dynamodb.purchases import DynamoPurchases
from darkroom.adapters.dynamodb.renders import DynamoRenders
from darkroom.adapters.dynamodb.slides import DynamoSlides
from darkroom.adapters.dynamodb.store import DynamoStore
from darkroom.adapters.dynamodb.templates import DynamoTemplates
from darkroom.adapters.dynamodb.usage import DynamoUsage
from darkroom.ports.accounts import Accounts
from darkroom.ports.billing import Purchases
from darkroom.ports.brands import BrandKits
from darkroom.ports.carousels import Slides
from darkroom.ports.files import Files
from darkroom.ports.fonts import Fonts
from darkroom.ports.jobs import Assets, Jobs
from darkroom.ports.reconcile import BookReader
from darkroom.ports.renders import Renders, Templates
from darkroom.ports.storage import Store
from darkroom.ports.usage import Usage
from darkroom.ports.webhooks import Endpoints
from tests.contract.tables import create_tables
from tests.fakes import (
    FakeAccounts,
    FakeAssets,
    FakeBrandKits,
    FakeEndpoints,
    FakeFiles,
    FakeFonts,
    FakeJobs,
    FakeRenders,
    FakeStore,
    FakeTemplates,
    FakeUsage,
    Memory,
)
from tests.fakes.books import FakeBookReader
from tests.fakes.payments import FakePurchases
from tests.fakes.slides import FakeSlides

REGION = "eu-central-1"


@dataclass(frozen=True)
class Ports:
    """A store and its readers."""

    store: Store
    accounts: Accounts
    jobs: Jobs
    assets: Assets
    files: Files
    fonts: Fonts
    endpoints: Endpoints
    templates: Templates
    renders: Renders
    brand_kits: BrandKits
    slides: Slides
    usage: Usage
    purchases: Purchases
    books: BookReader


@pytest.fixture(scope="session")
def aws() -> Iterator[Any]:
    """Makes clients of an AWS in memory."""
    with pytest.MonkeyPatch.context() as patch, mock_aws():
        patch.setenv("AWS_ACCESS_KEY_ID", "testing")
        patch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
        patch.setenv("AWS_DEFAULT_REGION", REGION)
        yield boto3.client


@pytest.fixture(scope="session")
def dynamodb(aws: Any) -> Any:
    return aws("dynamodb")


@pytest.fixture
def tables(dynamodb: Any) -> Tables:
    return create_tables(dynamodb)


@pytest.fixture
def dynamo_ports(dynamodb: Any, tables: Tables) -> Ports:
    return Ports(
        DynamoStore(dynamodb, tables),
        DynamoAccounts(dynamodb, tables.accounts, assets=tables.assets),
        DynamoJobs(dynamodb, tables.jobs),
        DynamoAssets(dynamodb, tables.assets),
        DynamoFiles(dynamodb, tables.assets),
        DynamoFonts(dynamodb, tables.assets),
        DynamoEndpoints(dynamodb, tables.webhooks),
        DynamoTemplates(dynamodb, tables.assets),
        DynamoRenders(dynamodb, tables.assets),
        DynamoBrandKits(dynamodb, tables.assets),
        DynamoSlides(dynamodb, tables.assets),
        DynamoUsage(dynamodb, tables.usage),
        DynamoPurchases(dynamodb, tables.accounts),
        DynamoBookReader(dynamodb, tables),
    )


@pytest.fixture
def fake_ports() -> Ports:
    memory = Memory()
    return Ports(
        FakeStore(memory),
        FakeAccounts(memory),
        FakeJobs(memory),
        FakeAssets(memory),
        FakeFiles(memory),
        FakeFonts(memory),
        FakeEndpoints(memory),
        FakeTemplates(memory),
        FakeRenders(memory),
        FakeBrandKits(memory),
        FakeSlides(memory),
        FakeUsage(memory),
        FakePurchases(memory),
        FakeBookReader(memory),
    )


@pytest.fixture(params=["fake", "dynamo"])
def ports(request: pytest.FixtureRequest) -> Ports:
    made: Ports = request.getfixturevalue(f"{request.param}_ports")
    return made
