"""Reads of workspaces, keys, wallets and the ledger."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from darkroom.adapters.dynamodb import keys
from darkroom.adapters.dynamodb.expressions import Placeholders
from darkroom.adapters.dynamodb.gateway import PATIENCE, Gateway, Patience
from darkroom.adapters.dynamodb.marshal import Row, from_image, to_image
from darkroom.adapters.dynamodb.prefetch import read, row_key
from darkroom.adapters.dynamodb.queries import (
    DueIndex,
    Partition,
    overdue,
    read_page,
    rows,
    set_aside,
    starting_with,
)
from darkroom.adapters.dynamodb.rows import minute_count, remembered_from_row, wallet_from_row
from darkroom.domain.accounts.admission import Admission
from darkroom.domain.accounts.api_keys import ApiKey, Token
from darkroom.domain.accounts.one_time_passwords import OneTimePassword
from darkroom.domain.accounts.prefetch import Prefetched, PrefetchKey
from darkroom.domain.accounts.rate_limits import WINDOW_SECONDS, RatePolicy, RateWindow
from darkroom.domain.accounts.workspaces import Owner, Workspace
from darkroom.domain.billing.ledger import LedgerEntry, Wallet, whole
from darkroom.domain.billing.packs import AutoReload
from darkroom.domain.paging import Due, Page, PageRequest, RowKey, unknown_cursor
from darkroom.domain.serialization import from_document

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

    from darkroom.adapters.dynamodb.keys import Key
    from darkroom.domain.billing.expiring import ExpiringGrants
    from darkroom.domain.writes import IdempotencyRecord

_WALLETS_KNOWN = 10_000  # busy wallets whose number of rows a process remembers

_EXPIRING = DueIndex(keys.BY_TIME, "pk", "at", spelled=datetime.isoformat)
_EXPIRING_SHARDS = tuple(f"{keys.EXPIRING_PREFIX}{shard}" for shard in keys.SHARDS)

type _Rows = Mapping[tuple[str, str], Row]


class DynamoAccounts:
    """The accounts table; and what a request names of the assets table, which its admission reads along."""

    def __init__(
        self, client: DynamoDBClient, table: str, patience: Patience = PATIENCE, *, assets: str = ""
    ) -> None:
        self._gateway = Gateway(client, patience)
        self._table = table
        self._assets = assets
        self._rows_of_wallets: dict[Owner, int] = {}

    def admit(
        self,
        token: Token,
        policy: RatePolicy,
        now: datetime,
        *,
        idempotency_key: str | None = None,
        prefetch: Sequence[PrefetchKey[Any]] = (),
    ) -> Admission | None:
        # The mode is in the key's record, so what depends on it is asked for in both; that is still one call.
        row_keys = {
            self._table: [
                *_admission_keys(token, policy, now, idempotency_key),
                *(
                    keys.wallet(owner, shard)
                    for owner in _modes(token)
                    for shard in range(self._known(owner))
                ),
            ],
            self._assets: [row_key(key, owner) for key in prefetch for owner in _modes(token)],
        }
        images = self._gateway.get_across(
            {table: [to_image(key) for key in some] for table, some in row_keys.items() if some}
        )
        found = {(row["pk"], row["sk"]): row for some in images.values() for row in map(from_image, some)}

        key_row = _row(found, keys.api_key(token.workspace_id, token.key_id))
        workspace_row = _row(found, keys.workspace(token.workspace_id))
        if not key_row or not workspace_row:
            return None
        key = from_document(ApiKey, key_row)
        return Admission(
            key,
            from_document(Workspace, workspace_row),
            self._wallet(key.owner, found),
            _window(found, token, policy, now),
            _window(found, token, of_all, now) if (of_all := policy.of_workspace()) else None,
            _remembered(found, key.owner, idempotency_key, now),
            Prefetched(
                {one: read(one, row) for one in prefetch if (row := _row(found, row_key(one, key.owner)))}
            ),
        )

    def workspace(self, workspace_id: str) -> Workspace | None:
        image = self._gateway.get(self._table, to_image(keys.workspace(workspace_id)))
        return from_document(Workspace, from_image(image)) if image else None

    def workspace_of(self, provider: str, subject: str) -> str | None:
        image = self._gateway.get(self._table, to_image(keys.identity(provider, subject)))
        return from_image(image)["workspace_id"] if image else None

    def visits(self, subject: str, policy: RatePolicy, now: datetime) -> RateWindow:
        minutes = (_minute(now) - 1, _minute(now))
        row_keys = [keys.visit_rate(subject, policy.name, minute) for minute in minutes]
        images = self._gateway.get_many(self._table, [to_image(key) for key in row_keys])
        found = {row["sk"]: row for row in map(from_image, images)}
        previous, current = (minute_count(found.get(key["sk"], {})) for key in row_keys)
        return RateWindow.at(policy, now.timestamp(), previous=previous, current=current)

    def one_time_code(self, address: str) -> OneTimePassword | None:
        image = self._gateway.get(self._table, to_image(keys.one_time_code(address)))
        return from_document(OneTimePassword, from_image(image)) if image else None

    def auto_reload(self, owner: Owner) -> AutoReload | None:
        row = from_image(self._gateway.get(self._table, to_image(keys.auto_reload(owner))) or {})
        return from_document(AutoReload, row) if "threshold" in row else None

    def wallet(self, owner: Owner) -> Wallet:
        return self._wallet(owner, self._wallet_rows(owner, range(self._known(owner))))

    def spread_wallets(self) -> Mapping[Owner, int]:
        x = Placeholders()
        all_of_them = {"KeyConditionExpression": f"{x.path('pk')} = {x.value(keys.SPREAD)}", **x.used()}
        found = rows(self._gateway, Partition(self._table, keys.SPREAD), all_of_them)
        return {from_document(Owner, row["owner"]): row["shards"] for row in found}

    def _known(self, owner: Owner) -> int:
        """How many rows an owner's wallet is known to have: they never become fewer."""
        return self._rows_of_wallets.get(owner, 1)

    def _wallet(self, owner: Owner, found: _Rows) -> Wallet:
        """A wallet from its rows. One that has more than were read is remembered, and read in one go from then on."""
        known = self._known(owner)
        there = _row(found, keys.wallet(owner)).get("rows", 1)
        if there > known:
            if len(self._rows_of_wallets) >= _WALLETS_KNOWN:
                self._rows_of_wallets.clear()
            self._rows_of_wallets[owner] = there
            # All of them again: of the first one alone nobody knows what has gone to the others meanwhile.
            found = self._wallet_rows(owner, range(there))
        return whole(
            [wallet_from_row(owner, _row(found, keys.wallet(owner, shard))) for shard in range(max(there, 1))]
        )

    def _wallet_rows(self, owner: Owner, shards: range) -> _Rows:
        row_keys = [to_image(keys.wallet(owner, shard)) for shard in shards]
        if len(row_keys) == 1:
            image = self._gateway.get(self._table, row_keys[0])
            images = [image] if image else []
        else:
            images = self._gateway.get_many(self._table, row_keys)
        return {(row["pk"], row["sk"]): row for row in map(from_image, images)}

    def workspace_and_key(self, workspace_id: str, key_id: str) -> tuple[Workspace | None, ApiKey | None]:
        row_keys = (keys.workspace(workspace_id), keys.api_key(workspace_id, key_id))
        images = self._gateway.get_many(self._table, [to_image(key) for key in row_keys])
        rows = {(row["pk"], row["sk"]): row for row in map(from_image, images)}
        workspace, key = (_row(rows, row_key) for row_key in row_keys)
        return (
            from_document(Workspace, workspace) if workspace else None,
            from_document(ApiKey, key) if key else None,
        )

    def keys(self, workspace_id: str) -> Sequence[ApiKey]:
        partition = Partition(self._table, keys.accounts_partition(workspace_id))
        found = starting_with(self._gateway, partition, keys.KEY_PREFIX)
        api_keys = (from_document(ApiKey, row) for row in found)
        return sorted(api_keys, key=lambda key: (key.created_at, key.id))

    def entry(self, owner: Owner, entry_id: str) -> LedgerEntry | None:
        image = self._gateway.get(self._table, to_image(keys.entry(owner, entry_id)))
        return from_document(LedgerEntry, from_image(image)) if image else None

    def expiring_grants(self, owner: Owner) -> ExpiringGrants:
        # Most requests never ask for them, and load no more than they need.
        from darkroom.domain.billing.expiring import ExpiringGrants  # noqa: PLC0415

        image = self._gateway.get(self._table, to_image(keys.expiring_grants(owner)))
        return from_document(ExpiringGrants, from_image(image)) if image else ExpiringGrants(owner)

    def due_to_expire(self, now: datetime, limit: int) -> Due[ExpiringGrants]:
        from darkroom.domain.billing.expiring import ExpiringGrants  # noqa: PLC0415

        decode = partial(from_document, ExpiringGrants)
        return overdue(self._gateway, self._table, _EXPIRING, now, limit, decode, _EXPIRING_SHARDS)

    def set_aside(self, row: RowKey, until: datetime) -> None:
        set_aside(self._gateway, self._table, _EXPIRING, row, until)

    def postpone_expiry(self, owner: Owner, until: datetime) -> None:
        self.set_aside(RowKey(**keys.expiring_grants(owner)), until)

    def entries(self, owner: Owner, page: PageRequest) -> Page[LedgerEntry]:
        partition = Partition(self._table, keys.ledger_partition(owner), keys.BY_TIME, ("pk", "at"))
        last_seen = self._seen(owner, page.after) if page.after is not None else None
        return read_page(self._gateway, partition, page, partial(from_document, LedgerEntry), after=last_seen)

    def _seen(self, owner: Owner, entry_id: str) -> Row:
        image = self._gateway.get(self._table, to_image(keys.entry(owner, entry_id)))
        if image is None:
            raise unknown_cursor()
        return from_image(image)


