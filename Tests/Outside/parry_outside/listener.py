"""A port that hands each connection to a function, in a thread of its own."""

import contextlib
import socket
import threading
import time

WAITING_CONNECTIONS_MAX = 512


class Listener:
    """Counts its connections and closes them when it ends, whatever `serve` is doing with them."""

    def __init__(self, serve, host: str = "127.0.0.1", port: int = 0):
        """`serve` gets the connected socket; the connection ends when it returns."""
        self._serve = serve
        self._lock = threading.Lock()
        self._open: set[socket.socket] = set()
        self.connections = 0
        self.closing = threading.Event()
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self._listener = socket.create_server(
            (host, port), family=family, backlog=WAITING_CONNECTIONS_MAX
        )
        threading.Thread(target=self._accept, daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    @property
    def port(self) -> int:
        return self._listener.getsockname()[1]

    def close(self):
        self.closing.set()
        with self._lock:
            close_sockets(self._listener, *self._open)

    def pause(self, seconds: float) -> bool:
        """Waits, but never longer than the listener lives; whether it lives."""
        return not self.closing.wait(seconds)

    def _accept(self):
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            with self._lock:
                self.connections += 1
                self._open.add(connection)
            threading.Thread(target=self._run, args=(connection,), daemon=True).start()

    def _run(self, connection: socket.socket):
        """A sender that hangs up is an everyday thing here, not a stack trace."""
        with contextlib.suppress(OSError, ValueError):
            self._serve(connection)
        with self._lock:
            self._open.discard(connection)
        close_sockets(connection)


class Canary:
    """Listens on every address of this machine, IPv4 and IPv6, and must never hear anything."""

    def __init__(self):
        self._four = Listener(self._listen, "0.0.0.0")
        self._six = Listener(self._listen, "::", self._four.port)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._four.close()
        self._six.close()

    @property
    def port(self) -> int:
        return self._four.port

    @property
    def connections(self) -> int:
        return self._four.connections + self._six.connections

    @staticmethod
    def _listen(connection: socket.socket):
        connection.settimeout(1)
        connection.recv(1)


def close_sockets(*sockets):
    for one in sockets:
        with contextlib.suppress(OSError):
            one.shutdown(socket.SHUT_RDWR)
        one.close()


def first_byte_and_head(connection) -> tuple[float, bytes, bytes]:
    """When a request began, its head, and what came behind it; an empty head at the end."""
    data, began = b"", 0.0
    while b"\r\n\r\n" not in data:
        part = connection.recv(65_536)
        began = began or time.monotonic()
        if not part:
            return began, b"", b""
        data += part
    head, _, rest = data.partition(b"\r\n\r\n")
    return began, head, rest
