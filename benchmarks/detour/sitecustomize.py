"""Loaded by every peer's Python: the names of the services lead to the benchmark's own ones.

Peers have their addresses built in. Whatever else they ask for does not exist here.
"""

import os
import socket

_hosts = set(os.environ.get("DETOUR_HOSTS", "").split())
_ports = {443: os.environ.get("DETOUR_TLS", ""), 80: os.environ.get("DETOUR_PLAIN", "")}
_getaddrinfo = socket.getaddrinfo


def _detour(host, port, *rest, **more):  # type: ignore[no-untyped-def]
    name = host.decode() if isinstance(host, bytes) else host
    if name in _hosts:
        return _getaddrinfo("127.0.0.1", int(_ports[int(port)]), *rest, **more)
    if name in ("127.0.0.1", "localhost", "::1", None):
        return _getaddrinfo(host, port, *rest, **more)
    raise socket.gaierror(socket.EAI_NONAME, f"{name} is not part of the benchmark")


if _hosts:
    socket.getaddrinfo = _detour
