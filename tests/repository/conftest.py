"""The checkout: above the tests, or where CITEHOUND_CHECKOUT says when they run elsewhere."""

from __future__ import annotations

import os
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def checkout():
    above = Path(__file__).resolve().parents[2]
    folder = Path(os.environ.get("CITEHOUND_CHECKOUT", above))  # noqa: TID251 - where the tests run
    if not (folder / "ARCHITECTURE.md").is_file():
        pytest.skip("no checkout here; name it with CITEHOUND_CHECKOUT")
    return folder
