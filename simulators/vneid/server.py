from __future__ import annotations

import re
import sys
from typing import Any

from django.core.servers.basehttp import WSGIRequestHandler


class QuietHandler(WSGIRequestHandler):
    """Log a request without its query: authorization codes have no place in a log."""

    def log_message(self, format: str, *args: Any) -> None:
        line = re.sub(r"\?\S+", "?…", format % args)
        sys.stderr.write(f"{self.log_date_time_string()} {line}\n")
