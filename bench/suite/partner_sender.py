"""Sends signed webhooks over TLS at a fixed rate; a process of its own, one of several.

    partner_sender.py HOST PORT PATH CA PARCELS RATE START PART PARTS

PARCELS has on each line a delivery's id, its signature and its body, parted by tabs. The webhook of
line N is due N / RATE seconds after START; this process sends each PARTS-th from PART on. It prints
JSON: of each webhook its number, and in milliseconds after it was due when it was begun and
answered.
"""

import itertools
import json
import socket
import ssl
import sys
import threading
import time

CONNECTIONS = 8
"""So many may be under way before one has to wait for its turn, which counts."""
ANSWER_SECONDS_MAX = 20


class Sender:
    """A number of threads that share the turns, each with a connection that it keeps."""

    def __init__(self, address: tuple[str, int], ca: str, requests: dict[int, bytes]):
        self._context = ssl.create_default_context(cafile=ca)
        self._address = address
        self._requests = requests
        self._turns = iter(sorted(requests))
        self._lock = threading.Lock()
        self.taken: list[tuple[int, float, float]] = []
        self.failures: list[str] = []

    def run(self, rate: float, start: float):
        connections = [self._connect() for _ in range(CONNECTIONS)]
        if time.time() > start:
            self.failures.append("the connections were not made before the start")
        threads = [
            threading.Thread(target=self._work, args=(one, rate, start)) for one in connections
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def _connect(self) -> ssl.SSLSocket:
        plain = socket.create_connection(self._address, ANSWER_SECONDS_MAX)
        plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return self._context.wrap_socket(plain, server_hostname="localhost")

    def _work(self, connection: ssl.SSLSocket, rate: float, start: float):
        with connection:
            while not self.failures:
                with self._lock:
                    number = next(self._turns, None)
                if number is None:
                    return
                due = start + number / rate
                time.sleep(max(0.0, due - time.time()))
                begun = time.time()
                try:
                    self._send(connection, self._requests[number])
                except OSError as error:
                    self.failures.append(f"webhook {number}: {error}")
                    return
                self.taken.append((number, 1000 * (begun - due), 1000 * (time.time() - due)))

    @staticmethod
    def _send(connection: ssl.SSLSocket, request: bytes):
        connection.sendall(request)
        answer = b""
        # A 204 ends with its head.
        while not answer.endswith(b"\r\n\r\n"):
            more = connection.recv(4096)
            if not more:
                raise OSError(f"the receiver hung up after {answer!r}")
            answer += more
        if not answer.startswith(b"HTTP/1.1 204 "):
            raise OSError(f"the answer is {answer[:300]!r}")


def read_requests(
    path: str, host: str, target: str, numbers: itertools.count
) -> dict[int, bytes]:
    """Made before anything is sent, so that sending is all that is left to do."""
    requests = {}
    wanted = next(numbers)
    with open(path, encoding="utf-8") as file:
        for number, line in enumerate(file):
            if number != wanted:
                continue
            wanted = next(numbers)
            delivery, signature, body = line.rstrip("\n").split("\t")
            content = body.encode()
            head = (
                f"POST {target} HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json\r\n"
                f"User-Agent: parry\r\nX-Signature: {signature}\r\n"
                f"X-Idempotency-Key: {delivery}\r\nContent-Length: {len(content)}\r\n\r\n"
            )
            requests[number] = head.encode() + content
    return requests


def main() -> int:
    host, port, target, ca, parcels, rate, start, part, parts = sys.argv[1:]
    numbers = itertools.count(int(part), int(parts))
    requests = read_requests(parcels, f"localhost:{port}", target, numbers)
    sender = Sender((host, int(port)), ca, requests)
    sender.run(float(rate), float(start))
    if sender.failures:
        print(sender.failures[0], file=sys.stderr)
        return 1
    json.dump(sender.taken, sys.stdout)
    return 0


if __name__ == "__main__":
    sys.exit(main())
