"""The protocol of clamd on TCP, one command a connection."""

from __future__ import annotations

import asyncio
import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

from simulators.scanner.detection import find

VERSION = "Simulator of clamd 1 (finds only the EICAR test pattern)"
STREAM_MAX_LENGTH = 25 * 2**20  # clamd's default
LONGEST_COMMAND = 1024
PATIENCE_SECONDS = 30


@dataclass(frozen=True)
class Control:
    mode: str = "normal"
    delay_seconds: float = 0.0


class SizeLimitExceeded(Exception):
    pass


class Scanner:
    """Answers connections; what it does badly on purpose stands in ``control.json`` of its state folder."""

    def __init__(self, state: Path, *, stream_max_length: int = STREAM_MAX_LENGTH) -> None:
        self.state = state
        self.stream_max_length = stream_max_length
        state.mkdir(parents=True, exist_ok=True)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                await self._answer(reader, writer)
        except (TimeoutError, ConnectionError, asyncio.IncompleteReadError):
            pass  # the other side is gone or too slow: nothing to say and nobody to say it to
        finally:
            writer.close()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        command, end = await read_command(reader)
        control = self._control()
        await asyncio.sleep(control.delay_seconds)
        if command == "INSTREAM":
            answer = await self._scan(reader, control)
        elif control.mode == "hang":
            answer = None
        else:
            answers = {"PING": "PONG", "VERSION": VERSION, "RELOAD": "RELOADING"}
            answer = answers.get(command, "UNKNOWN COMMAND")
        if answer is None:
            await asyncio.sleep(PATIENCE_SECONDS)
            return
        writer.write(answer.encode() + end)
        await writer.drain()

    async def _scan(self, reader: asyncio.StreamReader, control: Control) -> str | None:
        if control.mode == "drop":
            await reader.readexactly(4)
            raise ConnectionError
        try:
            data = await read_stream(reader, self.stream_max_length)
        except SizeLimitExceeded:
            return "INSTREAM size limit exceeded. ERROR"
        if control.mode == "hang":
            return None
        if control.mode == "error":
            answer = "stream: Can't allocate memory ERROR"
        elif found := "Simulated.Find" if control.mode == "infected" else await asyncio.to_thread(find, data):
            answer = f"stream: {found} FOUND"
        else:
            answer = "stream: OK"
        self._record(data, answer)
        return answer

    def _control(self) -> Control:
        try:
            return Control(**json.loads((self.state / "control.json").read_text()))
        except FileNotFoundError:
            return Control()

    def _record(self, data: bytes, answer: str) -> None:
        line = {"size": len(data), "sha256": hashlib.sha256(data).hexdigest(), "answer": answer}
        with (self.state / "scans.jsonl").open("a") as log:
            log.write(json.dumps(line) + "\n")


async def read_command(reader: asyncio.StreamReader) -> tuple[str, bytes]:
    """Read ``zNAME\\0``, ``nNAME\\n`` or the old ``NAME\\n``; return the name and how replies end."""
    prefix = await reader.readexactly(1)
    end = b"\0" if prefix == b"z" else b"\n"
    name = (await reader.readuntil(end))[: -len(end)]
    if prefix not in (b"z", b"n"):
        name = prefix + name
    return name.decode(errors="replace").strip(), end


async def read_stream(reader: asyncio.StreamReader, most: int) -> bytes:
    """Read chunks, each behind its length in four bytes, up to a length of zero.

    :raises SizeLimitExceeded: they hold more than ``most`` bytes together.
    """
    data = bytearray()
    while length := int.from_bytes(await reader.readexactly(4), "big"):
        if len(data) + length > most:
            raise SizeLimitExceeded
        data += await reader.readexactly(length)
    return bytes(data)


async def run(*, port: int, state: Path, stream_max_length: int = STREAM_MAX_LENGTH) -> None:
    """Serve on the loopback address until cancelled."""
    scanner = Scanner(state, stream_max_length=stream_max_length)
    server = await asyncio.start_server(scanner.serve, "127.0.0.1", port, limit=LONGEST_COMMAND)
    bound = server.sockets[0].getsockname()[1]
    print(f"{VERSION}, listening on 127.0.0.1:{bound}", flush=True)
    async with server:
        await server.serve_forever()
