"""What happens around the life of a process: import, fork, exit. Each in a process of its own."""

from __future__ import annotations

import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from tests.client.http_server import serving
from tests.client.receiver import Receiver, identity

ROOT = Path(__file__).parents[2]


def run(script: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """The script in a fresh interpreter in which every warning is an error."""
    return subprocess.run(
        [sys.executable, "-W", "error", "-c", textwrap.dedent(script), *arguments],
        capture_output=True,
        text=True,
        timeout=60,
        cwd=ROOT,
        check=False,
    )


IMPORTS = """
    import sys
    before = set(sys.modules)
    import time
    start = time.process_time()
    import modelwatch
    {statement}
    cpu = time.process_time() - start
    print(cpu)
    print(*sorted(set(sys.modules) - before))
"""


@pytest.mark.parametrize("statement", ["", "modelwatch.Client; modelwatch.AsyncClient"])
def test_importing_is_cheap_and_loads_nothing_but_the_client(statement: str) -> None:
    done = run(IMPORTS.format(statement=statement))
    assert done.returncode == 0, done.stderr
    cpu, modules = done.stdout.splitlines()
    ours = {name.split(".")[1] for name in modules.split() if name.startswith("modelwatch.")}
    assert ours <= {"client", "core", "errors"}
    others = {name.partition(".")[0] for name in modules.split()} - {"modelwatch"}
    assert others <= set(sys.stdlib_module_names), others
    heavy = {"http", "ssl", "asyncio", "logging", "json", "email", "socket", "urllib", "multiprocessing", "subprocess"}
    assert not others & heavy
    assert float(cpu) < 0.1


def test_making_a_client_starts_no_thread_and_no_connection() -> None:
    done = run(
        """
        import sys, threading, modelwatch
        client = modelwatch.Client()
        assert threading.active_count() == 1
        assert not {"http.client", "ssl", "logging", "narwhals"} & set(sys.modules)
        """
    )
    assert done.returncode == 0, done.stderr


PREFORK = """
    import os, sys, modelwatch as mw

    client = mw.Client(sys.argv[1], flush_interval=0.01)

    def work(name):
        for number in range(500):
            client.log(model_id="m", model_version="1", prediction_id=f"{name}-{number}", features={"x": number})

    work("parent-before")           # waiting in the parent when it forks: the parent's to send, not the children's
    children = []
    for child in range(3):
        pid = os.fork()
        if pid == 0:
            assert client.stats().logged == 0
            work(f"child{child}")
            sys.exit(0)             # as gunicorn's workers end: by way of atexit
        children.append(pid)
    work("parent-after")
    assert all(os.waitpid(pid, 0)[1] == 0 for pid in children)
    client.close()
    stats = client.stats()
    assert stats.sent == stats.logged == 1000, stats
"""


def test_a_client_made_before_the_fork_loses_and_doubles_nothing() -> None:
    receiver = Receiver()
    with serving(receiver) as server:
        done = run(PREFORK, server.url)
    assert done.returncode == 0, done.stderr
    expected = [
        f"{name}-{number}"
        for name in ("parent-before", "parent-after", "child0", "child1", "child2")
        for number in range(500)
    ]
    assert sorted(receiver.values("prediction_id")) == sorted(expected)
    assert len({identity(table)[0] for table in receiver.tables}) == 4


MULTIPROCESSING = """
    import multiprocessing, sys, modelwatch as mw

    client = mw.Client(sys.argv[1], flush_interval=3600)

    def work(name):
        client.log(model_id="m", model_version="1", prediction_id=name)

    workers = [multiprocessing.get_context("fork").Process(target=work, args=(name,)) for name in "abc"]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
"""


def test_workers_of_multiprocessing_flush_when_they_end() -> None:
    receiver = Receiver()
    with serving(receiver) as server:
        done = run(MULTIPROCESSING, server.url)
    assert done.returncode == 0, done.stderr
    assert sorted(receiver.values("prediction_id")) == ["a", "b", "c"]


EXIT = """
    import sys, modelwatch as mw
    client = mw.Client(sys.argv[1], flush_interval=3600)
    for number in range(3000):
        client.log(model_id="m", model_version="1", prediction_id=str(number))
"""


def test_what_is_left_at_exit_is_sent() -> None:
    receiver = Receiver()
    with serving(receiver) as server:
        done = run(EXIT, server.url)
    assert (done.returncode, done.stderr) == (0, "")
    assert receiver.values("prediction_id") == [str(number) for number in range(3000)]


def test_what_cannot_be_sent_at_exit_is_said_with_its_count() -> None:
    script = EXIT + "\n    import modelwatch.client.client as module\n    module.EXIT_TIMEOUT_S = 0.2\n"
    done = run(script, "http://127.0.0.1:9")
    assert done.returncode == 0
    assert "3000 rows were left unsent" in done.stderr
    assert "refused" in done.stderr
