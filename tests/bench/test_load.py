"""The closed loop, against a small server of its own in a thread."""

from __future__ import annotations

import http.server
import math
import threading
from collections.abc import Iterator

import pytest

from bench.load import Client, drive, percentile


class Page(http.server.BaseHTTPRequestHandler):
    """Answers /ok, /missing, /chunked and /once, which ends the connection; echoes what is posted."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        if self.path == "/chunked":
            self.send_response(200)
            self.send_header("Transfer-Encoding", "chunked")
            self.end_headers()
            self.wfile.write(b"3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n")
            return
        self.send_response(404 if self.path == "/missing" else 200)
        self._finish(b"hello")

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(201)
        self._finish(body)

    def _finish(self, body: bytes) -> None:
        self.send_header("Content-Length", str(len(body)))
        if self.path == "/once":
            self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_arguments: object) -> None:
        pass


@pytest.fixture
def port() -> Iterator[int]:
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Page) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield server.server_address[1]
        server.shutdown()


def test_a_loop_ends_after_the_flows_it_may_begin(port):
    async def flow(client: Client, number: int) -> None:
        await client.get("/ok", name="ok")

    loop = drive(flow, port=port, clients=3, seconds=30, flows=20)

    assert (len(loop.flows), loop.failed, len(loop.requests["ok"])) == (20, 0, 20)


def test_every_flow_has_its_own_number(port):
    numbers = []

    async def flow(client: Client, number: int) -> None:
        numbers.append(number)
        await client.get("/ok", name="ok")

    drive(flow, port=port, clients=4, seconds=30, flows=12)

    assert sorted(numbers) == list(range(12))


def test_an_unexpected_status_is_counted_as_an_error_with_its_words(port):
    async def flow(client: Client, number: int) -> None:
        await client.get("/ok" if number else "/missing", name="page")

    loop = drive(flow, port=port, clients=1, seconds=30, flows=3)

    assert (len(loop.flows), loop.failed) == (2, 1)
    assert "/missing: 404 instead of 200: hello" in loop.errors[0]


def test_a_server_that_does_not_answer_ends_the_loop():
    async def flow(client: Client, number: int) -> None:
        await client.get("/ok", name="ok")

    loop = drive(flow, port=1, clients=2, seconds=30)

    assert loop.flows == []
    assert loop.failed > 50


def test_what_is_sent_arrives_whole_and_long_answers_in_pieces_too(port):
    answers = []

    async def flow(client: Client, number: int) -> None:
        answers.append((await client.send("POST", "/", name="post", body=b"x" * 300_000, expected=201)).body)
        answers.append((await client.get("/chunked", name="chunked")).body)

    loop = drive(flow, port=port, clients=1, seconds=30, flows=1)

    assert (loop.failed, answers) == (0, [b"x" * 300_000, b"abcde"])


def test_a_closed_connection_is_opened_again(port):
    async def flow(client: Client, number: int) -> None:
        await client.get("/once", name="once")

    loop = drive(flow, port=port, clients=1, seconds=30, flows=3)

    assert (len(loop.flows), loop.failed) == (3, 0)


@pytest.mark.parametrize(("share", "value"), [(0.5, 50), (0.95, 95), (0.99, 99), (1.0, 100)])
def test_a_percentile_is_one_of_the_values(share, value):
    assert percentile([float(number) for number in range(100, 0, -1)], share) == value


def test_nothing_has_no_percentile():
    assert math.isnan(percentile([], 0.5))
