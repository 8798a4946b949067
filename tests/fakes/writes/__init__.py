"""What every write does to the memory, as its docstring states it. Importing the package registers them all."""

from tests.fakes.writes import (
    accounts,
    billing,
    brands,
    carousels,
    files,
    idempotency,
    jobs,
    manifests,
    reconcile,
    renders,
    usage,
    vendors,
    webhooks,
)
from tests.fakes.writes.registry import EFFECTS, Effect

__all__ = [
    "EFFECTS",
    "Effect",
    "accounts",
    "billing",
    "brands",
    "carousels",
    "files",
    "idempotency",
    "jobs",
    "manifests",
    "reconcile",
    "renders",
    "usage",
    "vendors",
    "webhooks",
]
