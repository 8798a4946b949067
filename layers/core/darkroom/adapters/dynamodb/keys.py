"""Every key, index and shard of every table. Nothing else spells one.

    accounts   W#<workspace>                           WORKSPACE · KEY#<key>
               IDENTITY#<provider>#<sha-256 of subject>  IDENTITY
               WALLET#<owner>                          WALLET
               WALLET#<owner>#<shard>                  WALLET
               SPREAD                                  <owner>
               LEDGER#<owner>                          <entry>
               by_time: LEDGER#<owner>                 at
               EXPIRING#<shard>                        <owner>
               by_time: EXPIRING#<shard>               at
               RELOAD#<owner>                          RELOAD · STATE
               PURCHASE#<owner>                        <purchase>
               CUSTOMER#<owner>                        CUSTOMER
               EVENT#<owner>                           <event>
               CODE#<sha-256 of address>               CODE
               RATE#<workspace>#<key>                  <policy>#<minute>
               RATE#<workspace>#shared                 <policy>#<minute>
               RATE#visitor#<sha-256 of subject>       <policy>#<minute> · budget#<budget>#<period>
               IDEM#<owner>                            <sha-256 of the idempotency key>
               GATE#<vendor>                           GATE
               SPENDING#<owner>                        <key>
    jobs       JOB#<owner>#<job>                       JOB
               by_workspace: JOBS#<owner>              <job>
               by_key: KEYJOBS#<owner>#<key>#<dialect> <job>
               open: <shard>                           check_at
               MANIFEST#<owner>#<manifest>             MANIFEST
               by_workspace: MANIFESTS#<owner>         <manifest>
               by_key: PARKED#<owner>                  <manifest>
               open: manifests                         check_at
    assets     ASSET#<owner>#<asset>                   ASSET
               FAMILY#<owner>#<root asset>             <created_at>#<asset>
               PLAN#<owner>#<plan>                     PLAN
               SLIDE#<owner>#<slide>                   SLIDE
               TEMPLATE#<owner>#<template>             CURRENT · V#<version>
               TEMPLATES#<owner>                       COUNT
               by_collection: ASSETS#<owner>#<coll.>   <asset>
                              TEMPLATES#<owner>        <template>
               by_time: ASSETS#<owner>#<coll.>         created_at
               RENDERS#<owner>#<template>              <payload key>
               FILE#<owner>#<file>                     FILE
               FILES#<owner>                           USAGE
               by_collection: FILES#<owner>            <file>
               FONTS#<owner>                           <font>
               KIT#<owner>#<kit>                       KIT
               KITS#<owner>                            DEFAULT
               by_collection: KITS#<owner>             <kit>
    webhooks   HOOKS#<owner>                           EP#<endpoint>
               DELIVERIES#<owner>#<endpoint>           D#<delivery>
               by_endpoint: DELIVERIES#…               <created_at>#<delivery>
               due: <shard>                            due_at
    usage      FACT#<owner>#<day>#<part>               <ledger entry>
               USAGE#<owner>                           <day>#<key>#<offer>#<vendor>
               OFFERS#<mode>#<part>                    <day>#<offer>#<vendor>
               WORKSPACES#<mode>#<month>#<part>        <workspace>#<day>
               RECONCILIATION                          LAST

An owner is a workspace in one mode, so somebody else's id is simply not found. A rate counter has no mode,
because a key has only one and the counter is read before it is known.
"""

from __future__ import annotations

import hashlib
import zlib
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from darkroom.domain.accounts.workspaces import Feature, Owner

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from darkroom.domain.accounts.api_keys import Token
    from darkroom.domain.accounts.rate_limits import RatePolicy

type Key = dict[str, str]

BY_WORKSPACE = "by_workspace"
BY_KEY = "by_key"
OPEN = "open"
BY_COLLECTION = "by_collection"
BY_TIME = "by_time"
BY_ENDPOINT = "by_endpoint"
DUE = "due"

