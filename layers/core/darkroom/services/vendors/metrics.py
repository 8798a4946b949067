"""The names of vendors' metrics: dashboards and alarms know them, so they outlive the names of classes."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from darkroom.domain.jobs.engine_failures import (
    AccountTrouble,
    Blocked,
    EngineError,
    FileGone,
    ModelRetired,
    OutcomeUnknown,
    RateLimitedByVendor,
    Rejected,
    RouteFailed,
    RouteUnusable,
    VendorUnavailable,
)
from darkroom.domain.vendors.vendor_limits import VendorCircuitOpen, VendorLimitReached


class Metric(StrEnum):
    """Every metric of vendors."""

    # By vendor and route; latencies are in milliseconds.
    STARTS = "VendorStarts"
    POLLS = "VendorPolls"
    CALL_LATENCY = "VendorCallLatency"  # also by step
    TASK_FINISHED = "VendorTaskFinished"
    TASK_LATENCY = "VendorTaskLatency"
    WORK_FOUND = "VendorWorkFound"
    ROUTE_SKIPPED = "RouteSkipped"
    BLOCKED = "VendorBlocked"
    REJECTED = "VendorRejected"
    ROUTE_FAILED = "VendorRouteFailed"
    RATE_LIMITED = "VendorRateLimited"
    UNAVAILABLE = "VendorUnavailable"
    FILE_GONE = "VendorFileGone"
    ROUTE_UNUSABLE = "VendorRouteUnusable"
    VENDOR_ACCOUNT_TROUBLE = "VendorAccountTrouble"
    MODEL_RETIRED = "VendorModelRetired"
    OUTCOME_UNKNOWN = "VendorOutcomeUnknown"
    OTHER_FAILURE = "VendorOtherFailure"

    # By vendor.
    LIMIT_REACHED = "VendorLimitReached"
    CIRCUIT_OPEN = "VendorCircuitOpen"
    BREAKER_OPENED = "BreakerOpened"

    # Without dimensions, which is what alarms can watch.
    ACCOUNT_TROUBLE = "AccountTrouble"
    ANY_BREAKER_OPENED = "AnyBreakerOpened"
    MODERATION_FAILED = "ModerationFailed"


FAILURES: Mapping[type[EngineError], Metric] = {
    EngineError: Metric.OTHER_FAILURE,
    Blocked: Metric.BLOCKED,
    Rejected: Metric.REJECTED,
    RouteFailed: Metric.ROUTE_FAILED,
    RateLimitedByVendor: Metric.RATE_LIMITED,
    VendorUnavailable: Metric.UNAVAILABLE,
    FileGone: Metric.FILE_GONE,
    RouteUnusable: Metric.ROUTE_UNUSABLE,
    AccountTrouble: Metric.VENDOR_ACCOUNT_TROUBLE,
    ModelRetired: Metric.MODEL_RETIRED,
    OutcomeUnknown: Metric.OUTCOME_UNKNOWN,
    VendorLimitReached: Metric.LIMIT_REACHED,
    VendorCircuitOpen: Metric.CIRCUIT_OPEN,
}


def failure_metric(error: EngineError) -> Metric:
    """The metric that counts a failure; a class without one counts as its base class does."""
    return next(FAILURES[kind] for kind in type(error).__mro__ if kind in FAILURES)
