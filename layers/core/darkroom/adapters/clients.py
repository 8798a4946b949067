"""AWS clients of this process.

They are boto3's clients made without boto3: ``boto3.client`` is a thin shell around a botocore session that also
loads the resource API and the S3 transfer manager, which nothing here uses and which would lengthen a cold start.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from botocore.config import Config
from botocore.session import Session

# The requests are spelled by our own code and tested against the service's rules: checking each again in the client,
# and composing a long user agent for each, would be a quarter of the CPU an accepted request costs.
LEAN = Config(parameter_validation=False, user_agent="darkroom")


@cache
def session() -> Session:
    """The process's one session: credentials and service models are looked up once."""
    return Session()


def client(service: str, config: Config | None = None) -> Any:
    """A client of a service, in the region and with the credentials of the environment."""
    return session().create_client(service, config=LEAN.merge(config) if config else LEAN)
