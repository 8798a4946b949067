"""What the emulator must be told in other words than AWS, put into a template on its way there.

The template itself is written for AWS and for nothing else. Each translation names the difference; when an upgrade of
the emulator no longer has it, the translation goes.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

API_ID = "da2c0011"

type Template = dict[str, Any]  # what YAML holds; its shape is CloudFormation's


def translate(template: Template) -> None:
    """Apply every translation to a template, in place."""
    # The one rule that is about what is not the local AWS.
    template.get("Rules", {}).pop("LocalIsNotOnAws", None)
    for resource in template["Resources"].values():
        properties = resource.get("Properties", {})
        if resource["Type"] == "AWS::ApiGatewayV2::Api":
            _pin_address(properties)
        for statement in _statements(properties):
            _allow_batches(statement)
            _know_no_identities(statement)


def _pin_address(api: dict[str, Any]) -> None:
    """An API's address has its id in it, which is another after each start unless this tag says it."""
    api["Tags"] = {**api.get("Tags", {}), "ms-custom-id": API_ID}


def _allow_batches(statement: dict[str, Any]) -> None:
    """AWS authorizes sending a batch as SendMessage, the emulator by the call's own name."""
    actions = _listed(statement["Action"])
    if "sqs:SendMessage" in actions:
        statement["Action"] = [*actions, "sqs:SendMessageBatch"]


def _know_no_identities(statement: dict[str, Any]) -> None:
    """The emulator has no identities' ARNs, and does not say whom a mail is from; AWS always does."""
    if statement["Action"] == "ses:SendEmail":
        statement["Resource"] = "*"
        condition = statement["Condition"]
        if "StringEquals" in condition:  # a statement that functions share is one object
            condition["StringEqualsIfExists"] = condition.pop("StringEquals")


def _statements(value: Any) -> Iterator[dict[str, Any]]:
    """Every statement of every policy inside."""
    if isinstance(value, dict):
        if {"Effect", "Action"} <= value.keys():
            yield value
        for inside in value.values():
            yield from _statements(inside)
    elif isinstance(value, list):
        for inside in value:
            yield from _statements(inside)


def _listed(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value
