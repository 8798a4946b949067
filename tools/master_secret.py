"""`python -m tools.master_secret STACK add | end | show`: rotates a stack's master secret.

`add` gives the secret a version more. It signs from a quarter of an hour later, when every function has read it; what
earlier versions signed stays good. `end` takes the oldest version away, and with it what only that had signed. STACK
is a stack on AWS, reached with the caller's own credentials and region, or `local`, the one of `make up`.
"""

import argparse
import secrets
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import urljoin

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from darkroom.adapters.dynamodb.rows import ENDPOINT, endpoint_from_image
from darkroom.domain.master_secret import (
    oldest_version,
    read_master_secret,
    with_new_version,
    without_oldest_version,
)
from darkroom.domain.webhooks.endpoints import Endpoint
from local.emulator import deploy
from local.emulator.clients import Clients
from local.emulator.info import StackInfo
from tools.errors import LocalError
from tools.paths import LOCAL
from tools.report import complain, say

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_secretsmanager import SecretsManagerClient

ON_THIS_MACHINE = "local"
_SECRET_BYTES = 32


@dataclass(frozen=True, slots=True)
class Rotation:
    """One stack's master secret, and the table of the endpoints whose signing secrets are derived from it."""

    client: "SecretsManagerClient"
    secret_id: str
    dynamodb: "DynamoDBClient"
    webhooks: str

    def show(self, now: datetime) -> str:
        """Which versions are accepted, and which one signs."""
        master = read_master_secret(self._read(), now)
        return f"versions accepted: {', '.join(map(str, sorted(master.versions)))}; {master.current} signs"

    def add(self, now: datetime) -> None:
        """Add a version. Raises ValueError while the one added before does not sign yet."""
        self._write(with_new_version(self._read(), secrets.token_hex(_SECRET_BYTES), now))

    def end(self, now: datetime, *, anyway: bool = False) -> None:
        """End the oldest version. Raises ValueError while something depends on it, unless it is to end anyway."""
        text = self._read()
        after = without_oldest_version(text, now, early=anyway)
        bound = [] if anyway else list(self.endpoints_of(oldest_version(text)))
        if bound:
            told = "\n".join(f"  {one.owner.workspace_id}  {one.id}  {one.url}" for one in bound)
            raise ValueError(f"subscribers' secrets are derived from it; have these rotated first:\n{told}")
        self._write(after)

    def endpoints_of(self, version: int) -> Iterator[Endpoint]:
        """The endpoints whose signing secret is derived from that version."""
        pages = self.dynamodb.get_paginator("scan").paginate(
            TableName=self.webhooks,
            FilterExpression="entity = :endpoint",
            ExpressionAttributeValues={":endpoint": {"S": ENDPOINT}},
        )
        endpoints = (endpoint_from_image(row) for page in pages for row in page["Items"])
        return (endpoint for endpoint in endpoints if endpoint.master_version == version)

    def _read(self) -> str:
        return self.client.get_secret_value(SecretId=self.secret_id)["SecretString"]

    def _write(self, text: str) -> None:
        self.client.put_secret_value(SecretId=self.secret_id, SecretString=text)


def main() -> int:
    """Rotate, or say in one line why not."""
    parser = argparse.ArgumentParser(prog="python -m tools.master_secret", description=__doc__)
    parser.add_argument("stack", help="the CloudFormation stack's name, or `local`")
    parser.add_argument("step", choices=("add", "end", "show"))
    parser.add_argument("--anyway", action="store_true", help="end a version although things depend on it")
    arguments = parser.parse_args()
    now = datetime.now(UTC)
    try:
        rotation = rotation_of(arguments.stack)
        if arguments.step == "add":
            rotation.add(now)
        elif arguments.step == "end":
            rotation.end(now, anyway=arguments.anyway)
        say(rotation.show(now))
    except (ClientError, BotoCoreError, KeyError, LocalError, ValueError) as error:
        complain(f"{arguments.stack}: {error}")
        return 1
    return 0


def rotation_of(stack: str) -> Rotation:
    """The named stack's. Raises LocalError."""
    if stack == ON_THIS_MACHINE:
        clients = Clients(urljoin(StackInfo.read(LOCAL / "stack.json").base_url, "/").rstrip("/"))
        outputs = deploy.outputs(clients)
        return Rotation(
            clients.secrets, outputs["SecretMasterArn"], clients.dynamodb, outputs["TableWebhooks"]
        )
    described = boto3.client("cloudformation").describe_stacks(StackName=stack)["Stacks"][0]
    outputs = {output["OutputKey"]: output["OutputValue"] for output in described.get("Outputs", [])}
    secrets_manager, dynamodb = boto3.client("secretsmanager"), boto3.client("dynamodb")
    return Rotation(secrets_manager, outputs["SecretMasterArn"], dynamodb, outputs["TableWebhooks"])


if __name__ == "__main__":
    sys.exit(main())