KEY_PREFIX = "KEY#"
ENDPOINT_PREFIX = "EP#"
EXPIRING_PREFIX = "EXPIRING#"
SPREAD = "SPREAD"  # the few busy wallets, in one partition

# Few enough to read one after the other, enough that no single one has to take every write.
SHARDS = ("0", "1", "2", "3")

KIT = "KIT"
DEFAULT_KIT = "DEFAULT"
# Manifests are in the index of open jobs under a shard of their own: whoever reads jobs meets none.
MANIFESTS_SHARD = "manifests"

_DELIVERY_PREFIX = "D#"
_COUNTER_PREFIX = "used#"
_REFUNDED_PREFIX = "refunded#"


@dataclass(frozen=True, slots=True)
class Tables:
    """The tables' names."""

    accounts: str
    jobs: str
    assets: str
    webhooks: str
    usage: str = ""


def workspace(workspace_id: str) -> Key:
    return _key(accounts_partition(workspace_id), "WORKSPACE")


def api_key(workspace_id: str, key_id: str) -> Key:
    return _key(accounts_partition(workspace_id), f"{KEY_PREFIX}{key_id}")


def accounts_partition(workspace_id: str) -> str:
    return f"W#{workspace_id}"


def identity(provider: str, subject: str) -> Key:
    # Hashed, because a subject may be as long as its provider likes, and is nobody's business.
    return _key(f"IDENTITY#{provider}#{_digest(subject)}", "IDENTITY")


def wallet(owner: Owner, shard: int = 0) -> Key:
    """The row of a wallet's shard; the first is the only one of a wallet that was never spread."""
    return _key(f"WALLET#{owner.key}#{shard}" if shard else f"WALLET#{owner.key}", "WALLET")


def spread(owner: Owner) -> Key:
    return _key(SPREAD, owner.key)


def wallet_owner(partition: str) -> Owner | None:
    """Whose wallet is in a partition; ``None`` of one that holds something else, or a part of a wallet."""
    match partition.split("#"):
        case ["WALLET", workspace_id, ("live" | "test") as mode]:
            return Owner(workspace_id, mode == "live")
        case _:
            return None


def owner_of_wallet(partition: str) -> Owner:
    """Whose wallet a row of one is in, a part of it too."""
    _, workspace_id, mode, *_ = partition.split("#")
    return Owner(workspace_id, mode == "live")


def entry(owner: Owner, entry_id: str) -> Key:
    return _key(ledger_partition(owner), entry_id)


def ledger_partition(owner: Owner) -> str:
    return f"LEDGER#{owner.key}"


def expiring_grants(owner: Owner) -> Key:
    """Owners are spread over a few partitions, in which `by_time` finds what is due."""
    return _key(f"{EXPIRING_PREFIX}{shard(owner.key)}", owner.key)


def rate(token: Token, policy: RatePolicy, minute: int) -> Key:
    whose = "shared" if policy.shared else token.key_id
    return _key(f"RATE#{token.workspace_id}#{whose}", f"{policy.name}#{minute}")


def visit_rate(subject: str, policy: str, minute: int) -> Key:
    return _key(f"RATE#visitor#{_digest(subject)}", f"{policy}#{minute}")


def budget(subject: str, name: str, period: int) -> Key:
    return _key(f"RATE#visitor#{_digest(subject)}", f"budget#{name}#{period}")


def spending(owner: Owner, key_id: str) -> Key:
    return _key(f"SPENDING#{owner.key}", key_id)


def spending_owner(partition: str) -> Owner:
    """Whose keys' spending is in a partition."""
    _, workspace_id, mode = partition.split("#")
    return Owner(workspace_id, mode == "live")


def one_time_code(address: str) -> Key:
    return _key(f"CODE#{_digest(address)}", "CODE")


def vendor_limit(vendor: str) -> Key:
    return _key(f"GATE#{vendor}", "GATE")


def auto_reload(owner: Owner) -> Key:
    return _key(f"RELOAD#{owner.key}", "RELOAD")


def reload_state(owner: Owner) -> Key:
    return _key(f"RELOAD#{owner.key}", "STATE")


