"""``python -m simulators.scanner --port 3310 --state DIR``"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
from pathlib import Path

from simulators.scanner import server

parser = argparse.ArgumentParser(prog="simulators.scanner", description=server.VERSION)
parser.add_argument("--port", type=int, required=True, help="TCP port on 127.0.0.1; 0 takes a free one")
parser.add_argument("--state", type=Path, required=True, help="folder of control.json and scans.jsonl")
parser.add_argument("--stream-max-length", type=int, default=server.STREAM_MAX_LENGTH, help="in bytes")
options = parser.parse_args()

with contextlib.suppress(KeyboardInterrupt):
    asyncio.run(
        server.run(port=options.port, state=options.state, stream_max_length=options.stream_max_length)
    )
