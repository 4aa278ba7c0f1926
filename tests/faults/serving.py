"""A server as a user runs it, for tests that kill it, fill its disk or send it garbage."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil

from modelwatch.cli.processes import free_port


@dataclass
class Server:
    """A running `modelwatch serve`."""

    folder: Path
    port: int
    process: subprocess.Popen[bytes]

    def request(
        self, method: str, path: str, body: bytes | None = None, kind: str = "application/json"
    ) -> tuple[int, bytes]:
        """One request on a connection of its own; raises OSError or HTTPException when nobody answers."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            connection.request(method, path, body, {"Content-Type": kind} if body is not None else {})
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()

    def get(self, path: str) -> object:
        """The JSON of a GET that must succeed."""
        status, text = self.request("GET", path)
        assert status == 200, (path, status, text)
        return json.loads(text)

    def child(self, role: str) -> psutil.Process | None:
        """The process of a role, None while it is being started again."""
        for child in psutil.Process(self.process.pid).children():
            with contextlib.suppress(psutil.Error):
                if child.environ().get("MODELWATCH_ROLES") == role and child.status() != psutil.STATUS_ZOMBIE:
                    return child
        return None

    def kill(self, role: str) -> bool:
        """kill -9; False when the role was not running."""
        child = self.child(role)
        if child is None:
            return False
        with contextlib.suppress(psutil.Error):
            child.send_signal(signal.SIGKILL)
            return True
        return False

    def age(self, role: str) -> float:
        """Seconds since the role's process started; 0 while there is none."""
        child = self.child(role)
        return 0.0 if child is None else time.time() - child.create_time()

    def wait_ready(self, seconds: float = 60) -> None:
        """Return when the api answers."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            with contextlib.suppress(OSError, http.client.HTTPException):
                if self.request("GET", "/healthz")[0] == 200:
                    return
            time.sleep(0.05)
        raise AssertionError("the server did not come up")

    def stop(self) -> None:
        """End it as a service manager would."""
        self.process.terminate()
        self.process.wait(60)


@contextlib.contextmanager
def serving(folder: Path, *flags: str) -> Iterator[Server]:
    """`modelwatch serve` on a free port."""
    port = free_port("127.0.0.1")
    command = [sys.executable, "-m", "modelwatch.cli", "serve", "--data", str(folder), "--port", str(port), *flags]
    with open(folder.parent / f"{folder.name}.txt", "wb") as output:
        process = subprocess.Popen(command, stdout=output, stderr=output, env=dict(os.environ))
        server = Server(folder, port, process)
        try:
            server.wait_ready()
            yield server
        finally:
            if process.poll() is None:
                server.stop()
