"""Charging a payment method that a buyer left with the provider."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

NO_PAYMENT_METHOD = "no_payment_method"


class ChargeOutcome(StrEnum):
    """The money is in, is on its way, or will not come."""

    PAID = "paid"
    PENDING = "pending"
    DECLINED = "declined"


@dataclass(frozen=True, slots=True)
class Charge:
    """How a charge went: ``payment_id`` is the provider's id of it, ``reason`` its word for why not."""

    outcome: ChargeOutcome
    payment_id: str = ""
    reason: str = ""
