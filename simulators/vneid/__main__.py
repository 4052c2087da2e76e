"""Start the stand-in: `python -m simulators.vneid --port P --state DIR`."""

from __future__ import annotations

import argparse
import os
import signal
import sys
from pathlib import Path
from types import FrameType

HOST = "127.0.0.1"


def main() -> None:
    parser = argparse.ArgumentParser(prog="simulators.vneid", description="VNeID stand-in (OpenID Connect).")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--state", type=Path, required=True, help="folder for its database and keys")
    arguments = parser.parse_args()
    arguments.state.mkdir(parents=True, exist_ok=True, mode=0o700)
    # Always its own settings: the launcher's environment may name the portal's.
    os.environ["DJANGO_SETTINGS_MODULE"] = "simulators.vneid.settings"
    os.environ["VNEID_STATE"] = str(arguments.state.resolve())
    os.environ["VNEID_ORIGIN"] = f"http://{HOST}:{arguments.port}"

    import django  # noqa: PLC0415  (settings are named above)

    django.setup()

    from django.core.servers.basehttp import ThreadedWSGIServer  # noqa: PLC0415
    from django.core.wsgi import get_wsgi_application  # noqa: PLC0415

    from simulators.vneid import state  # noqa: PLC0415
    from simulators.vneid.server import QuietHandler  # noqa: PLC0415

    state.prepare()
    server = ThreadedWSGIServer((HOST, arguments.port), QuietHandler)
    server.daemon_threads = True
    server.set_app(get_wsgi_application())
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _stop)
    print(f"VNeID stand-in: http://{HOST}:{arguments.port}", flush=True)
    server.serve_forever(poll_interval=0.2)


def _stop(number: int, frame: FrameType | None) -> None:
    sys.exit(0)


if __name__ == "__main__":
    main()
