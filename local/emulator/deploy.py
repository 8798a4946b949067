"""The real template, through CloudFormation's API."""

import time
from collections.abc import Mapping
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from local.emulator import package
from local.emulator.clients import Clients
from tools.build import ARCHITECTURE
from tools.errors import LocalError

if TYPE_CHECKING:
    from mypy_boto3_cloudformation.literals import CapabilityType
    from mypy_boto3_cloudformation.type_defs import ParameterTypeDef, StackTypeDef

STACK = "darkroom"
MAIL_FROM = "darkroom@example.com"
_SECONDS = 120.0
_CAPABILITIES: "list[CapabilityType]" = ["CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND"]
_GOOD = {"CREATE_COMPLETE", "UPDATE_COMPLETE"}


def deploy(clients: Clients, base_url: str, build_fingerprint: str, chosen: Mapping[str, str]) -> None:
    """Create the stack, or update it in place. Raises LocalError naming the first resource that failed.

    ``chosen`` are parameters beside those every local stack has.
    A stack that an earlier attempt left half-made is deleted first: it holds nothing yet.
    """
    clients.mail.verify_email_identity(EmailAddress=MAIL_FROM)  # on AWS the operator does this
    url = package.upload(clients, package.load(), build_fingerprint)
    _wait(clients)  # for one that was interrupted
    present = find(clients)
    if present is not None and present["StackStatus"] not in _GOOD | {"UPDATE_ROLLBACK_COMPLETE"}:
        clients.cloudformation.delete_stack(StackName=STACK)
        _wait(clients)
        present = None
    parameters = _parameters(base_url, chosen)
    if present is None:
        clients.cloudformation.create_stack(
            StackName=STACK,
            TemplateURL=url,
            Parameters=parameters,
            Capabilities=_CAPABILITIES,
        )
    elif not _update(clients, url, parameters):
        return
    status = _wait(clients)
    if status not in _GOOD:
        raise LocalError(f"the template could not be deployed: {_first_failure(clients) or status}")


def find(clients: Clients) -> "StackTypeDef | None":
    """The stack as CloudFormation describes it, or None."""
    try:
        stacks = clients.cloudformation.describe_stacks(StackName=STACK)["Stacks"]
    except ClientError as error:
        if error.response["Error"]["Code"] == "ValidationError":
            return None
        raise
    return next((stack for stack in stacks if stack["StackStatus"] != "DELETE_COMPLETE"), None)


def is_deployed(clients: Clients) -> bool:
    """Whether the stack is whole."""
    stack = find(clients)
    return stack is not None and stack["StackStatus"] in _GOOD


def outputs(clients: Clients) -> dict[str, str]:
    """The template's outputs by name."""
    stack = find(clients)
    if stack is None:
        raise LocalError("nothing is deployed; run `make up`")
    return {output["OutputKey"]: output["OutputValue"] for output in stack.get("Outputs", [])}


def resources(clients: Clients, kind: str) -> dict[str, str]:
    """Logical id to physical id, of every deployed resource of a type."""
    deployed = clients.cloudformation.describe_stack_resources(StackName=STACK)["StackResources"]
    return {
        one["LogicalResourceId"]: one["PhysicalResourceId"] for one in deployed if one["ResourceType"] == kind
    }


def _parameters(base_url: str, chosen: Mapping[str, str]) -> "list[ParameterTypeDef]":
    values = {
        "Stage": "local",
        "Architecture": ARCHITECTURE,
        "PublicBaseUrl": base_url,
        "SandboxFallback": "true",
        "AllowLoopback": "true",
        "MoltbookAudience": "any",
        "LogRetentionDays": "1",
        "MailFrom": MAIL_FROM,
        **chosen,
    }
    return [{"ParameterKey": key, "ParameterValue": value} for key, value in values.items()]


def _update(clients: Clients, url: str, parameters: "list[ParameterTypeDef]") -> bool:
    try:
        clients.cloudformation.update_stack(
            StackName=STACK,
            TemplateURL=url,
            Parameters=parameters,
            Capabilities=_CAPABILITIES,
        )
    except ClientError as error:
        if "No updates are to be performed" in str(error):
            return False
        raise
    return True


def _wait(clients: Clients) -> str:
    deadline = time.monotonic() + _SECONDS
    while time.monotonic() < deadline:
        stack = find(clients)
        if stack is None:
            return "DELETE_COMPLETE"
        if not stack["StackStatus"].endswith("_IN_PROGRESS"):
            return stack["StackStatus"]
        time.sleep(0.1)
    raise LocalError(f"the deployment did not end within {_SECONDS:.0f} s")


def _first_failure(clients: Clients) -> str | None:
    events = clients.cloudformation.describe_stack_events(StackName=STACK)["StackEvents"]
    for event in reversed(events):
        reason = event.get("ResourceStatusReason", "")
        if event.get("ResourceStatus", "").endswith("_FAILED") and "ancel" not in reason:
            return f"{event.get('LogicalResourceId')}: {reason}"
    return None
