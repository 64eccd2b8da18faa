"""Puts this folder's builders on the path."""

import sys
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "loopback")]


@pytest.fixture
def clock():
    from builders import StillClock

    return StillClock()


@pytest.fixture
def ears():
    from builders import Ears

    return Ears()
