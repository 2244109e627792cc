"""A door before the node: it can be shut, or opened onto nothing, while a service asks."""

import contextlib
import socket
import threading
from urllib.parse import urlsplit


class Door:
    """Hands bytes on between a port of its own and the node's."""

    def __init__(self, node_url: str) -> None:
        parts = urlsplit(node_url)
        self._node = (parts.hostname or "127.0.0.1", parts.port or 9200)
        self._listener: socket.socket | None = None
        self._port = 0
        self._silent = False
        self._inside: list[socket.socket] = []
        self.open()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    def open(self, *, silent: bool = False) -> None:
        """On the same port as before; `silent` takes every question and never answers."""
        self.shut()
        self._silent = silent
        self._listener = socket.create_server(("127.0.0.1", self._port))
        self._port = self._listener.getsockname()[1]
        threading.Thread(target=self._welcome, args=(self._listener,), daemon=True).start()

    def shut(self) -> None:
        """As if the node had been stopped: nothing listens, and every connection ends."""
        if self._listener:
            # Else the thread that waits in `accept` would keep the port.
            with contextlib.suppress(OSError):
                self._listener.shutdown(socket.SHUT_RDWR)
            self._listener.close()
        for each in self._inside:
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
            each.close()
        self._listener, self._inside = None, []

    def _welcome(self, listener: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while True:
                guest, _ = listener.accept()
                self._inside.append(guest)
                if not self._silent:
                    host = socket.create_connection(self._node)
                    self._inside.append(host)
                    for ends in ((guest, host), (host, guest)):
                        threading.Thread(target=_hand_on, args=ends, daemon=True).start()


def _hand_on(source: socket.socket, target: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while data := source.recv(65_536):
            target.sendall(data)
        target.shutdown(socket.SHUT_WR)