def _admission_keys(
    token: Token, policy: RatePolicy, now: datetime, idempotency_key: str | None
) -> list[Key]:
    modes, minute = _modes(token), _minute(now)
    return [
        keys.api_key(token.workspace_id, token.key_id),
        keys.workspace(token.workspace_id),
        *(
            keys.rate(token, counted, at)
            for counted in filter(None, (policy, policy.of_workspace()))
            for at in (minute - 1, minute)
        ),
        *(keys.idempotency_record(owner, idempotency_key) for owner in modes if idempotency_key is not None),
    ]


def _window(rows: _Rows, token: Token, policy: RatePolicy, now: datetime) -> RateWindow:
    previous, current = (
        minute_count(_row(rows, keys.rate(token, policy, minute)))
        for minute in (_minute(now) - 1, _minute(now))
    )
    return RateWindow.at(policy, now.timestamp(), previous=previous, current=current)


def _remembered(
    rows: _Rows, owner: Owner, idempotency_key: str | None, now: datetime
) -> IdempotencyRecord | None:
    row = _row(rows, keys.idempotency_record(owner, idempotency_key)) if idempotency_key is not None else None
    record = remembered_from_row(row) if row else None
    return record if record and record.expires_at > now else None


def _modes(token: Token) -> list[Owner]:
    return [Owner(token.workspace_id, livemode) for livemode in (True, False)]


def _row(rows: _Rows, key: Key) -> Mapping[str, Any]:
    return rows.get((key["pk"], key["sk"]), {})


def _minute(now: datetime) -> int:
    return int(now.timestamp() // WINDOW_SECONDS)
