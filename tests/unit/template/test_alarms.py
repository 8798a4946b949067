"""What is watched: every queue, every function, and metrics that there are."""

from __future__ import annotations

import re

import pytest

from darkroom.services.billing.metrics import BillingMetric
from darkroom.services.jobs.metrics import Metric as JobMetric
from darkroom.services.reconcile.metrics import Metric as ReconcileMetric
from darkroom.services.vendors.metrics import Metric
from tests.unit.template.source import read, resources
from tools.paths import ROOT

ALARMS = "infra/alarms.yaml"


def watched(metric: str) -> set[str]:
    """The parameters a metric's alarms watch."""
    return {
        alarm["Dimensions"][0]["Value"]["Ref"]
        for alarm in resources("AWS::CloudWatch::Alarm", ALARMS).values()
        if alarm["MetricName"] == metric and alarm["Namespace"] != "AWS/ApiGateway"
    }


def test_every_function_is_watched() -> None:
    assert watched("Errors") == set(resources("AWS::Serverless::Function"))


def test_every_queue_is_watched() -> None:
    queues = set(resources("AWS::SQS::Queue"))
    parked = {name for name in queues if name.endswith("DeadLetters")}
    assert watched("ApproximateNumberOfMessagesVisible") == parked
    # A tick that waits is no harm; that none come any more shows in what is stuck.
    assert watched("ApproximateAgeOfOldestMessage") == queues - parked - {"HousekeepingQueue"}


def test_metrics_of_our_own_that_are_watched_are_counted_by_the_function_that_is_watched() -> None:
    alarms = resources("AWS::CloudWatch::Alarm", ALARMS).values()
    ours = [alarm for alarm in alarms if alarm["Namespace"] == "Darkroom"]
    assert {alarm["MetricName"] for alarm in ours} <= {*Metric, *JobMetric, *BillingMetric, *ReconcileMetric}
    metered = {
        variables["POWERTOOLS_SERVICE_NAME"]
        for function in resources("AWS::Serverless::Function").values()
        if "POWERTOOLS_METRICS_NAMESPACE" in (variables := function["Environment"]["Variables"])
    }
    for alarm in ours:
        ((dimension, service),) = ((one["Name"], one["Value"]) for one in alarm["Dimensions"])
        assert dimension == "service"
        assert service in metered


def test_that_housekeeping_is_not_heard_of_is_an_alarm() -> None:
    alarm = resources("AWS::CloudWatch::Alarm", ALARMS)["HousekeepingRoundAlarm"]
    assert (alarm["TreatMissingData"], alarm["ComparisonOperator"]) == ("breaching", "LessThanThreshold")


def test_the_alarms_are_given_what_they_ask_for() -> None:
    given = resources("AWS::CloudFormation::Stack")["Alarms"]["Parameters"]
    assert set(given) == set(read(ALARMS)["Parameters"])


def test_a_stack_without_the_sandbox_has_no_alarms_for_it() -> None:
    alarms = read(ALARMS)["Resources"]
    conditional = {name for name, alarm in alarms.items() if alarm.get("Condition") == "HasSandbox"}
    assert conditional == {
        name for name in alarms if re.match("(Sandbox|Video|WorkerSandbox)", name) and name.endswith("Alarm")
    }


@pytest.mark.parametrize("name", re.findall(r'MetricName=\\?"(\w+)', (ROOT / ALARMS).read_text()))
def test_the_dashboard_shows_metrics_that_are_counted(name: str) -> None:
    assert name in set(Metric)
