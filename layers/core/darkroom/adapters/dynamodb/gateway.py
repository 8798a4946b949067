"""One call to DynamoDB: collisions are tried again, failed conditions distinguished, all else translated.

botocore repeats throttled and broken calls itself; what it does not repeat is a write that met another
transaction on the same row.
"""

from __future__ import annotations

import random
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError

from darkroom.adapters.aws_errors import BUSY, error_code, translated
from darkroom.domain.errors import Unavailable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from mypy_boto3_dynamodb import DynamoDBClient

    from darkroom.adapters.dynamodb.marshal import Image

_COLLISIONS = frozenset({"TransactionConflictException", "TransactionInProgressException"})
_COLLISION_REASONS = frozenset({"TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded"})


@dataclass(frozen=True, slots=True)
class Patience:
    """How long to keep trying: full jitter under a doubling bound, about a second in all."""

    tries: int = 8
    first_seconds: float = 0.02
    most_seconds: float = 0.5
    sleep: Callable[[float], None] = time.sleep
    fraction: Callable[[], float] = random.random

    def pauses(self) -> Iterator[float]:
        """The pauses between the tries."""
        for number in range(self.tries - 1):
            yield self.fraction() * min(self.first_seconds * 2**number, self.most_seconds)


PATIENCE = Patience()


class ConditionFailed(Exception):
    """Nothing was written. ``olds`` maps the place of each refused part to what stood there, if anything."""

    def __init__(self, olds: Mapping[int, Image | None]) -> None:
        super().__init__("condition failed")
        self.olds = olds


class _Collided(Exception):
    """Another transaction was on the same row."""


class Gateway:
    """Makes calls of one client."""

    def __init__(self, client: DynamoDBClient, patience: Patience) -> None:
        self._client = client
        self._patience = patience

    def run(self, operation: str, /, **request: Any) -> dict[str, Any]:
        """Make a call, ``put_item`` or any other of the client.

        Raises
        ------
        ConditionFailed, Unavailable, AwsRefused
        """
        for pause in self._patience.pauses():
            try:
                return self._attempt(operation, request)
            except _Collided:
                self._patience.sleep(pause)
        try:
            return self._attempt(operation, request)
        except _Collided as error:
            raise Unavailable(BUSY) from error

    def get(self, table: str, key: Mapping[str, Any]) -> Image | None:
        """One row as it is now."""
        return self.run("get_item", TableName=table, Key=key, ConsistentRead=True).get("Item")

    def get_many(self, table: str, keys: Sequence[Mapping[str, Any]]) -> list[Image]:
        """The rows that exist of up to a hundred, as they are now, in no order; normally one call."""
        return self.get_across({table: keys})[table]

    def get_across(self, keys: Mapping[str, Sequence[Mapping[str, Any]]]) -> dict[str, list[Image]]:
        """The same over several tables, by table; none may be asked for nothing."""
        requested: dict[str, Any] = {
            table: {"Keys": some, "ConsistentRead": True} for table, some in keys.items()
        }
        images: dict[str, list[Image]] = {table: [] for table in keys}
        for pause in (*self._patience.pauses(), None):
            answer = self.run("batch_get_item", RequestItems=requested)
            for table, rows in answer["Responses"].items():
                images[table] += rows
            requested = answer.get("UnprocessedKeys") or {}
            if not requested:
                return images
            if pause is not None:
                self._patience.sleep(pause)
        raise Unavailable(BUSY)

    def _attempt(self, operation: str, request: Mapping[str, Any]) -> dict[str, Any]:
        try:
            # The one untyped step: requests are built as plain data.
            answer: dict[str, Any] = getattr(self._client, operation)(**request)
        except ClientError as error:
            raise _told_apart(error) from error
        except BotoCoreError as error:
            raise translated(error) from error
        return answer


def _told_apart(error: ClientError) -> Exception:
    response: Mapping[str, Any] = error.response
    code = error_code(error)
    if code == "ConditionalCheckFailedException":
        return ConditionFailed({0: response.get("Item")})
    if code in _COLLISIONS:
        return _Collided()
    if code == "TransactionCanceledException":
        return _canceled(response.get("CancellationReasons", ())) or translated(error)
    return translated(error)


def _canceled(reasons: list[Mapping[str, Any]]) -> Exception | None:
    codes = [reason.get("Code") for reason in reasons]
    olds = {
        place: reasons[place].get("Item")
        for place, code in enumerate(codes)
        if code == "ConditionalCheckFailed"
    }
    if olds:
        return ConditionFailed(olds)
    return _Collided() if _COLLISION_REASONS.intersection(filter(None, codes)) else None
