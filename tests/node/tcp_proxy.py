"""A TCP proxy in front of a node that can be closed, or stop answering, while a service uses it."""

import contextlib
import socket
import threading
from urllib.parse import urlsplit


class TcpProxy:
    """Forwards bytes between a port of its own and the node's port."""

    def __init__(self, node_url: str) -> None:
        url_parts = urlsplit(node_url)
        self._node_address = (url_parts.hostname or "127.0.0.1", url_parts.port or 9200)
        self._listener: socket.socket | None = None
        self._port = 0
        self._silent = False
        self._connections: list[socket.socket] = []
        self.open()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    def open(self, *, silent: bool = False) -> None:
        """Listen on the same port as before; with `silent`, accept every connection and never answer."""
        self.close()
        self._silent = silent
        self._listener = socket.create_server(("127.0.0.1", self._port))
        self._port = self._listener.getsockname()[1]
        threading.Thread(target=self._accept_connections, args=(self._listener,), daemon=True).start()

    def close(self) -> None:
        """Stop listening and end every connection, as if the node had stopped."""
        if self._listener:
            # Else the thread that waits in `accept` would keep the port.
            with contextlib.suppress(OSError):
                self._listener.shutdown(socket.SHUT_RDWR)
            self._listener.close()
        for connection in self._connections:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
            connection.close()
        self._listener, self._connections = None, []

    def _accept_connections(self, listener: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while True:
                client_socket, _ = listener.accept()
                self._connections.append(client_socket)
                if not self._silent:
                    node_socket = socket.create_connection(self._node_address)
                    self._connections.append(node_socket)
                    for endpoints in ((client_socket, node_socket), (node_socket, client_socket)):
                        threading.Thread(target=_copy_bytes, args=endpoints, daemon=True).start()


def _copy_bytes(source: socket.socket, target: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while data := source.recv(65_536):
            target.sendall(data)
        target.shutdown(socket.SHUT_WR)
