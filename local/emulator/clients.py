"""boto3 clients for the local endpoint, under the emulator's root key."""

from functools import cached_property
from typing import TYPE_CHECKING

import boto3
from botocore.config import Config

if TYPE_CHECKING:
    from mypy_boto3_apigatewayv2 import ApiGatewayV2Client
    from mypy_boto3_cloudformation import CloudFormationClient
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_events import EventBridgeClient
    from mypy_boto3_lambda import LambdaClient
    from mypy_boto3_logs import CloudWatchLogsClient
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_secretsmanager import SecretsManagerClient
    from mypy_boto3_ses import SESClient
    from mypy_boto3_sqs import SQSClient
    from mypy_boto3_ssm import SSMClient

REGION = "us-east-1"
ROOT_KEY = "test"


class Clients:
    """One client per service, made on first use; never reads the user's own AWS profile."""

    def __init__(self, endpoint: str) -> None:
        self.endpoint = endpoint
        self._session = boto3.Session(
            aws_access_key_id=ROOT_KEY, aws_secret_access_key=ROOT_KEY, region_name=REGION
        )
        self._config = Config(
            retries={"max_attempts": 2, "mode": "standard"},
            s3={"addressing_style": "path"},
            read_timeout=70,
            max_pool_connections=20,
        )

    @cached_property
    def apigateway(self) -> "ApiGatewayV2Client":
        """HTTP APIs."""
        return self._session.client("apigatewayv2", endpoint_url=self.endpoint, config=self._config)

    @cached_property
    def cloudformation(self) -> "CloudFormationClient":
        """Stacks."""
        return self._session.client("cloudformation", endpoint_url=self.endpoint, config=self._config)

    @cached_property
    def dynamodb(self) -> "DynamoDBClient":
        """Tables."""
        return self._session.client("dynamodb", endpoint_url=self.endpoint, config=self._config)

    @cached_property
    def events(self) -> "EventBridgeClient":
        """The bus."""
        return self._session.client("events", endpoint_url=self.endpoint, config=self._config)

    @cached_property
    def functions(self) -> "LambdaClient":
        """Lambda, whose own name is a keyword."""
        return self._session.client("lambda", endpoint_url=self.endpoint, config=self._config)

    @cached_property
    def logs(self) -> "CloudWatchLogsClient":
        """What the functions printed."""
        return self._session.client("logs", endpoint_url=self.endpoint, config=self._config)

    @cached_property
    def s3(self) -> "S3Client":
        """Buckets."""
        return self._session.client("s3", endpoint_url=self.endpoint, config=self._config)

    @cached_property
    def secrets(self) -> "SecretsManagerClient":
        """The master secret."""
        return self._session.client("secretsmanager", endpoint_url=self.endpoint, config=self._config)

    @cached_property
    def mail(self) -> "SESClient":
        """SES."""
        return self._session.client("ses", endpoint_url=self.endpoint, config=self._config)

    @cached_property
    def sqs(self) -> "SQSClient":
        """Queues."""
        return self._session.client("sqs", endpoint_url=self.endpoint, config=self._config)

    @cached_property
    def ssm(self) -> "SSMClient":
        """Parameters: where the stack's own record is kept, so that it is saved and lost with the tables."""
        return self._session.client("ssm", endpoint_url=self.endpoint, config=self._config)
