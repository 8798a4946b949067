"""The emulator's process: started apart from this one, recognised later, stopped with all its children."""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from local.emulator import launcher
from local.emulator.saved_state import forget_stream_positions, recover, snapshots
from tools.errors import LocalError
from tools.paths import TOOLS

_START_SECONDS = 40.0
_STOP_SECONDS = 30.0
_SNAPSHOT_SECONDS = 30.0
_FATAL_LOG = re.compile(r"ESM (?:SQS|DynamoDB streams) poller error: .*")


@dataclass(frozen=True)
class Process:
    """What the record on disk says about a server. `started` tells it from a stranger with a reused pid."""

    pid: int
    port: int
    started: str
    auth: bool


def last_port(folder: Path) -> int | None:
    """The port that the last server of this folder had, if there was one."""
    try:
        return int(_port_file(folder).read_text())
    except (OSError, ValueError):
        return None


class Server:
    """One emulator on one port, its state in one folder. A browser that opens its bare address is sent ``home``."""

    def __init__(self, port: int, folder: Path, *, auth: bool, home: str) -> None:
        self.port = port
        self.folder = folder
        self.auth = auth
        self.home = home
        self.log = folder / "ministack.log"
        self._record = folder / "process.json"
        self._child: subprocess.Popen[bytes] | None = None

    @property
    def endpoint(self) -> str:
        """Where every AWS API of it answers."""
        return f"http://127.0.0.1:{self.port}"

    def running(self) -> Process | None:
        """The server this folder's record names, if it lives. A record whose process is gone is ignored."""
        try:
            process = Process(**json.loads(self._record.read_text()))
        except (OSError, ValueError, TypeError):
            return None
        return process if _start_time(process.pid) == process.started else None

    def died(self) -> bool:
        """Whether the last server here ended without being stopped: what it kept in memory is lost."""
        return self._record.exists() and self.running() is None

    def recover(self) -> str:
        """Put back what a killed server saved last; says what was lost. Only when it is not running."""
        if self._child is not None:
            self._child.wait()
        heard_of = self.log.stat().st_mtime if self.log.exists() else time.time()
        words = recover(self.folder, heard_of)
        self._record.unlink(missing_ok=True)
        return words

    def take_snapshots(self, *, wait: bool = True) -> None:
        """Have it take snapshots from now on; with ``wait``, return when there is one of now."""
        folder, before = self.folder / "snapshots", snapshots(self.folder)
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "on").touch()
        deadline = time.monotonic() + _SNAPSHOT_SECONDS
        while wait and snapshots(self.folder) in (before, []):
            if time.monotonic() > deadline:
                raise LocalError(f"the local AWS takes no snapshots (see {self.log})")
            time.sleep(0.05)

    def pause_snapshots(self) -> None:
        """Have it take none while what it holds is half of something."""
        (self.folder / "snapshots" / "on").unlink(missing_ok=True)

    def start(self) -> None:
        """Start it and wait until it answers. Raises LocalError if the port is taken or it fails to start."""
        self.check_port()
        for name in ("tmp", "state", "s3"):
            (self.folder / name).mkdir(parents=True, exist_ok=True)
        _clear(self.folder / "tmp")
        forget_stream_positions(self.folder / "state")
        _clear(self.folder / "snapshots")  # older than the state
        with self.log.open("w") as log:
            child = subprocess.Popen(
                [
                    str(TOOLS / "bin" / "python"),
                    "-P",
                    launcher.__file__,
                    str(self.folder / "snapshots"),
                    self.home,
                ],
                cwd=self.folder,
                env=self._environment(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self._child = child
        started = _start_time(child.pid) or ""
        record = Process(pid=child.pid, port=self.port, started=started, auth=self.auth)
        self._record.write_text(json.dumps(asdict(record)))
        _port_file(self.folder).write_text(str(self.port))
        try:
            self._wait_until_ready(child)
        except BaseException:
            self.stop()
            raise

    def stop(self) -> bool:
        """Stop it so that it saves its state, and leave no child behind. Says whether one was running."""
        process = self.running()
        if process is None:
            self._record.unlink(missing_ok=True)
            return False
        _signal(process.pid, signal.SIGTERM)
        deadline = time.monotonic() + _STOP_SECONDS
        while time.monotonic() < deadline and _alive(process):
            time.sleep(0.05)
        _signal_group(process.pid, signal.SIGKILL)
        if self._child is not None:
            self._child.wait()
        self._record.unlink(missing_ok=True)
        _clear(self.folder / "tmp")
        return True

    def abandon(self) -> None:
        """End it without saving: what it holds is half of something. The next one has what this one began with."""
        process = self.running()
        if process is not None:
            _signal_group(process.pid, signal.SIGKILL)
            self.recover()

    def check_log(self) -> None:
        """Raise LocalError if a poller died: every queue would look healthy and nothing would be read."""
        fatal = _FATAL_LOG.search(self.log.read_text(errors="replace")) if self.log.exists() else None
        if fatal:
            raise LocalError(f"the local AWS stopped reading its queues: {fatal.group()} (see {self.log})")

    def _environment(self) -> dict[str, str]:
        """Only what it needs: whatever is in its environment leaks into every function."""
        return {
            "PATH": f"{TOOLS / 'bin'}:/usr/local/bin:/usr/bin:/bin",
            "HOME": str(self.folder),
            "LANG": "C.UTF-8",
            "TMPDIR": str(self.folder / "tmp"),
            "GATEWAY_PORT": str(self.port),
            "BIND_HOST": "127.0.0.1",
            "MINISTACK_HOST": "127.0.0.1",
            "IOT_MTLS_ENABLED": "0",
            "SFTP_ENABLED": "0",
            "PERSIST_STATE": "1",
            "STATE_DIR": str(self.folder / "state"),
            "S3_PERSIST": "1",
            "S3_DATA_DIR": str(self.folder / "s3"),
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
            "AWS_DEFAULT_REGION": "us-east-1",
            "AUTH": "true" if self.auth else "false",
        }

    def check_port(self) -> None:
        """Raise LocalError when something else uses the port."""
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", self.port))
            except OSError as error:
                raise LocalError(
                    f"port {self.port} cannot be used ({error.strerror}): stop what uses it, "
                    f"or choose another, e.g. `DARKROOM_PORT={self.port + 1} make up`"
                ) from None

    def _wait_until_ready(self, child: subprocess.Popen[bytes]) -> None:
        deadline = time.monotonic() + _START_SECONDS
        while time.monotonic() < deadline:
            if child.poll() is not None:
                raise LocalError(
                    f"the local AWS ended with code {child.returncode} at start (see {self.log})"
                )
            if self.answers():
                return
            time.sleep(0.05)
        raise LocalError(f"the local AWS did not answer within {_START_SECONDS:.0f} s (see {self.log})")

    def answers(self) -> bool:
        """Whether it takes requests now."""
        try:
            with urllib.request.urlopen(f"{self.endpoint}/_ministack/ready", timeout=2) as response:
                return bool(response.status == 200)
        except (urllib.error.URLError, OSError):
            return False


def _port_file(folder: Path) -> Path:
    return folder / "port"


def _start_time(pid: int) -> str | None:
    """When the process was started, in the system's own words; None when there is none (or a zombie)."""
    if Path("/proc/self/stat").exists():
        try:
            # After the name in parentheses: the state first, the start time 20th.
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            return None
        return None if fields[0] == "Z" else fields[19]
    command = ["ps", "-o", "stat=,lstart=", "-p", str(pid)]
    shown = subprocess.run(command, capture_output=True, text=True).stdout.split(maxsplit=1)
    return shown[1].strip() if len(shown) == 2 and not shown[0].startswith("Z") else None


def _alive(process: Process) -> bool:
    return _start_time(process.pid) == process.started


def _signal(pid: int, number: signal.Signals) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, number)


def _signal_group(pid: int, number: signal.Signals) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, number)


def _clear(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True, exist_ok=True)
