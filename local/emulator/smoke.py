"""Is what was deployed alive? The emulator answers 200 for a function whose code it did not find.

Every function is started once, side by side, which also leaves a warm worker of each.
"""

import json
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor

from local.emulator import deploy
from local.emulator.clients import Clients
from tools.errors import LocalError

_SECONDS = 30.0
_NOT_IMPORTED = "Worker init failed"  # how the emulator begins that message


def smoke(clients: Clients, base_url: str) -> None:
    """Raise LocalError naming the first function that does not import, or route that does not answer."""
    functions = deploy.resources(clients, "AWS::Lambda::Function")
    workers = {name: function for name, function in functions.items() if not name.startswith("Api")}
    with ThreadPoolExecutor(max_workers=4) as pool:
        checks = [pool.submit(_check_worker, clients, name, function) for name, function in workers.items()]
        checks += [pool.submit(_check_code, clients, name, function) for name, function in functions.items()]
        checks += [pool.submit(_check_route, base_url, path) for path in _paths(clients)]
        for check in checks:
            check.result()


def _check_code(clients: Clients, name: str, function: str) -> None:
    configuration = clients.functions.get_function(FunctionName=function)["Configuration"]
    if not configuration.get("CodeSize"):
        raise LocalError(f"{name} was deployed without its code; run `make clean` and `make up`")


def _check_worker(clients: Clients, name: str, function: str) -> None:
    """Hand it an empty batch, which may be refused; only code that cannot be imported is a failure."""
    answer = clients.functions.invoke(FunctionName=function, Payload=json.dumps({"Records": []}))
    if "FunctionError" in answer:
        message = json.loads(answer["Payload"].read() or b"{}").get("errorMessage", "")
        if message.startswith(_NOT_IMPORTED):
            raise LocalError(f"{name} does not start: {' '.join(message.split())}")


def _paths(clients: Clients) -> list[str]:
    """One path per route of the API."""
    (api_id,) = deploy.resources(clients, "AWS::ApiGatewayV2::Api").values()
    routes = clients.apigateway.get_routes(ApiId=api_id)["Items"]
    return [route["RouteKey"].split()[-1].replace("{proxy+}", "v1/health") for route in routes]


def _check_route(base_url: str, path: str) -> None:
    """Any answer of the function's own will do; the gateway's 404 and every 5xx will not."""
    try:
        with urllib.request.urlopen(f"{base_url}{path}", timeout=_SECONDS) as response:
            status, body = response.status, response.read()
    except urllib.error.HTTPError as error:
        with error:
            status, body = error.code, error.read()
    except OSError as error:
        raise LocalError(f"{path} does not answer: {error}") from None
    if status >= 500 or (status == 404 and body.strip() == b'{"message":"Not Found"}'):
        raise LocalError(f"{path} answers {status}: {body[:200].decode(errors='replace')}")
