"""The stack's secrets, from Secrets Manager."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from darkroom.adapters.aws_errors import translating

if TYPE_CHECKING:
    from mypy_boto3_secretsmanager import SecretsManagerClient


class Secret:
    """One secret: read when first needed, then kept for the life of the process.

    Changing the secret therefore takes effect as processes are replaced, which a deploy does.
    """

    def __init__(self, client: SecretsManagerClient, secret_id: str) -> None:
        self._client = client
        self._secret_id = secret_id

    @cached_property
    def value(self) -> bytes:
        """The secret's bytes.

        Raises
        ------
        Unavailable, AwsRefused
        """
        with translating():
            return self._client.get_secret_value(SecretId=self._secret_id)["SecretString"].encode()
