"""The identity gate: whether a page is the cited work, before anything is judged on it. Pure.

Judging against the wrong page is the top cause of false flags: a page that does not pass never reaches a
verifier.
"""

from crawler.identify.comparison import SLUG_AT, Outlets, identity
from crawler.identify.decision import Gate, gate

__all__ = ["SLUG_AT", "Gate", "Outlets", "gate", "identity"]
