"""The processes of `modelwatch serve`: one per role, watched by this one, which starts again what dies."""

from __future__ import annotations

import contextlib
import logging
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from urllib.request import urlopen

from modelwatch.assembly import address, build_api, build_worker, prepare
from modelwatch.errors import InvalidSettings, ModelwatchError, StorageFailed
from modelwatch.settings import Settings

logger = logging.getLogger("modelwatch.serve")

MAX_PAUSE_S = 10.0
STEADY_S = 1.0
STOP_S = 30.0
WORKER_NICE = 5
SWITCH_S = 0.001
"""The api's threads hand the interpreter over after a millisecond, not after five: batches are small."""
Then = Callable[[Settings], int]


@dataclass(slots=True)
class Child:
    """One role's process and how often it died lately."""

    role: str
    process: subprocess.Popen[bytes]
    started: float
    deaths: int = 0


def run(settings: Settings, *, supervised: bool, then: Then | None = None, keep_serving: bool = True) -> int:
    """Run the settings' roles until a signal comes; `then` runs beside them once the api answers."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(message)s")
    logging.getLogger("alembic").setLevel(logging.WARNING)
    if not supervised:
        prepare(settings)
    if len(settings.role_names) == 1:
        return run_role(settings, supervised)
    chosen = replace(settings, port=settings.port or free_port(settings.host))
    refuse_taken_port(chosen)
    return supervise(chosen, then, keep_serving)


def run_role(settings: Settings, supervised: bool) -> int:
    """Run one role in this process."""
    if supervised:
        threading.Thread(target=end_with_parent, name="modelwatch-parent", daemon=True).start()
    if settings.role_names == ("api",):
        import uvicorn

        sys.setswitchinterval(SWITCH_S)

        config = uvicorn.Config(
            build_api(settings),
            host=settings.host,
            port=settings.port,
            log_level="warning",
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=10,
        )
        uvicorn.Server(config).run()
        return 0
    # whoever waits for an acknowledgement goes first when both cores are busy
    os.nice(WORKER_NICE)
    worker = build_worker(settings)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: worker.stop())
    worker.run()
    return 0


def end_with_parent() -> None:
    """Stop this process when the supervisor is gone: its end of our standard input closes, however it died."""
    while os.read(0, 1):
        pass
    os.kill(os.getpid(), signal.SIGTERM)


def free_port(host: str) -> int:
    """A port that is free now."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.bind((host, 0))
        return int(probe.getsockname()[1])


def refuse_taken_port(settings: Settings) -> None:
    """Raise when somebody else listens there, before any process is started."""
    with socket.socket(socket.AF_INET6 if ":" in settings.host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError as error:
            raise InvalidSettings(
                f"{settings.host}:{settings.port} cannot be listened on: {error.strerror}",
                hint="stop what listens there, or choose another port with --port",
            ) from error


def start(settings: Settings, role: str) -> subprocess.Popen[bytes]:
    """Start a role as a process of its own that ends when this one does."""
    environment = dict(os.environ)
    for item in fields(Settings):
        value = getattr(settings, item.name)
        environment[f"MODELWATCH_{item.name.upper()}"] = str(value)
    environment["MODELWATCH_ROLES"] = role
    environment["MODELWATCH_DATA"] = str(settings.folder)
    command = [sys.executable, "-m", "modelwatch.cli", "serve", "--supervised"]
    return subprocess.Popen(command, env=environment, stdin=subprocess.PIPE, start_new_session=True)


def supervise(settings: Settings, then: Then | None, keep_serving: bool) -> int:
    """Keep one process per role alive until SIGTERM, SIGINT, or `then` is done and nothing is to be kept."""
    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.set())
    children = [Child(role, start(settings, role), time.monotonic()) for role in settings.role_names]
    status = [0]
    if then is None:
        print(f"modelwatch serves {address(settings)}  (data in {settings.folder}; Ctrl C stops it)", flush=True)
    else:

        def follow() -> None:
            try:
                wait_ready(settings, stopping)
                status[0] = then(settings)
            except ModelwatchError as error:
                print(f"modelwatch: {error}", file=sys.stderr)
                status[0] = 1
            if not keep_serving or status[0]:
                stopping.set()

        threading.Thread(target=follow, name="modelwatch-then", daemon=True).start()
    try:
        while not stopping.wait(0.2):
            for child in children:
                revive(settings, child)
    finally:
        stop(children)
    return status[0]


def wait_ready(settings: Settings, stopping: threading.Event) -> None:
    """Return when the api answers; raises `StorageFailed` when it does not within a minute."""
    for _ in range(600):
        if stopping.wait(0.1):
            return
        with contextlib.suppress(OSError), urlopen(f"{address(settings)}/healthz", timeout=5):
            return
    raise StorageFailed("the api did not come up within a minute", hint="`modelwatch doctor` looks for the reason")


def revive(settings: Settings, child: Child) -> None:
    """Start a process again that died, with growing pauses while it keeps dying."""
    code = child.process.poll()
    if code is None:
        return
    alive = time.monotonic() - child.started
    child.deaths = 1 if alive > STEADY_S else child.deaths + 1
    pause = min(0.1 * 2 ** min(child.deaths, 10), MAX_PAUSE_S)
    logger.warning("%s ended with %s; started again in %.1f s", child.role, code, pause)
    time.sleep(pause)
    child.process = start(settings, child.role)
    child.started = time.monotonic()


def stop(children: list[Child]) -> None:
    """End all processes: the api first, so that the worker sees the end of the log."""
    for child in sorted(children, key=lambda each: each.role != "api"):
        if child.process.poll() is None:
            child.process.terminate()
            try:
                child.process.wait(STOP_S)
            except subprocess.TimeoutExpired:
                child.process.kill()
                child.process.wait()
