"""A proxy that takes CONNECT and nothing else, and writes down who wanted to go where."""

import base64
import contextlib
import socket
import threading

from .listener import Listener, close_sockets, first_byte_and_head

BUFFER = 65_536
ESTABLISHED = b"HTTP/1.1 200 Connection established\r\n\r\n"


class ConnectProxy:
    """Leads every name to one port of this machine, whatever the name: the proxy alone knows it."""

    def __init__(self, port: int, user: str = "", password: str = ""):
        self._port = port
        self._expected = _basic(user, password) if user else None
        self._lock = threading.Lock()
        self._listener = Listener(self._serve)
        self.asked: list[str] = []
        """Every target that was named, let through or not."""
        self.heads: list[bytes] = []
        self.tunnels = 0
        self.carried = bytearray()
        """What the clients sent through the tunnels."""
        self.refusal: bytes | None = None
        """What to answer in place of a tunnel; empty to hang up."""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._listener.close()

    @property
    def connections(self) -> int:
        return self._listener.connections

    def url(self, credentials: str = "") -> str:
        return f"http://{credentials}{'@' if credentials else ''}127.0.0.1:{self._listener.port}"

    def _serve(self, client: socket.socket):
        _, head, _ = first_byte_and_head(client)
        if not head:
            return
        method, target, _ = head.decode("latin-1").split("\r\n")[0].split(" ")
        with self._lock:
            self.asked.append(target)
            self.heads.append(head)
        if method != "CONNECT":
            client.sendall(b"HTTP/1.1 405 Method Not Allowed\r\nContent-Length: 0\r\n\r\n")
        elif self.refusal is not None:
            client.sendall(self.refusal)
        elif self._expected and self._authorization(head) != self._expected:
            client.sendall(refused(407, 'Proxy-Authenticate: Basic realm="x"'))
        else:
            self._tunnel(client)

    @staticmethod
    def _authorization(head: bytes) -> str | None:
        for line in head.decode("latin-1").split("\r\n")[1:]:
            name, _, value = line.partition(":")
            if name.lower() == "proxy-authorization":
                return value.strip()
        return None

    def _tunnel(self, client: socket.socket):
        with socket.create_connection(("127.0.0.1", self._port)) as server:
            with self._lock:
                self.tunnels += 1
            client.sendall(ESTABLISHED)
            back = threading.Thread(target=self._pump, args=(server, client), daemon=True)
            back.start()
            self._pump(client, server, self.carried)
            back.join()

    @staticmethod
    def _pump(source: socket.socket, sink: socket.socket, record: bytearray | None = None):
        with contextlib.suppress(OSError):
            while data := source.recv(BUFFER):
                if record is not None:
                    record += data
                sink.sendall(data)
        close_sockets(source, sink)


def refused(status: int, *headers: str) -> bytes:
    lines = [f"HTTP/1.1 {status} No", "Content-Length: 0", *headers]
    return "\r\n".join(lines).encode() + b"\r\n\r\n"


def _basic(user: str, password: str) -> str:
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()
