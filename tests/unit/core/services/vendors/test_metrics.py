"""Metrics have names of their own, which dashboards, alarms and the operator's page share."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from darkroom.domain.jobs.engine_failures import EngineError, RouteFailed
from darkroom.domain.vendors.vendor_limits import Deferred
from darkroom.services.billing.metrics import BillingMetric
from darkroom.services.jobs.metrics import Metric as JobMetric
from darkroom.services.reconcile.metrics import Metric as ReconciliationMetric
from darkroom.services.vendors.metrics import FAILURES, Metric, failure_metric
from tests.unit.template.source import resources
from tools.paths import ROOT


def failures(kind: type[EngineError]) -> Iterator[type[EngineError]]:
    yield kind
    for inherited in kind.__subclasses__():
        yield from failures(inherited)


# The product's own. A task that is only waiting for its turn is no failure; nobody raises that class itself.
KINDS = [
    kind for kind in failures(EngineError) if kind.__module__.startswith("darkroom.") and kind is not Deferred
]


@pytest.mark.parametrize("kind", KINDS)
def test_every_failure_has_a_metric_and_a_name_of_its_own(kind: type[EngineError]) -> None:
    assert kind in FAILURES
    assert "name" in vars(kind)


def test_no_two_failures_share_a_metric_or_a_name() -> None:
    assert len(set(FAILURES.values())) == len(FAILURES)
    assert len({kind.name for kind in KINDS}) == len(KINDS)


def test_a_failure_without_a_metric_counts_as_what_it_inherits_from() -> None:
    class Peculiar(RouteFailed):
        pass

    assert failure_metric(Peculiar("no")) is Metric.ROUTE_FAILED


def test_the_dashboard_and_the_alarms_watch_metrics_there_are() -> None:
    template = (ROOT / "infra/alarms.yaml").read_text()
    alarms = resources("AWS::CloudWatch::Alarm", "infra/alarms.yaml").values()
    ours = [alarm["MetricName"] for alarm in alarms if alarm["Namespace"] == "Darkroom"]
    shown = re.findall(r'\{Darkroom,[\w,]*\} MetricName=\\?"(\w+)', template)
    assert {"AccountTrouble", "AnyBreakerOpened"} <= set(ours)
    assert {"VendorStarts", "VendorUnavailable"} <= set(shown)
    assert {*ours, *shown} <= {*Metric, *JobMetric, *BillingMetric, *ReconciliationMetric}


def test_the_operators_page_lists_every_metric() -> None:
    page = (ROOT / "docs/vendors.md").read_text()
    table = page[page.index("| Metric |") : page.index("\n\n", page.index("| Metric |"))]
    assert set(re.findall(r"`(\w+)`", table)) == set(Metric)
