"""An AWS in memory, and what was stored."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from moto import mock_aws

STORED = Path(__file__).parent / "stored"


def stored(name: str) -> Any:
    """One file of what was stored."""
    return json.loads((STORED / f"{name}.json").read_text())


@pytest.fixture(scope="session")
def dynamodb() -> Iterator[Any]:
    with pytest.MonkeyPatch.context() as patch, mock_aws():
        patch.setenv("AWS_ACCESS_KEY_ID", "testing")
        patch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
        patch.setenv("AWS_DEFAULT_REGION", "us-east-1")
        yield boto3.client("dynamodb")
