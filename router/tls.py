"""The one place that says which connections we trust: verified TLS, or loopback."""

from __future__ import annotations

import ipaddress
import ssl
from functools import lru_cache
from pathlib import Path

from router.errors import InsecureConnection
from router.values import Server, Tls


def context(ca_file: Path | None) -> ssl.SSLContext:
    """The shared client context for this CA file, or for the system's CAs: verified, host checked, TLS 1.2 or later.

    Shared because one context costs hundreds of kilobytes and tens of milliseconds. A CA file that was renewed
    gives a new context. Raises InsecureConnection when the file cannot be used.
    """
    if ca_file is None:
        return _context(None, 0)
    try:
        return _context(ca_file, ca_file.stat().st_mtime_ns)
    except OSError as error:  # ssl.SSLError is one too: not a certificate file
        raise InsecureConnection(f"the CA file {ca_file} cannot be used: {error.strerror or error}") from error


@lru_cache(maxsize=64)
def _context(ca_file: Path | None, _changed_ns: int) -> ssl.SSLContext:
    trusted = ssl.create_default_context(ssl.Purpose.SERVER_AUTH, cafile=ca_file)
    trusted.minimum_version = ssl.TLSVersion.TLSv1_2
    return trusted


def is_loopback(host: str) -> bool:
    """Whether this host name or address can only mean this machine."""
    if host.lower().rstrip(".") == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def refuse_open_text(server: Server) -> None:
    """Raise InsecureConnection when a server is configured without TLS and is not on this machine."""
    if server.tls is Tls.NONE and not is_loopback(server.host):
        raise InsecureConnection(f"{server.host}: `tls: none` is for this machine only")