def purchase(owner: Owner, purchase_id: str) -> Key:
    return _key(f"PURCHASE#{owner.key}", purchase_id)


def event(owner: Owner, event_id: str) -> Key:
    return _key(f"EVENT#{owner.key}", event_id)


def customer(owner: Owner) -> Key:
    return _key(f"CUSTOMER#{owner.key}", "CUSTOMER")


def idempotency_record(owner: Owner, idempotency_key: str) -> Key:
    # Hashed, because a caller's key may be longer than a sort key.
    return _key(f"IDEM#{owner.key}", _digest(idempotency_key))


def job(owner: Owner, job_id: str) -> Key:
    return _key(f"JOB#{owner.key}#{job_id}", "JOB")


def jobs_partition(owner: Owner) -> str:
    return f"JOBS#{owner.key}"


def jobs_of_key_partition(owner: Owner, key_id: str, dialect: str) -> str:
    return f"KEYJOBS#{owner.key}#{key_id}#{dialect}"


def manifest(owner: Owner, manifest_id: str) -> Key:
    return _key(f"MANIFEST#{owner.key}#{manifest_id}", "MANIFEST")


def manifests_partition(owner: Owner) -> str:
    return f"MANIFESTS#{owner.key}"


def parked_partition(owner: Owner) -> str:
    """The owner's manifests that wait for credits."""
    return f"PARKED#{owner.key}"


def asset(owner: Owner, asset_id: str) -> Key:
    return _key(f"ASSET#{owner.key}#{asset_id}", "ASSET")


def assets_partition(owner: Owner, collection: str) -> str:
    return f"ASSETS#{owner.key}#{collection}"


def family_partition(owner: Owner, root_id: str) -> str:
    return f"FAMILY#{owner.key}#{root_id}"


def family_member(owner: Owner, root_id: str, created_at: datetime, asset_id: str) -> Key:
    return _key(family_partition(owner, root_id), delivery_position(created_at, asset_id))


def file(owner: Owner, file_id: str) -> Key:
    return _key(f"FILE#{owner.key}#{file_id}", "FILE")


def files_partition(owner: Owner) -> str:
    return f"FILES#{owner.key}"


def file_usage(owner: Owner) -> Key:
    return _key(files_partition(owner), "USAGE")


def font(owner: Owner, font_id: str) -> Key:
    return _key(fonts_partition(owner), font_id)


def fonts_partition(owner: Owner) -> str:
    return f"FONTS#{owner.key}"


def plan(owner: Owner, plan_id: str) -> Key:
    return _key(f"PLAN#{owner.key}#{plan_id}", "PLAN")


def slide(owner: Owner, slide_id: str) -> Key:
    return _key(f"SLIDE#{owner.key}#{slide_id}", "SLIDE")


def rendered(owner: Owner, template_id: str, payload_key: str) -> Key:
    # Without the version, which a request does not know before it is admitted.
    return _key(f"RENDERS#{owner.key}#{template_id}", payload_key)


def template(owner: Owner, template_id: str) -> Key:
    return _key(f"TEMPLATE#{owner.key}#{template_id}", "CURRENT")


def old_template(owner: Owner, template_id: str, version: int) -> Key:
    return _key(f"TEMPLATE#{owner.key}#{template_id}", f"V#{version:08}")


def templates_partition(owner: Owner) -> str:
    return f"TEMPLATES#{owner.key}"


def brand_kit(owner: Owner, kit_id: str) -> Key:
    return _key(f"KIT#{owner.key}#{kit_id}", KIT)


def brand_kits_partition(owner: Owner) -> str:
    return f"KITS#{owner.key}"


def default_brand_kit(owner: Owner) -> Key:
    return _key(brand_kits_partition(owner), DEFAULT_KIT)


def template_count(owner: Owner) -> Key:
    return _key(templates_partition(owner), "COUNT")


def endpoint(owner: Owner, endpoint_id: str) -> Key:
    return _key(endpoints_partition(owner), f"{ENDPOINT_PREFIX}{endpoint_id}")


