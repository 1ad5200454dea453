"""Addresses that no webhook may be sent to, in every way of writing them."""

import ipaddress
import itertools
import socket
from pathlib import Path

PRIVATE_IPV4 = (
    "0.0.0.0", "0.1.2.3", "10.0.0.1", "10.255.255.255", "100.64.0.1", "100.127.255.255",
    "127.0.0.1", "127.255.255.254", "169.254.169.254", "172.16.0.1", "172.31.255.255",
    "192.0.0.1", "192.0.2.1", "192.88.99.1", "192.168.0.1", "192.168.255.255", "198.18.0.1",
    "198.19.255.255", "198.51.100.1", "203.0.113.1", "224.0.0.1", "239.255.255.255",
    "240.0.0.1", "255.255.255.255",
)  # fmt: skip
"""The first and last of what is private, local or reserved."""

PUBLIC_IPV4 = (
    "1.0.0.0", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0", "126.255.255.255",
    "128.0.0.0", "169.253.255.255", "169.255.0.0", "172.15.255.255", "172.32.0.0", "192.0.1.0",
    "192.0.3.0", "192.167.255.255", "192.169.0.0", "198.17.255.255", "198.20.0.0",
    "198.51.99.255", "203.0.112.255", "203.0.114.0", "223.255.255.255",
)  # fmt: skip
"""Their neighbours. Nothing is ever sent to these."""

PRIVATE_IPV6 = (
    "::", "::1", "::2", "fc00::1", "fd00::1", "fdff:ffff::1", "fe80::1", "febf::1", "fec0::1",
    "ff02::1", "ff0e::1", "100::1", "2001::1", "2001:0:4136:e378:8000:63bf:3fff:fdd2",
    "2001:2::1", "2001:10::1", "2001:20::1", "2001:db8::1", "3fff::1", "5f00::1", "64:ff9b:1::1",
    "1::1", "4000::1", "8000::1", "e000::1",
)  # fmt: skip
PUBLIC_IPV6 = ("2001:200::1", "2001:4860:4860::8888", "2606:4700::1", "2a00:1450::1")

PORTS_NOT_ALLOWED = (1, 22, 25, 80, 442, 444, 587, 993, 1_023)
PORTS_THAT_ARE_NONE = (
    "0", "65536", "99999999999999999999", "-1", "+443", "443a", "0x1bb", "", ":443",
)  # fmt: skip


WRITINGS = (
    str, "0{:o}".format, "0x{:x}".format, "0X{:X}".format, "000{:o}".format, "0x00{:x}".format,
)  # fmt: skip


def ipv4_forms(address: str) -> set[str]:
    """One to four parts, each decimal, octal or hexadecimal, and with zeros before it."""
    parts = [int(part) for part in address.split(".")]
    found = set()
    for count in range(1, 5):
        last = int.from_bytes(bytes(parts[count - 1 :]), "big")
        shown = parts[: count - 1] + [last]
        for write in WRITINGS:
            found.add(".".join(write(part) for part in shown))
        mixed = zip(itertools.cycle(WRITINGS), shown)
        found.add(".".join(write(part) for write, part in mixed))
    return found


def ipv6_forms(address: str) -> set[str]:
    """Short, long, in capitals."""
    parsed = ipaddress.IPv6Address(address)
    return {address, parsed.compressed, parsed.exploded, parsed.exploded.upper()}


def carriers_of(address: str) -> set[str]:
    """IPv6 addresses that stand for this IPv4 address or lead to it."""
    a, b, c, d = (int(part) for part in address.split("."))
    groups = f"{a << 8 | b:x}:{c << 8 | d:x}"
    return {
        f"::ffff:{address}", f"::ffff:{groups}", f"0:0:0:0:0:FFFF:{address}",
        f"::{address}", f"::{groups}",
        f"::ffff:0:{address}",
        f"64:ff9b::{address}", f"64:ff9b::{groups}", f"64:ff9b:1::{address}",
        f"2002:{groups}::", f"2002:{groups}::1",
        f"2606:4700::5efe:{address}", f"2606:4700::200:5efe:{groups}", f"fe80::5efe:{address}",
        f"2001:0:{groups}::1",
    }  # fmt: skip


