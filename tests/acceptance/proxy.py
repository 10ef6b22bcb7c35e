"""A TCP proxy that cuts connections after a number of bytes, as a bad network does."""

from __future__ import annotations

import select
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

UNLIMITED = 1 << 60


class Proxy:
    """`limits` holds one number per connection to come: bytes in both directions until it is cut; then none is."""

    def __init__(self, port: int) -> None:
        self._target = port
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self.limits: list[int] = []
        self.carried: list[int] = []  # bytes of each ended connection

    def accept(self) -> None:
        """Until the listener is closed."""
        with suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                limit = self.limits.pop(0) if self.limits else UNLIMITED
                threading.Thread(target=self._carry, args=(client, limit), daemon=True).start()

    def _carry(self, client: socket.socket, limit: int) -> None:
        carried = 0
        with client, suppress(OSError), socket.create_connection(("127.0.0.1", self._target)) as server:
            other = {client: server, server: client}
            while carried < limit:
                ready, _, _ = select.select([client, server], [], [])
                chunk = ready[0].recv(min(4096, limit - carried))
                if not chunk:
                    break
                other[ready[0]].sendall(chunk)
                carried += len(chunk)
        self.carried.append(carried)

    def close(self) -> None:
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()


@contextmanager
def proxy(port: int) -> Iterator[Proxy]:
    """One in front of a port on loopback."""
    running = Proxy(port)
    threading.Thread(target=running.accept, daemon=True).start()
    try:
        yield running
    finally:
        running.close()
