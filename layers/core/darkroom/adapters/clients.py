"""AWS clients of this process.

They are boto3's clients made without boto3: ``boto3.client`` is a thin shell around a botocore session that also
loads the resource API and the S3 transfer manager, which nothing here uses and which would lengthen a cold start.
For the same reason botocore gets to see the services we use and not the other four hundred.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any, Final, override

from botocore.config import Config
from botocore.loaders import Loader
from botocore.session import Session

# The requests are spelled by our own code and tested against the service's rules: checking each again in the client,
# and composing a long user agent for each, would be a quarter of the CPU an accepted request costs.
#
# A call to AWS takes milliseconds. Botocore would wait for a minute, five times over; the functions in which somebody
# waits for an answer have 29 seconds, in which a call that hangs must end in an answer of ours.
LEAN = Config(
    parameter_validation=False,
    user_agent="darkroom",
    connect_timeout=2,
    read_timeout=6,
    retries={"total_max_attempts": 3},
)

SERVICES: Final = ["dynamodb", "events", "s3", "secretsmanager", "ses", "sqs"]

# botocore's own table less the services that are not ours. `python -m tools.endpoints` writes it.
ENDPOINTS: Final = Path(__file__).with_name("endpoints.json")


class _Loader(Loader):
    """botocore's data, without listing all services' folders and reading a megabyte of their endpoints first."""

    @override
    def list_available_services(self, type_name: str) -> list[str]:
        return SERVICES

    @override
    def load_data_with_path(self, name: str) -> tuple[Any, str]:
        if name == "endpoints":
            # With the path of botocore's own: from any other it would take endpoints, too, not only partitions.
            return json.loads(ENDPOINTS.read_bytes()), f"{self.BUILTIN_DATA_PATH}/{name}"
        return super().load_data_with_path(name)


@cache
def session() -> Session:
    """The process's one session: credentials and service models are looked up once."""
    made = Session()
    made.register_component("data_loader", _Loader())
    return made


def client(service: str, config: Config | None = None) -> Any:
    """A client of a service, in the region and with the credentials of the environment."""
    return session().create_client(service, config=LEAN.merge(config) if config else LEAN)
