"""What the emulator drops from the template, put back after a deployment.

Each repair names the fault; when an upgrade of the emulator no longer has it, the repair goes.
"""

from typing import TYPE_CHECKING, cast

from local.emulator import deploy, package
from local.emulator.clients import Clients
from local.emulator.dialect import Template

if TYPE_CHECKING:
    from mypy_boto3_apigatewayv2.type_defs import CorsTypeDef


def repair(clients: Clients) -> None:
    """Apply every repair; applying them again changes nothing."""
    template = package.load()
    _cors(clients, template)
    _time_to_live(clients, template)


def _cors(clients: Clients, template: Template) -> None:
    """Stored under CloudFormation's capitalised names, which the gateway then does not read."""
    for name, api_id in deploy.resources(clients, "AWS::ApiGatewayV2::Api").items():
        cors = template["Resources"][name]["Properties"].get("CorsConfiguration")
        if cors:
            clients.apigateway.update_api(ApiId=api_id, CorsConfiguration=cast("CorsTypeDef", cors))


def _time_to_live(clients: Clients, template: Template) -> None:
    """TimeToLiveSpecification is dropped: expired items would stay for ever."""
    for name, table in deploy.resources(clients, "AWS::DynamoDB::Table").items():
        specification = template["Resources"][name]["Properties"].get("TimeToLiveSpecification")
        present = clients.dynamodb.describe_time_to_live(TableName=table)["TimeToLiveDescription"]
        if specification and present.get("TimeToLiveStatus") != "ENABLED":
            clients.dynamodb.update_time_to_live(TableName=table, TimeToLiveSpecification=specification)
