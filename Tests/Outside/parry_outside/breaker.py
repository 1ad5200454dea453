"""A way to a PostgreSQL server that breaks off at the COMMIT of one transaction, when it is told to."""

import contextlib
import hashlib
import socket
import threading

BUFFER = 65_536
# The program names what it prepares by its content, so that a COMMIT can be known on the wire.
COMMIT_NAME = b"parry_" + hashlib.sha256(b"COMMIT").hexdigest()[:20].encode()


class Breaker:
    """Forwards connections to a port. `break_before` keeps the COMMIT of the next transaction that
    writes a text from the server, `break_after` lets it pass and keeps its answer from the client."""

    def __init__(self, port: int, on_break=lambda: None):
        self._target = port
        self._on_break = on_break
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._lock = threading.Lock()
        self._wish: tuple[str, bytes] | None = None
        self._sockets = []
        self.breaks = 0
        threading.Thread(target=self._accept, daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        _close(self._listener, *self._sockets)

    @property
    def port(self) -> int:
        return self._listener.getsockname()[1]

    def break_before(self, text: str):
        self._wish = ("before", text.encode())

    def break_after(self, text: str):
        self._wish = ("after", text.encode())

    # A muted connection ends for the client when everything has happened, not when the server goes.
    def _accept(self):
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            try:
                server = socket.create_connection(("127.0.0.1", self._target))
            except OSError:
                client.close()
                continue
            self._sockets += [client, server]
            mute = threading.Event()
            for pump in (self._requests, self._answers):
                threading.Thread(target=pump, args=(client, server, mute), daemon=True).start()

    def _requests(self, client, server, mute):
        is_chosen = False
        with contextlib.suppress(OSError):
            while data := client.recv(BUFFER):
                is_chosen = is_chosen or self._wishes(data)
                ends = is_chosen and (COMMIT_NAME in data or b"COMMIT\0" in data)
                wish = self._take_wish() if ends else None
                if wish:
                    mute.set()
                if wish != "before":
                    server.sendall(data)
                if wish:
                    # What was sent is carried out before the end of the connection is read.
                    server.shutdown(socket.SHUT_WR)
                    with contextlib.suppress(OSError):
                        while wish == "after" and server.recv(1):
                            pass
                    self._on_break()
                    client.close()
                    return
        _close(client, server)

    def _answers(self, client, server, mute):
        with contextlib.suppress(OSError):
            while data := server.recv(BUFFER):
                if not mute.is_set():
                    client.sendall(data)
        if not mute.is_set():
            _close(client, server)

    def _wishes(self, data: bytes) -> bool:
        wish = self._wish
        return wish is not None and wish[1] in data

    def _take_wish(self) -> str | None:
        with self._lock:
            wish, self._wish = self._wish, None
            self.breaks += wish is not None
            return wish and wish[0]


def _close(*sockets):
    for one in sockets:
        with contextlib.suppress(OSError):
            one.shutdown(socket.SHUT_RDWR)
        one.close()
