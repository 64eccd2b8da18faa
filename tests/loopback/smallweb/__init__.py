"""A small web on this machine: every host of a scenario on two loopback ports, with its own authority.

Rule: standard library and cryptography only, nothing of Citehound, so that it can stand in for the world
while Citehound is under test. `Site` is the door; `tests/loopback/server.py` the command.
"""

from smallweb.server import Exchange, Site

__all__ = ["Exchange", "Site"]
