"""The demo's material, and the recorder that stands beside the small web."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

TESTS = Path(__file__).resolve().parents[1]
if (loopback := str(TESTS / "loopback")) not in sys.path:
    sys.path.insert(0, loopback)


@pytest.fixture(scope="session")
def demo():
    """seeds/demo: of the checkout, or as installed."""
    for seeds in (TESTS.parent / "seeds", Path(sys.prefix) / "share" / "citehound" / "seeds"):
        if (seeds / "demo" / "document.md").is_file():
            return seeds / "demo"
    pytest.fail("no seeds/demo beside the tests or under the installation's share folder")
