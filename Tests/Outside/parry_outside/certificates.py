"""A throw-away certificate authority and a server certificate, made with the openssl command."""

import subprocess
from dataclasses import dataclass
from pathlib import Path

NEW_KEY = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
SERVER_EXTENSIONS = """\
basicConstraints = critical, CA:FALSE
keyUsage = critical, digitalSignature
extendedKeyUsage = serverAuth
subjectAltName = {names}
"""
LOCAL_NAMES = "DNS:localhost, IP:127.0.0.1"


@dataclass(frozen=True)
class Certificates:
    """Paths of PEM files: what a client trusts, and what a server on localhost presents."""

    ca: Path
    certificate: Path
    key: Path


def make_certificates(folder: Path) -> Certificates:
    """Valid for localhost and 127.0.0.1, for two days: nobody can grow fond of them."""
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    made = Certificates(folder / "ca.pem", folder / "server.pem", folder / "server-key.pem")
    _make_authority(folder, made)
    _sign_server(folder, made, LOCAL_NAMES)
    return made


def make_self_signed(folder: Path) -> Certificates:
    """A certificate for localhost that vouches for itself."""
    folder.mkdir(parents=True, exist_ok=True)
    made = Certificates(folder / "self.pem", folder / "self.pem", folder / "self-key.pem")
    _openssl(
        "req", "-x509", *NEW_KEY, "-keyout", made.key, "-out", made.certificate,
        "-days", "2", "-subj", "/CN=localhost", "-addext", f"subjectAltName={LOCAL_NAMES}",
    )  # fmt: skip
    return made


def resigned(made: Certificates, names: str) -> Certificates:
    """Another server's certificate, by the same authority and for other names."""
    folder = made.ca.parent / names.replace(":", "-").replace(", ", "-")
    folder.mkdir(exist_ok=True)
    other = Certificates(made.ca, folder / "server.pem", folder / "server-key.pem")
    _sign_server(folder, other, names)
    return other


def _make_authority(folder: Path, made: Certificates):
    _openssl(
        "req", "-x509", *NEW_KEY,
        "-keyout", folder / "ca-key.pem", "-out", made.ca,
        "-days", "2", "-subj", "/CN=Parry throw-away authority",
        "-addext", "basicConstraints=critical,CA:TRUE",
        "-addext", "keyUsage=critical,keyCertSign,cRLSign",
    )  # fmt: skip


def _sign_server(folder: Path, made: Certificates, names: str):
    request, extensions = folder / "server.csr", folder / "server.ext"
    extensions.write_text(SERVER_EXTENSIONS.format(names=names))
    _openssl(
        "req", "-new", *NEW_KEY, "-keyout", made.key, "-out", request, "-subj", "/CN=localhost"
    )
    _openssl(
        "x509", "-req", "-in", request, "-out", made.certificate, "-days", "2",
        "-CA", made.ca, "-CAkey", made.ca.parent / "ca-key.pem", "-CAcreateserial",
        "-extfile", extensions,
    )  # fmt: skip


def _openssl(*words):
    subprocess.run(["openssl", *map(str, words)], check=True, capture_output=True)
