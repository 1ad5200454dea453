"""A decision hook that is a URL: answers as it is told, the last answer again and again."""

import http.server
import json
import threading
from dataclasses import dataclass

STALLED_SECONDS_MAX = 60


@dataclass(frozen=True)
class HookReply:
    """What to answer; a stall comes after the head and a byte."""

    body: bytes = b"{}"
    status: int = 200
    is_stalled: bool = False
    is_hung_up: bool = False
    location: str = ""


def said(**members) -> HookReply:
    return HookReply(json.dumps(members).encode())


class HttpHook:
    """Listens on 127.0.0.1; `plan` says what is answered to a step about a code, call by call."""

    def __init__(self):
        self.questions: list[tuple[dict, dict]] = []
        """Headers and body of every call."""
        self._plans: dict[tuple[str, str], list[HookReply]] = {}
        self._lock = threading.Lock()
        self.closing = threading.Event()
        self._http = _Server(("127.0.0.1", 0), _Handler)
        self._http.hook = self
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.closing.set()
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._http.server_port}/hook?shop=1"

    def plan(self, code: str, step: str, *replies: HookReply):
        with self._lock:
            self._plans[code, step] = list(replies)

    def asked(self, code: str, step: str) -> list[tuple[dict, dict]]:
        with self._lock:
            return [
                (headers, body) for headers, body in self.questions
                if (body["alert"]["transaction_authorisation_code"], body["step"]) == (code, step)
            ]  # fmt: skip

    def take(self, headers: dict, body: dict) -> HookReply:
        with self._lock:
            self.questions.append((headers, body))
            code = body["alert"]["transaction_authorisation_code"]
            planned = self._plans.get((code, body["step"]), [said(decision="leave")])
            return planned.pop(0) if len(planned) > 1 else planned[0]


class _Server(http.server.ThreadingHTTPServer):
    hook: HttpHook
    daemon_threads = True
    block_on_close = False

    def handle_error(self, request, client_address):
        """A client that hangs up is an everyday thing here, not a stack trace."""


class _Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        hook = self.server.hook
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        headers = {name.lower(): value for name, value in self.headers.items()}
        reply = hook.take(headers | {":path": self.path}, body)
        if reply.is_hung_up:
            self.close_connection = True
            return
        self.send_response(reply.status)
        self.send_header("Content-Length", str(len(reply.body)))
        if reply.location:
            self.send_header("Location", reply.location)
        self.end_headers()
        if reply.is_stalled:
            self.wfile.write(reply.body[:1])
            self.wfile.flush()
            hook.closing.wait(STALLED_SECONDS_MAX)
            self.close_connection = True
        else:
            self.wfile.write(reply.body)

    def log_message(self, *_):
        pass
