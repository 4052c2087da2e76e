"""Start the mail simulator: `python -m simulators.mail --smtp-port P --http-port P --state DIR`."""

from __future__ import annotations

import argparse
import signal
import threading
from pathlib import Path
from types import FrameType

from simulators.mail.faults import Faults
from simulators.mail.inbox import Inbox
from simulators.mail.smtp import serve_smtp
from simulators.mail.store import Store

HOST = "127.0.0.1"


def main() -> None:
    parser = argparse.ArgumentParser(prog="simulators.mail", description="Mail server and mailboxes.")
    parser.add_argument("--smtp-port", type=int, required=True)
    parser.add_argument("--http-port", type=int, required=True)
    parser.add_argument("--state", type=Path, required=True, help="folder that keeps the messages")
    arguments = parser.parse_args()
    arguments.state.mkdir(parents=True, exist_ok=True, mode=0o700)

    store, faults = Store(arguments.state / "mail.sqlite3"), Faults()
    smtp = serve_smtp(HOST, arguments.smtp_port, store=store, faults=faults)
    inbox = Inbox((HOST, arguments.http_port), store=store, faults=faults)
    threading.Thread(target=inbox.serve_forever, daemon=True).start()
    print(f"Mail: smtp://{HOST}:{arguments.smtp_port}, http://{HOST}:{arguments.http_port}", flush=True)

    ended = threading.Event()

    def end(number: int, frame: FrameType | None) -> None:
        ended.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, end)
    ended.wait()
    smtp.stop(no_assert=True)
    inbox.shutdown()


if __name__ == "__main__":
    main()
