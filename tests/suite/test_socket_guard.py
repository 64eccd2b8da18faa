"""The suite itself stays offline."""

from __future__ import annotations

import asyncio
import socket

import pytest


@pytest.mark.parametrize("address", [("192.0.2.1", 80), ("2001:db8::1", 80), ("web.example", 80)])
def test_connection_to_another_machine_is_refused(address):
    family = socket.AF_INET6 if ":" in address[0] else socket.AF_INET
    with (
        socket.socket(family) as ours,
        pytest.raises(OSError, match="the tests' socket guard refuses"),
    ):
        ours.connect(address)


def test_connection_of_the_event_loop_is_refused():
    with pytest.raises(OSError, match="the tests' socket guard refuses"):
        asyncio.run(asyncio.open_connection("192.0.2.1", 80))


def test_loopback_is_open():
    with (
        socket.create_server(("127.0.0.1", 0)) as server,
        socket.create_connection(server.getsockname()) as ours,
    ):
        assert ours.getpeername() == server.getsockname()
