"""Vendors' limits: one row each, which every worker sees at once.

Most tasks get in by one conditional update that never reads. Only where that is refused (the gate is full, or its
breaker open) the row, which comes back with the refusal, is looked at: slots whose end has passed are given up, and
whoever comes first after an open breaker's time tries the vendor.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from darkroom.adapters.dynamodb import keys
from darkroom.adapters.dynamodb.expressions import Placeholders, all_of, update
from darkroom.adapters.dynamodb.gateway import PATIENCE, ConditionFailed, Gateway, Patience
from darkroom.adapters.dynamodb.marshal import Image, from_image, to_epoch, to_image
from darkroom.adapters.dynamodb.writes.vendors import LEASE, OWN, breaker, limit_from_row, released
from darkroom.domain.vendors import vendor_limits as rules
from darkroom.domain.vendors.vendor_limits import VendorLimit, VendorLimitReached
from darkroom.domain.writes import ReleaseVendorSlots

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from mypy_boto3_dynamodb import DynamoDBClient

_RACES = 4


class DynamoVendorLimits:
    """Gates in the accounts table."""

    def __init__(self, client: DynamoDBClient, table: str, patience: Patience = PATIENCE) -> None:
        self._gateway = Gateway(client, patience)
        self._table = table

    def enter(
        self,
        vendor: str,
        task_id: str,
        *,
        limit: int,
        now: datetime,
        until: datetime,
        workspace_id: str = "",
    ) -> bool:
        x = Placeholders()
        slots = x.path("slots")
        no_breaker = f"attribute_not_exists({x.path('open_until')})"
        has_room = (
            f"(attribute_not_exists({slots}) OR size({slots}) < {x.value(limit)} "
            f"OR contains({slots}, {x.value(task_id)}))"
        )
        added, has_share = [f"{slots} {x.value({task_id})}"], ""
        if workspace_id:
            own = x.path(OWN + workspace_id)
            added.append(f"{own} {x.value({task_id})}")
            has_share = (
                f"(attribute_not_exists({own}) OR size({own}) < {x.value(rules.share_of(limit))} "
                f"OR contains({slots}, {x.value(task_id)}))"
            )
        inside = update(set_=[f"{x.path(LEASE + task_id)} = {x.value(to_epoch(until))}"], add=added)
        old = self._try(vendor, inside, all_of(no_breaker, has_room, has_share), x)
        for _ in range(_RACES):
            if old is None:
                return False
            seen = _gate(old)
            entered = rules.enter(seen, task_id, limit=limit, now=now, until=until, workspace_id=workspace_id)
            old = self._replace(vendor, seen, entered.vendor_limit)
            if old is None:
                return entered.probe
        raise VendorLimitReached("too many want in at once", code="full")

    def leave(self, vendor: str, task_id: str, *, workspace_id: str = "") -> None:
        self._change(vendor, *released(ReleaseVendorSlots(vendor, (task_id,), workspace_id=workspace_id)))

    def recovered(self, vendor: str) -> None:
        x = Placeholders()
        self._change(vendor, update(remove=breaker(x)), x)

    def failed(
        self,
        vendor: str,
        task_id: str,
        *,
        now: datetime,
        probe: bool = False,
        retry_after: int = 0,
        workspace_id: str = "",
    ) -> bool:
        x = Placeholders()
        counted = update(
            add=[f"{x.path('failures')} {x.value(1)}"],
            remove=[x.path(LEASE + task_id)],
        )
        gone = f"DELETE {x.path('slots')} {x.value({task_id})}"
        gone += f", {x.path(OWN + workspace_id)} {x.value({task_id})}" if workspace_id else ""
        seen = _gate(self._change(vendor, f"{counted} {gone}", x))
        after = rules.failed(seen, now, probe=probe, retry_after=retry_after)
        return after != seen and self._replace(vendor, seen, after) is None

    def _replace(self, vendor: str, seen: VendorLimit, after: VendorLimit) -> Image | None:
        """Write what differs, if the slots and the breaker are as they were seen; else answer the row as it is."""
        x = Placeholders()
        slots, open_until = x.path("slots"), x.path("open_until")
        same_slots = (
            f"{slots} = {x.value(set(seen.slots))}" if seen.slots else f"attribute_not_exists({slots})"
        )
        same_breaker = (
            f"{open_until} = {x.value(to_epoch(seen.open_until))}"
            if seen.open_until
            else f"attribute_not_exists({open_until})"
        )
        sets = [f"{x.path('openings')} = {x.value(after.openings)}"]
        sets += [f"{open_until} = {x.value(to_epoch(after.open_until))}"] if after.open_until else []
        sets += [f"{slots} = {x.value(set(after.slots))}"] if after.slots else []
        sets += [
            f"{x.path(LEASE + one)} = {x.value(to_epoch(end))}"
            for one, end in after.slots.items()
            if seen.slots.get(one) != end
        ]
        sets += [
            f"{x.path(OWN + workspace)} = {x.value(set(tasks))}"
            for workspace, tasks in after.own.items()
            if seen.own.get(workspace) != tasks
        ]
        gone = [x.path(LEASE + one) for one in seen.slots if one not in after.slots]
        gone += [] if after.slots else [slots]
        return self._try(vendor, update(set_=sets, remove=gone), all_of(same_slots, same_breaker), x)

    def _try(self, vendor: str, what: str, condition: str, x: Placeholders) -> Image | None:
        try:
            self._update(
                vendor,
                what,
                x,
                ConditionExpression=condition,
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
            )
        except ConditionFailed as failed:
            return failed.olds[0] or {}
        return None

    def _change(self, vendor: str, what: str, x: Placeholders) -> Image:
        answer: Image = self._update(vendor, what, x, ReturnValues="ALL_NEW").get("Attributes", {})
        return answer

    def _update(self, vendor: str, what: str, x: Placeholders, **more: Any) -> Mapping[str, Any]:
        return self._gateway.run(
            "update_item",
            TableName=self._table,
            Key=to_image(keys.vendor_limit(vendor)),
            UpdateExpression=what,
            **more,
            **x.used(),
        )


def _gate(image: Image) -> VendorLimit:
    return limit_from_row(from_image(image))
