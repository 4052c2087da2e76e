from __future__ import annotations

import select
from typing import Any

from django.db.backends.postgresql import base


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's connection, which is looked at before each request without a question to the server."""

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        # Names of the statements that the server keeps for this connection (`core.kept_statements`).
        self.prepared: set[str] = set()
        return super().get_new_connection(conn_params)

    def is_usable(self) -> bool:
        """Say whether the connection lives.

        A server that ended, was restarted or cut the line has closed its socket, and a closed socket can be read from.
        Between requests a living one is silent; where it is not, and after any error, the server is asked after all.
        """
        if self.connection is None or self.connection.closed:
            return False
        line = select.poll()
        line.register(self.connection.fileno(), select.POLLIN)
        return (not self.errors_occurred and not line.poll(0)) or super().is_usable()
