"""Ask this machine's web process for a page as the proxy before it would; the health check of its container.

    python -m danang_portal.probe [PATH]

Standard library only: it runs every few seconds.
"""

from __future__ import annotations

import http.client
import os
import sys
from collections.abc import Mapping
from urllib.parse import urlsplit


def ask(path: str, *, port: int, environment: Mapping[str, str]) -> tuple[int, bytes]:
    """GET a page and return its status and body; status 0 when nobody answers within five seconds.

    :param environment: has `PORTAL_URL`, whose host and scheme the portal insists on.
    """
    public = urlsplit(environment["PORTAL_URL"])
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        line.request("GET", path, headers={"Host": public.netloc, "X-Forwarded-Proto": public.scheme})
        answer = line.getresponse()
        return answer.status, answer.read()
    except (OSError, http.client.HTTPException):
        return 0, b""
    finally:
        line.close()


if __name__ == "__main__":
    port = int(os.environ.get("BIND", "127.0.0.1:8000").rpartition(":")[2])
    status, _ = ask(sys.argv[1] if len(sys.argv) > 1 else "/healthz", port=port, environment=os.environ)
    sys.exit(0 if status == 200 else 1)