def endpoints_partition(owner: Owner) -> str:
    return f"HOOKS#{owner.key}"


def delivery(owner: Owner, endpoint_id: str, delivery_id: str) -> Key:
    return _key(deliveries_partition(owner, endpoint_id), f"{_DELIVERY_PREFIX}{delivery_id}")


def delivery_id(sort_key: str) -> str:
    """The id in the sort key of a delivery's row."""
    return sort_key.removeprefix(_DELIVERY_PREFIX)


def last_of_partition(key: Mapping[str, Any]) -> str:
    """The id in the key of a row that has a partition to itself: a job's, an asset's."""
    partition: str = key["pk"]
    return partition.rpartition("#")[2]


def deliveries_partition(owner: Owner, endpoint_id: str) -> str:
    return f"DELIVERIES#{owner.key}#{endpoint_id}"


def delivery_position(created_at: datetime, delivery_id: str = "") -> str:
    """Where a delivery stands in its endpoint's list; without an id, where its instant begins."""
    return f"{created_at.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%fZ}#{delivery_id}"


def usage_fact(owner: Owner, day: date, part: int, entry_id: str) -> Key:
    return _key(usage_facts_partition(owner, day, part), entry_id)


def usage_facts_partition(owner: Owner, day: date, part: int) -> str:
    return f"FACT#{owner.key}#{day}#{part}"


def key_usage(owner: Owner, day: date, key_id: str, offer_id: str, vendor: str) -> Key:
    return _key(key_usage_partition(owner), f"{day}#{key_id}#{offer_id}#{vendor}")


def key_usage_partition(owner: Owner) -> str:
    return f"USAGE#{owner.key}"


def offer_usage(day: date, offer_id: str, vendor: str, part: int, *, livemode: bool) -> Key:
    return _key(offer_usage_partition(part, livemode=livemode), f"{day}#{offer_id}#{vendor}")


def offer_usage_partition(part: int, *, livemode: bool) -> str:
    return f"OFFERS#{_mode(livemode=livemode)}#{part}"


def workspace_usage(owner: Owner, day: date, part: int) -> Key:
    partition = workspace_usage_partition(f"{day:%Y-%m}", part, livemode=owner.livemode)
    return _key(partition, f"{owner.workspace_id}#{day}")


def workspace_usage_partition(month: str, part: int, *, livemode: bool) -> str:
    return f"WORKSPACES#{_mode(livemode=livemode)}#{month}#{part}"


def reconciliation() -> Key:
    return _key("RECONCILIATION", "LAST")


def shard(object_id: str) -> str:
    return SHARDS[zlib.crc32(object_id.encode()) % len(SHARDS)]


def counter(feature: Feature, day: date) -> str:
    """The wallet's attribute that counts a feature's outputs of one day."""
    return f"{_COUNTER_PREFIX}{feature.value}#{day:%Y%m%d}"


def counters(attributes: Iterator[str]) -> Iterator[tuple[str, Feature, date]]:
    """Those of a wallet's attributes that are counters, taken apart."""
    for attribute in attributes:
        if attribute.startswith(_COUNTER_PREFIX):
            feature, day = attribute.removeprefix(_COUNTER_PREFIX).split("#")
            yield attribute, Feature(feature), date.fromisoformat(day)


def refunded_on(day: date) -> str:
    """The wallet's attribute that counts the credits refunded on one day."""
    return f"{_REFUNDED_PREFIX}{day:%Y%m%d}"


def refunds(attributes: Iterator[str]) -> Iterator[tuple[str, date]]:
    """Those of a wallet's attributes that count refunds, with their days."""
    for attribute in attributes:
        if attribute.startswith(_REFUNDED_PREFIX):
            yield attribute, date.fromisoformat(attribute.removeprefix(_REFUNDED_PREFIX))


def _mode(*, livemode: bool) -> str:
    return "live" if livemode else "test"


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _key(partition: str, sort: str) -> Key:
    return {"pk": partition, "sk": sort}
