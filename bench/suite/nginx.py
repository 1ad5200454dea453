"""An nginx of our own, without privileges and outside of the system's folders."""

import os
import shutil
import signal
import socket
import subprocess
import time
from pathlib import Path

from .figures import BenchError

START_SECONDS_MAX = 10
STOP_SECONDS_MAX = 10
CONFIGURATION = """\
daemon off;
{user}worker_processes {workers};
pid {folder}/nginx.pid;
error_log {folder}/error.log warn;
events {{ worker_connections 1024; }}
http {{
    access_log off;
    default_type application/json;
    keepalive_timeout 300s;
    keepalive_requests 1000000000;
    client_body_buffer_size 1m;
    client_max_body_size 8m;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
{servers}
}}
"""


class Nginx:
    """Serves the given `server { … }` blocks; gone when the block is left."""

    def __init__(self, folder: Path, servers: str, port: int, workers: int = 2):
        self._folder = folder
        self._port = port
        folder.mkdir(parents=True)
        # Started as root, the workers would become someone who may not look into the folder.
        user = "user root;\n" if os.geteuid() == 0 else ""
        self._configuration = folder / "nginx.conf"
        self._configuration.write_text(
            CONFIGURATION.format(user=user, workers=workers, folder=folder, servers=servers)
        )
        self._process: subprocess.Popen | None = None

    def __enter__(self):
        program = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin:/sbin")
        self._process = subprocess.Popen(
            [
                program, "-p", self._folder, "-e", self._folder / "error.log",
                "-c", self._configuration,
            ],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        deadline = time.monotonic() + START_SECONDS_MAX
        while not self._is_listening():
            if self._process.poll() is not None or time.monotonic() > deadline:
                self.__exit__()
                raise BenchError(
                    "nginx does not start:\n" + (self._folder / "error.log").read_text()
                )
            time.sleep(0.02)
        return self

    def __exit__(self, *_):
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)
            try:
                self._process.wait(STOP_SECONDS_MAX)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()

    @property
    def workers(self) -> list[int]:
        pid = self._process.pid
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text()
        return list(map(int, children.split()))

    def _is_listening(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self._port)) == 0
