"""Every function gets the settings it reads and no others, and may touch what it is told of and nothing else."""

from __future__ import annotations

import pytest

from tests.unit.template.reading import SETTINGS, readable
from tests.unit.template.source import Block, named, read, resources, statements

FUNCTIONS = resources("AWS::Serverless::Function")
GLOBAL = read()["Globals"]["Function"]["Environment"]["Variables"]

# What a function's code could read of those it does not: a dialect sends generations, or renders, or deliveries.
QUEUES = frozenset(name for name in SETTINGS if name.startswith("queue_"))
TABLES = frozenset(name for name in SETTINGS if name.startswith("table_"))
VENDORS_ONLY = frozenset({"moderation", "secret_vendors_arn", "vendor_endpoint", "vendor_limits"})
EXCUSED: dict[str, frozenset[str]] = {
    "ApiMoondraft": frozenset(
        {"secret_stripe_arn", "stripe_endpoint"}
    ),  # the gateway sends buyers to ApiBilling
    "ApiPixeldrive": frozenset({"sandbox_fallback", "vendors"}),  # it sells renders only
    "WorkerRenderer": VENDORS_ONLY,
    "WorkerSandbox": VENDORS_ONLY,  # nothing it makes is a vendor's
    "WorkerSandboxFilms": VENDORS_ONLY,
}


def entry(function: str) -> str:
    """The package a function's handler is in."""
    handler: str = FUNCTIONS[function]["Handler"]
    return handler.split(".", maxsplit=1)[0]


def variables(function: str) -> Block:
    own: Block = FUNCTIONS[function]["Environment"]["Variables"]
    return {**GLOBAL, **own}


def settings(function: str) -> set[str]:
    return {name.lower() for name in variables(function)} & SETTINGS


@pytest.mark.parametrize("function", FUNCTIONS)
def test_no_function_is_told_what_it_does_not_read(function: str) -> None:
    assert settings(function) - readable(entry(function)) == set()
    own = {name for name in variables(function) if name.lower() not in SETTINGS}
    assert own <= {"LOG_LEVEL", "POWERTOOLS_SERVICE_NAME", "POWERTOOLS_METRICS_NAMESPACE"}


@pytest.mark.parametrize("function", FUNCTIONS)
def test_what_a_function_reads_it_is_told(function: str) -> None:
    missing = readable(entry(function)) - settings(function)
    assert missing - TABLES - QUEUES == EXCUSED.get(function, frozenset())


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_function_may_touch_what_it_is_told_of_and_nothing_else(function: str) -> None:
    """But for the queue or stream that wakes it, which it need not know by name."""
    kept = {
        *resources("AWS::DynamoDB::Table"),
        *resources("AWS::S3::Bucket"),
        *resources("AWS::SQS::Queue"),
        *resources("AWS::SecretsManager::Secret"),
        *resources("AWS::Events::EventBus"),
    }
    named_by_variables = set(named(variables(function))) & kept
    allowed = set(named(FUNCTIONS[function]["Policies"])) & kept
    mappings = resources("AWS::Lambda::EventSourceMapping").values()
    woken = [one for one in mappings if one["FunctionName"]["Ref"] == function]
    assert allowed - named_by_variables <= set(named(woken))
    assert named_by_variables <= allowed


@pytest.mark.parametrize("function", FUNCTIONS)
def test_policies_name_single_actions(function: str) -> None:
    for statement in statements(FUNCTIONS[function]["Policies"]):
        actions = statement["Action"]
        for action in [actions] if isinstance(actions, str) else actions:
            assert "*" not in action
        anything = statement["Resource"] == "*"
        assert not anything or statement["Action"] == "dynamodb:ListStreams"  # which knows no resources


def test_nothing_in_the_template_is_for_the_local_stack_s_sake() -> None:
    for block in (*FUNCTIONS.values(), *resources("AWS::ApiGatewayV2::Api").values()):
        assert "ms-custom-id" not in str(block)
    assert not [one for one in map(str, FUNCTIONS.values()) if "SendMessage*" in one or "IfExists" in one]
