"""HTTP over a real socket."""

from __future__ import annotations

import socket
import threading

import pytest

from modelwatch.client import Client
from modelwatch.client.transport import HttpTransport, Request, Response
from tests.client.http_server import serving
from tests.client.receiver import Receiver


def http(url: str, timeout: float = 10, api_key: str | None = None) -> HttpTransport:
    return HttpTransport(url, api_key=api_key, timeout=timeout)


def echo(request: Request) -> Response:
    return Response(200, request.body)  # type: ignore[arg-type]


def test_one_connection_serves_many_requests_with_key_and_prefix() -> None:
    receiver = Receiver([echo] * 3)
    with serving(receiver) as server:
        transport = http(server.url + "/behind/a/proxy/", api_key="secret")
        for i in range(3):
            assert transport(Request("POST", "/x", {"Content-Type": "a/b"}, b"%d" % i)).body == b"%d" % i
        transport.close()
        assert server.connections == 1
    assert {request.path for request in receiver.requests} == {"/behind/a/proxy/x"}
    assert receiver.requests[0].headers["Authorization"] == "Bearer secret"
    assert receiver.requests[0].headers["Content-Type"] == "a/b"


def test_a_connection_that_the_server_closed_is_opened_again() -> None:
    receiver = Receiver([echo, ConnectionResetError(), echo])
    with serving(receiver) as server:
        transport = http(server.url)
        assert transport(Request("POST", "/x", {}, b"a")).body == b"a"
        assert transport(Request("POST", "/x", {}, b"b")).body == b"b"
        transport.close()
        assert server.connections == 2


def test_no_answer_is_an_os_error_and_the_next_request_works() -> None:
    receiver = Receiver([ConnectionResetError(), ConnectionResetError(), echo])
    with serving(receiver) as server:
        transport = http(server.url)
        for _ in range(2):
            with pytest.raises(OSError):  # noqa: PT011  every kind of it
                transport(Request("POST", "/x", {}, b"a"))
        assert transport(Request("POST", "/x", {}, b"a")).body == b"a"
        transport.close()


def test_nobody_there_is_an_os_error() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with pytest.raises(ConnectionRefusedError):
        http(f"http://127.0.0.1:{port}")(Request("POST", "/x", {}, b""))


@pytest.mark.parametrize("answer", [b"SSH-2.0-hello\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc", b""])
def test_an_answer_that_is_no_whole_answer_is_an_os_error(answer: bytes) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:

        def reply() -> None:
            connection, _ = server.accept()
            with connection:
                connection.recv(65536)
                connection.sendall(answer)

        thread = threading.Thread(target=reply)
        thread.start()
        transport = http(f"http://127.0.0.1:{server.getsockname()[1]}")
        with pytest.raises(OSError):  # noqa: PT011
            transport(Request("POST", "/x", {}, b"a"))
        thread.join()


def test_a_refusal_before_the_body_is_read_reaches_the_client() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:

        def refuse() -> None:
            connection, _ = server.accept()
            with connection:
                connection.recv(1000)
                connection.sendall(b"HTTP/1.1 413 Too Large\r\nContent-Length: 2\r\n\r\nno")
                connection.shutdown(socket.SHUT_WR)
                while connection.recv(1 << 20):
                    pass

        thread = threading.Thread(target=refuse)
        thread.start()
        transport = http(f"http://127.0.0.1:{server.getsockname()[1]}")
        assert transport(Request("POST", "/x", {}, bytes(20_000_000))).status == 413
        transport.close()
        thread.join()


def test_a_body_in_pieces_is_sent_chunked_over_its_own_connection() -> None:
    receiver = Receiver([echo] * 3)
    with serving(receiver) as server:
        transport = http(server.url)
        assert transport(Request("POST", "/x", {}, b"a")).body == b"a"
        assert transport(Request("PUT", "/y", {}, iter([b"b" * 100_000, b"c"]))).body == b"b" * 100_000 + b"c"
        assert transport(Request("POST", "/x", {}, b"a")).body == b"a"
        transport.close()
        assert server.connections == 2
    assert receiver.requests[1].headers["Transfer-Encoding"] == "chunked"


def test_retry_after_is_handed_on() -> None:
    receiver = Receiver([Response(429, b"", "3")])
    with serving(receiver) as server:
        transport = http(server.url)
        assert transport(Request("POST", "/x", {}, b"a")).retry_after == "3"
        transport.close()


def test_predictions_over_a_real_socket_arrive_also_when_an_answer_is_lost() -> None:
    receiver = Receiver()

    def lose(request: Request) -> Response:
        receiver.take(request)
        raise ConnectionResetError

    receiver.answers = [lose, lose, lose]
    with serving(receiver) as server, Client(server.url) as client:
        for number in range(5_000):
            client.log(model_id="m", model_version="1", prediction_id=str(number), features={"x": number})
        assert client.flush(30)
        stats = client.stats()
        client._transport.close()  # type: ignore[attr-defined]
    assert receiver.values("prediction_id") == [str(number) for number in range(5_000)]
    assert stats.sent + stats.duplicate == 5_000
    assert stats.duplicate > 0


def test_a_server_that_is_away_at_first_gets_everything() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    receiver = Receiver()
    client = Client(f"http://127.0.0.1:{port}")
    for number in range(100):
        client.log(model_id="m", model_version="1", prediction_id=str(number))
    assert not client.flush(0.05)
    with serving(receiver, port):
        assert client.flush(30)
        client.close()
        client._transport.close()  # type: ignore[attr-defined]
    assert receiver.values("prediction_id") == [str(number) for number in range(100)]
    assert client.stats().retried > 0
