"""The tables as `template.yaml` describes them, made by hand where there is no CloudFormation."""

from __future__ import annotations

import uuid
from typing import Any

from darkroom.adapters.dynamodb.keys import Tables

_LIST = ("gsi1pk", "gsi1sk", "S")

INDEXES: dict[str, dict[str, tuple[str, str, str]]] = {
    "accounts": {"by_time": ("pk", "at", "S")},
    "jobs": {
        "by_workspace": _LIST,
        "by_key": ("gsi2pk", "gsi2sk", "S"),
        "open": ("open_shard", "check_at", "N"),
    },
    "assets": {"by_collection": _LIST, "by_time": ("gsi1pk", "created_at", "S")},
    "webhooks": {"by_endpoint": _LIST, "due": ("due_shard", "due_at", "N")},
    "usage": {},
}

KEYS_ONLY = frozenset({"by_key"})


def create_tables(client: Any) -> Tables:
    """Fresh tables."""
    suffix = uuid.uuid4().hex[:8]
    tables = Tables(**{kind: f"{kind}-{suffix}" for kind in INDEXES})
    for kind, indexes in INDEXES.items():
        client.create_table(**_definition(getattr(tables, kind), indexes))
    return tables


def _definition(name: str, indexes: dict[str, tuple[str, str, str]]) -> dict[str, Any]:
    attributes = {"pk": "S", "sk": "S"}
    for partition, sort, sort_type in indexes.values():
        attributes |= {partition: "S", sort: sort_type}
    definition: dict[str, Any] = {
        "TableName": name,
        "BillingMode": "PAY_PER_REQUEST",
        "KeySchema": _key_schema("pk", "sk"),
        "AttributeDefinitions": [
            {"AttributeName": attribute, "AttributeType": kind} for attribute, kind in attributes.items()
        ],
    }
    if indexes:
        definition["GlobalSecondaryIndexes"] = [
            {
                "IndexName": index,
                "KeySchema": _key_schema(partition, sort),
                "Projection": {"ProjectionType": "KEYS_ONLY" if index in KEYS_ONLY else "ALL"},
            }
            for index, (partition, sort, _) in indexes.items()
        ]
    return definition


def _key_schema(partition: str, sort: str) -> list[dict[str, str]]:
    return [
        {"AttributeName": partition, "KeyType": "HASH"},
        {"AttributeName": sort, "KeyType": "RANGE"},
    ]
