"""What an operator wants to know of payments."""

from __future__ import annotations

from enum import StrEnum


class BillingMetric(StrEnum):
    """Metrics of payments."""

    PURCHASE_PAID = "PurchasePaid"
    RELOADED = "CreditsReloaded"
    RELOAD_DECLINED = "ReloadDeclined"
    PAYMENT_REVERSED = "PaymentReversed"  # by a refund or a dispute
    UNKNOWN_PAYMENT = "UnknownPayment"  # of the same account at the provider, but for nothing of ours
    PAYMENT_MISMATCH = "PaymentMismatch"  # another amount or currency than the pack's: nothing was granted
