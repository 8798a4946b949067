"""The functions' environment, for code on this machine that uses the project's own services."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

from local.emulator.clients import REGION, ROOT_KEY

# The template's output to the variable every function gets it by.
_VARIABLES = {
    "TableAccounts": "TABLE_ACCOUNTS",
    "TableJobs": "TABLE_JOBS",
    "TableAssets": "TABLE_ASSETS",
    "TableWebhooks": "TABLE_WEBHOOKS",
    "TableUsage": "TABLE_USAGE",
    "BucketMedia": "BUCKET_MEDIA",
    "QueueVendorsUrl": "QUEUE_VENDORS_URL",
    "QueueRendersUrl": "QUEUE_RENDERS_URL",
    "QueueBulkRendersUrl": "QUEUE_BULK_RENDERS_URL",
    "QueuePreviewsUrl": "QUEUE_PREVIEWS_URL",
    "QueueSandboxUrl": "QUEUE_SANDBOX_URL",
    "QueueSandboxFilmsUrl": "QUEUE_SANDBOX_FILMS_URL",
    "QueueDeliveriesUrl": "QUEUE_DELIVERIES_URL",
    "QueueReconcileUrl": "QUEUE_RECONCILE_URL",
    "BusName": "BUS_NAME",
    "BaseUrl": "PUBLIC_BASE_URL",
    "SecretMasterArn": "SECRET_MASTER_ARN",
    "SecretVendorsArn": "SECRET_VENDORS_ARN",
}


def variables_of(outputs: dict[str, str]) -> dict[str, str]:
    """A stack's outputs as the variables its functions get them by."""
    return {_VARIABLES[name]: value for name, value in outputs.items() if name in _VARIABLES}


def variables(endpoint_url: str, outputs: dict[str, str]) -> dict[str, str]:
    """Every variable a function may have, and the root key of the local AWS."""
    return {
        **variables_of(outputs),
        "STAGE": "local",
        "SANDBOX_FALLBACK": "true",
        "ALLOW_LOOPBACK": "true",
        "LOG_LEVEL": "WARNING",
        "POWERTOOLS_SERVICE_NAME": "local",
        "POWERTOOLS_METRICS_NAMESPACE": "Darkroom",
        "POWERTOOLS_TRACE_DISABLED": "true",
        "AWS_ENDPOINT_URL": endpoint_url,
        "AWS_ACCESS_KEY_ID": ROOT_KEY,
        "AWS_SECRET_ACCESS_KEY": ROOT_KEY,
        "AWS_DEFAULT_REGION": REGION,
        "AWS_REGION": REGION,
    }


def bypass_proxies() -> None:
    """Talk to this machine directly, whatever proxy the environment names for the rest of the world."""
    for name in ("NO_PROXY", "no_proxy"):
        os.environ[name] = ",".join(filter(None, [os.environ.get(name), "127.0.0.1", "localhost"]))


@contextmanager
def functions_environment(endpoint_url: str, outputs: dict[str, str]) -> Iterator[None]:
    """Let the block use `darkroom` on the stack's tables; the environment is put back after it."""
    before = dict(os.environ)
    for name in ("AWS_PROFILE", "AWS_SESSION_TOKEN"):
        os.environ.pop(name, None)
    os.environ.update(variables(endpoint_url, outputs))
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)
