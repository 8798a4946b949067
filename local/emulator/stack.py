"""The whole local stack: up, down, and what it is now."""

import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, TypedDict

from botocore.exceptions import BotoCoreError, ClientError

from local.doubles import moltbook, stripe
from local.emulator import deploy
from local.emulator.clients import Clients
from local.emulator.dialect import API_ID
from local.emulator.environ import bypass_proxies, functions_environment
from local.emulator.info import StackInfo
from local.emulator.locking import locked
from local.emulator.mounted import PREFIX
from local.emulator.repairs import repair
from local.emulator.seed import Seeded, seed
from local.emulator.server import Server
from local.emulator.smoke import smoke
from tools import fingerprint
from tools.build import build
from tools.errors import LocalError
from tools.report import say, step

if TYPE_CHECKING:
    from local.doubles.all import Doubles

_API_PATH = f"/_aws/execute-api/{API_ID}"
_RECORD = "/darkroom/local/record"
_MOLTBOOK = "darkroom/local/moltbook"
_STRIPE = "darkroom/local/stripe"
_RESTART = "run `make down`, then `make up`"


class Record(TypedDict):
    """Kept in the emulator itself, so that it is saved, and lost, together with the tables it speaks of."""

    deployed: str
    seeded: Seeded


def aws_folder(state_dir: Path) -> Path:
    """Where a stack's emulator keeps all it has."""
    return state_dir / "aws"


class Stack:
    """One local stack: an emulator on `port`, all it keeps under `state_dir`.

    `auth` makes the emulator enforce the functions' IAM policies.
    """

    def __init__(self, port: int, state_dir: Path, *, auth: bool = False) -> None:
        bypass_proxies()
        self.port = port
        self.state_dir = state_dir
        self.server = Server(port, aws_folder(state_dir), auth=auth, home=f"{_API_PATH}/")
        self.clients = Clients(self.server.endpoint)
        self.info_file = state_dir / "stack.json"

    @property
    def base_url(self) -> str:
        """What stands before `/memes/v1/…`."""
        return self.server.endpoint + _API_PATH

    def up(self, doubles: "Doubles | None" = None) -> StackInfo:
        """Start, build, deploy, repair, smoke-test and seed: each only if it is needed. Raises LocalError.

        With ``doubles``, which must be up, the stack's vendors are those; without, it has none.
        """
        with locked(self.state_dir / "stack.lock", wait=False, what="starting or stopping the local AWS"):
            built = build()
            started = self._start()
            try:
                return self._bring_up(built, doubles)
            except (ClientError, BotoCoreError) as error:
                if started:
                    self.server.abandon()
                raise LocalError(f"the local AWS refused a step: {error}; {_RESTART}") from error
            except BaseException:
                if started:
                    self.server.abandon()
                raise

    def down(self) -> bool:
        """Stop it and everything it started; its data stays. Says whether it was up."""
        with locked(self.state_dir / "stack.lock", wait=False, what="starting or stopping the local AWS"):
            self.info_file.unlink(missing_ok=True)
            return self.server.stop()

    def wipe(self) -> None:
        """Stop it and forget its data."""
        self.down()
        shutil.rmtree(self.server.folder, ignore_errors=True)

    def info(self) -> StackInfo:
        """What `up` wrote, if it is up now. Raises LocalError."""
        if self.server.running() is None:
            raise LocalError("the local AWS is not up; run `make up`")
        return StackInfo.read(self.info_file)

    def outputs(self) -> dict[str, str]:
        """The template's outputs: table names, queue URLs and so on."""
        return deploy.outputs(self.clients)

    def put_vendor_keys(self, keys: Mapping[str, str]) -> None:
        """Fill the secret the workers read the vendors' keys from."""
        self.clients.secrets.put_secret_value(
            SecretId=self.outputs()["SecretVendorsArn"], SecretString=json.dumps(dict(keys))
        )

    def _start(self) -> bool:
        process = self.server.running()
        if process is not None and process.port == self.port and self.server.answers():
            return False
        if process is None or process.port != self.port:
            self.server.check_port()
        if process is not None:
            say(f"  stopping the local AWS on port {process.port}")
            self.server.stop()
        elif self.server.died():
            say(f"  the last local AWS was killed: {self.server.recover()}")
        with step(f"starting the local AWS on port {self.port}"):
            self.server.start()
        return True

    def _bring_up(self, built: str, doubles: "Doubles | None") -> StackInfo:
        chosen = self._parameters_of_stripe()
        chosen |= self._parameters_of(doubles) if doubles is not None else {}
        deployment = fingerprint.of_text(built, self.base_url, json.dumps(chosen))
        record = self._read_record()
        if record is None or record["deployed"] != deployment or not deploy.is_deployed(self.clients):
            self.server.pause_snapshots()
            if record is not None:
                self._write_record({"deployed": "", "seeded": record["seeded"]})
            with step("deploying the template"):
                deploy.deploy(self.clients, self.base_url, built, chosen)
                repair(self.clients)
            if doubles is not None:
                self.put_vendor_keys(doubles.keys())
            with step("trying every function"):
                smoke(self.clients, self.base_url)
            seeded = record["seeded"] if record is not None else self._seed()
            self._write_record({"deployed": deployment, "seeded": seeded})
        else:
            seeded = record["seeded"]
        self.server.check_log()
        self.server.take_snapshots()
        info = StackInfo(self.base_url, **seeded)
        info.write(self.info_file)
        return info

    def _parameters_of(self, doubles: "Doubles") -> dict[str, str]:
        """The template's parameters for doubles of vendors, and of the service that knows agents."""
        return {**doubles.parameters(), "MoltbookAppKeyArn": self._secret(_MOLTBOOK, moltbook.APP_KEY)}

    def _parameters_of_stripe(self) -> dict[str, str]:
        """The template's parameters for the double of Stripe, which every local stack sells through."""
        keys = json.dumps({"api_key": stripe.KEY, "webhook_secret": stripe.WEBHOOK_SECRET})
        return {
            "StripeKeysArn": self._secret(_STRIPE, keys),
            "StripeEndpoint": self.server.endpoint + PREFIX,
        }

    def _secret(self, name: str, text: str) -> str:
        """The ARN of a secret that on AWS is the operator's to make, and so is made here."""
        secrets = self.clients.secrets
        try:
            return secrets.create_secret(Name=name, SecretString=text)["ARN"]
        except secrets.exceptions.ResourceExistsException:
            return secrets.describe_secret(SecretId=name)["ARN"]

    def _seed(self) -> Seeded:
        outputs = deploy.outputs(self.clients)
        with step("making the demo workspace"), functions_environment(self.server.endpoint, outputs):
            return seed()

    def _read_record(self) -> Record | None:
        try:
            text = self.clients.ssm.get_parameter(Name=_RECORD, WithDecryption=True)["Parameter"]["Value"]
        except self.clients.ssm.exceptions.ParameterNotFound:
            return None
        record: Record = json.loads(text)
        return record

    def _write_record(self, record: Record) -> None:
        self.clients.ssm.put_parameter(
            Name=_RECORD, Value=json.dumps(record), Type="SecureString", Overwrite=True, Tier="Advanced"
        )
