"""Writes as parts of a transaction, one module for each context. Importing the package registers them all."""

from darkroom.adapters.dynamodb.writes import accounts, billing, idempotency, jobs, renders, vendors, webhooks
from darkroom.adapters.dynamodb.writes.registry import SPELLINGS

__all__ = ["SPELLINGS", "accounts", "billing", "idempotency", "jobs", "renders", "vendors", "webhooks"]
