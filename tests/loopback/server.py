"""Serve a small web on loopback until interrupted: `python tests/loopback/server.py --site FOLDER --state DIR`.

Prints one JSON line when ready: {"https_port", "http_port", "ca"}. Clients connect to these ports for any host:
`curl --cacert CA --connect-to ::127.0.0.1:PORT https://any.host/`.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import signal
import sys
from pathlib import Path

from smallweb import Site


def main() -> int:
    """Serve until SIGINT or SIGTERM."""
    parser = argparse.ArgumentParser(description="Serve a scenario's hosts on loopback.")
    parser.add_argument("--site", type=Path, required=True, help="folder with scenario.toml")
    parser.add_argument("--state", type=Path, required=True, help="folder for the certificates")
    parser.add_argument("--port", type=int, default=0, help="TLS port; plain HTTP is the next one")
    asked = parser.parse_args()
    with Site(asked.site, state=asked.state, port=asked.port) as site:
        ready = {
            "https_port": site.https_port,
            "http_port": site.http_port,
            "ca": str(site.ca_path),
        }
        sys.stdout.write(json.dumps(ready) + "\n")
        sys.stdout.flush()
        with contextlib.suppress(KeyboardInterrupt):
            signal.sigwait({signal.SIGINT, signal.SIGTERM})
    return 0


if __name__ == "__main__":
    sys.exit(main())
