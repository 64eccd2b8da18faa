"""What every test may rely on: no network but loopback, and the folder of shared material where there is one."""

from __future__ import annotations

import errno
import ipaddress
import os
import socket
from pathlib import Path

import pytest
from hypothesis import settings

# How long an example takes says more of the machine's other work than of ours.
settings.register_profile("citehound", deadline=None)
settings.load_profile("citehound")

_OF_THIS_MACHINE = {"localhost", ""}


@pytest.fixture(scope="session")
def shared():
    """The folder `shared` beside the checkout: facts, seeds and data that the repository does not hold."""
    checkout = os.environ.get("CITEHOUND_CHECKOUT")  # noqa: TID251  # where the tests run
    required = os.environ.get("CITEHOUND_TESTS_REQUIRE", "")  # noqa: TID251  # what must not be skipped
    above = Path(checkout) if checkout else Path(__file__).resolve().parent.parent
    folder = above.resolve().parent / "shared"
    if folder.is_dir():
        return folder
    missing = "no folder `shared` beside the checkout"
    if "shared" in required.split(","):
        pytest.fail(f"{missing}, and CITEHOUND_TESTS_REQUIRE lists it")
    return pytest.skip(missing)


@pytest.fixture(scope="session", autouse=True)
def _offline():
    """Have every connection that leaves this machine fail as it does where there is no network."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("connect", "connect_ex"):
            patch.setattr(socket.socket, name, _guarded(getattr(socket.socket, name)))
        yield


def _guarded(connect):
    def guarded(self, address):
        if self.family in {socket.AF_INET, socket.AF_INET6} and not _is_loopback(address[0]):
            raise OSError(errno.ENETUNREACH, f"the tests' socket guard refuses {address!r}")
        return connect(self, address)

    return guarded


def _is_loopback(host):
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host in _OF_THIS_MACHINE
