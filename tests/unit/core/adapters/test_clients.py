"""Clients made without boto3 are the clients boto3 makes."""

from __future__ import annotations

from typing import Any

import boto3
import pytest

from darkroom.adapters import clients
from darkroom.adapters.s3 import client_config
from tools import endpoints

FUNCTION_SECONDS = 29

REGIONS = (
    "us-east-1",
    "eu-central-1",
    "ap-southeast-7",
    "cn-north-1",
    "us-gov-west-1",
    "eusc-de-east-1",
    "xx-new-1",
)


@pytest.fixture(autouse=True)
def _credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "id")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")


def _requests(client: Any, service: str) -> tuple[str, str, str]:
    meta = client.meta
    url = (
        client.generate_presigned_url("get_object", {"Bucket": "bucket", "Key": "key"}).partition("?")[0]
        if service == "s3"
        else meta.endpoint_url
    )
    return url, meta.region_name, client._request_signer.signature_version


@pytest.mark.parametrize("region", REGIONS)
@pytest.mark.parametrize("service", clients.SERVICES)
def test_a_client_is_the_one_boto3_makes(service: str, region: str) -> None:
    session = clients.session()
    ours = session.create_client(service, region_name=region)
    theirs = boto3.session.Session().client(service, region_name=region)  # type: ignore[call-overload]
    assert _requests(ours, service) == _requests(theirs, service)


def test_the_table_of_endpoints_is_botocores() -> None:
    """After an upgrade of botocore: `python -m tools.endpoints`."""
    assert clients.ENDPOINTS.read_text() == endpoints.text()


@pytest.mark.parametrize("config", [clients.LEAN, clients.LEAN.merge(client_config())], ids=["any", "s3"])
def test_a_call_that_hangs_ends_before_the_function_does(config: Any) -> None:
    tries = config.retries["total_max_attempts"]
    pauses = sum(2**number for number in range(tries - 1))  # at most, between the tries
    assert tries >= 2
    assert tries * (config.connect_timeout + config.read_timeout) + pauses < FUNCTION_SECONDS
    assert config.parameter_validation is False


def test_what_is_configured_is_what_a_client_has() -> None:
    made = clients.session().create_client(
        "s3", region_name="eu-central-1", config=clients.LEAN.merge(client_config())
    )
    config: Any = made.meta.config
    assert (config.connect_timeout, config.read_timeout) == (2, 10)
    assert config.retries["total_max_attempts"] == 2