def disguises(port: int) -> dict[str, set[str]]:
    """Whole URLs that some parser somewhere reads as one of a private host, by what is wrong."""
    hosts = (f"127.0.0.1:{port}", f"localhost:{port}", f"[::1]:{port}", "169.254.169.254")
    found: dict[str, set[str]] = {
        "scheme": {
            f"{scheme}{host}/"
            for host in hosts
            for scheme in (
                "http://", "ftp://", "file://", "gopher://", "dict://", "ws://", "wss://",
                "ldap://", "//", "", "https:", "https:/", "https:\\\\", " https://",
                "\thttps://", "h\ttps://", "url:https://", "https ://", "hxxps://", "httpſ://",
                "ｈｔｔｐｓ://", "javascript:https://",
            )
        },
        "user": {
            f"https://{user}@{host}/"
            for host in hosts
            for user in ("u", "u:p", ":", "", "example.com", "example.com:443", "a@b", "%31")
        },
        "character": {
            form
            for host in hosts
            for form in (
                f"https://example.com\\@{host}/", f"https://{host}\\@example.com/",
                f"https://example.com#@{host}/", f"https://{host}#.example.com/",
                f"https://{host} .example.com/", f"https://example.com\t@{host}/",
                f"https://\t{host}/", f"https://{host}\n/", f"https://{host}\r\nHost: x/",
                f"https:///\\{host}/", f"https://\\\\{host}/", f"https://{host}/\x7f",
                f"https://{host}/é",
            )
        } | {
            f"https://{host}:{port}/"
            for host in (
                "①②⑦.⓪.⓪.①", "１２７.０.０.１", "127。0。0。1", "127．0．0．1", "127｡0｡0｡1",
                "ⓛocalhost", "ｌocalhost", "loc\u00adalhost", "loc\u200balhost", "localhoſt",
                "١٢٧.٠.٠.١", "१२७.०.०.१", "[：：1]", "localhost\u3002", "𝟏𝟐𝟕.𝟎.𝟎.𝟏",
            )
        },
        "host": {
            f"https://{host}:{port}/"
            for host in (
                "%31%32%37.0.0.1", "127%2e0.0.1", "127.0.0.1%00", "%6cocalhost", "localhost%20",
                "127.0.0.1%", "[::1%25lo]", "[fe80::1%25eth0]", "[fe80::1%eth0]", "[::1%lo]",
                "[127.0.0.1]", "[localhost]", "[]", "[::1", "::1]", "[::g]", "[::1]]", "[[::1]]",
                "[1::2::3]", "[::ffff:127.0.0.256]", "[::ffff:0x7f.0.0.1]", "[v1.fe80]",
                "127.0.0.1,example.com", "127.0.0.1;", "127.0.0.1'", "127.0.0.1$", "(127.0.0.1)",
                "127.0.0.1*", "!localhost", "localhost&", "127.0.0.1|", "{localhost}", "~localhost",
                "`localhost`", "<localhost>", "localhost^", "127.0.0.1=", "a\"b",
            )
        },
        "nobody": {"https://", "https:///", "https://:443/", "https:////127.0.0.1/", "https://?x"},
    }  # fmt: skip
    return found


def resolver_forms() -> set[str]:
    """Names that may lead to a private address: what they do, only the resolver can say."""
    return {
        "localhost", "LOCALHOST", "LocalHost", "localhost.", "ip6-localhost", "ip6-loopback",
        "localhost.localdomain", "127.0.0.1.", "0.0.0.0.", "0x7f.1.", "2130706433.", "127.1.",
        "0177.0.0.1.",
    } | _hosts_file_names()  # fmt: skip


def resolves_privately(host: str) -> bool:
    try:
        found = socket.getaddrinfo(host, 443, type=socket.SOCK_STREAM)
    except OSError:
        return False
    return all(not ipaddress.ip_address(one[4][0]).is_global for one in found)


def _hosts_file_names() -> set[str]:
    lines = Path("/etc/hosts").read_text(errors="replace").splitlines()
    words = [line.partition("#")[0].split() for line in lines]
    return {name for line in words for name in line[1:] if resolves_privately(name)}
