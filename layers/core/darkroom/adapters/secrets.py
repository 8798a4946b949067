"""The stack's secrets, from Secrets Manager."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from darkroom.adapters.aws_errors import translating
from darkroom.domain.errors import Unavailable
from darkroom.ports.system import Clock

if TYPE_CHECKING:
    from mypy_boto3_secretsmanager import SecretsManagerClient

SECRET_KEPT = timedelta(minutes=5)
SECRET_AGAIN = timedelta(seconds=30)  # until a secret that could not be had is asked for again


class Secret:
    """One secret: read when first needed; a changed one is noticed within minutes, without a deploy."""

    def __init__(self, client: SecretsManagerClient, secret_id: str, clock: Clock) -> None:
        self._client = client
        self._secret_id = secret_id
        self._clock = clock
        self._text = ""
        self._good_until: datetime | None = None

    @property
    def text(self) -> str:
        """The secret.

        Raises
        ------
        Unavailable, AwsRefused
            Unavailable only where it was never read: what was read stays good while no newer one can be had.
        """
        now = self._clock.now()
        if self._good_until is None or now >= self._good_until:
            self._renew(now)
        return self._text

    def _renew(self, now: datetime) -> None:
        try:
            with translating():
                text = self._client.get_secret_value(SecretId=self._secret_id)["SecretString"]
        except Unavailable:
            if self._good_until is None:
                raise
            self._good_until = now + SECRET_AGAIN
            return
        self._text, self._good_until = text, now + SECRET_KEPT
