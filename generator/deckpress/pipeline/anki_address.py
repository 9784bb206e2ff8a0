"""Where Anki's add-on AnkiConnect listens: on this machine, and nowhere else."""

from __future__ import annotations

from ipaddress import ip_address
from urllib.parse import urlsplit

USUAL_URL = "http://127.0.0.1:8765"


def is_loopback(url: str) -> bool:
    """Say whether an address is one of this machine."""
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return False
    if parts.scheme != "http" or not host or parts.username:
        return False
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False
