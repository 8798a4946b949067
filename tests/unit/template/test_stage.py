"""What a developer's machine may do, and a stack on AWS never: loopback addresses, doubles of others' services."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import replace
from typing import Any

import pytest

from darkroom.adapters.fetch import UrlRefused
from darkroom.settings import Settings
from darkroom.wiring import Container
from local.emulator.dialect import translate
from tests.unit.template.source import read, resources

DEPLOYED = ("staging", "production", "", "LOCAL", "local ")
STAGES = read()["Parameters"]["Stage"]["AllowedValues"]
ALLOWING = Settings(
    public_base_url="https://api.test",
    vendors="fal",
    vendor_endpoint='{"fal": "http://localhost:1"}',
    stripe_endpoint="http://localhost:1",
    allow_loopback=True,
)


def holds(condition: Any, parameters: Mapping[str, str]) -> bool:
    """A rule's condition, as CloudFormation evaluates it."""
    ((function, operands),) = condition.items()
    if function == "Fn::Not":
        return not holds(operands[0], parameters)
    assert function == "Fn::Equals"
    left, right = (parameters[one["Ref"]] if isinstance(one, dict) else one for one in operands)
    return bool(left == right)


def refused(template: Mapping[str, Any], **chosen: str) -> list[str]:
    """Why CloudFormation would not deploy the template with these parameters."""
    defaults = {name: str(one.get("Default", "")) for name, one in template["Parameters"].items()}
    parameters = {**defaults, **chosen}
    return [
        assertion["AssertDescription"]
        for rule in template["Rules"].values()
        if "RuleCondition" not in rule or holds(rule["RuleCondition"], parameters)
        for assertion in rule["Assertions"]
        if not holds(assertion["Assert"], parameters)
    ]


def test_a_local_stack_on_aws_is_refused_and_others_are_not() -> None:
    assert [stage for stage in STAGES if refused(read(), Stage=stage)] == ["local"]


def test_what_is_for_the_local_aws_is_refused_elsewhere() -> None:
    for stage in ("staging", "production"):
        assert refused(read(), Stage=stage, AllowLoopback="true")
        assert refused(read(), Stage=stage, VendorEndpoint="http://localhost:1")
        assert refused(read(), Stage=stage, StripeEndpoint="http://localhost:1")


def test_the_local_aws_is_given_the_template_without_that_one_rule() -> None:
    template = deepcopy(dict(read()))
    translate(template)
    assert not refused(template, Stage="local", AllowLoopback="true", VendorEndpoint="http://localhost:1")
    assert refused(template, Stage="production", AllowLoopback="true")
    assert set(read()["Rules"]) - set(template["Rules"]) == {"LocalIsNotOnAws"}


def test_functions_are_told_of_neither_unless_the_stack_is_local() -> None:
    for name, function in resources("AWS::Serverless::Function").items():
        variables = function["Environment"]["Variables"]
        for variable, off in (("ALLOW_LOOPBACK", "false"), ("VENDOR_ENDPOINT", ""), ("STRIPE_ENDPOINT", "")):
            if variable in variables:
                condition, _, otherwise = variables[variable]["Fn::If"]
                assert (condition, otherwise) == ("IsLocal", off), name
                assert variables["STAGE"] == {"Ref": "Stage"}, name


@pytest.mark.parametrize("stage", DEPLOYED)
def test_nothing_else_in_the_environment_opens_them(stage: str) -> None:
    core = Container(replace(ALLOWING, stage=stage))
    assert core._stripe_double == ""
    assert core._doubles == ""
    for url in ("http://localhost:1/x", "http://127.0.0.1/x", "https://127.0.0.1/x", "https://[::1]/x"):
        with pytest.raises(UrlRefused):
            core.http.check(url)


def test_on_a_developers_machine_they_are_there() -> None:
    core = Container(replace(ALLOWING, stage="local"))
    core.http.check("http://localhost:1/x")
    assert core._doubles
    assert core._stripe_double
    quiet = Container(replace(ALLOWING, stage="local", allow_loopback=False))
    for url in ("http://localhost:1/x", "http://127.0.0.1/x"):
        with pytest.raises(UrlRefused):
            quiet.http.check(url)
