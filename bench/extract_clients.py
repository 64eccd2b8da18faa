"""The extractors that `bench/extract.py` compares, each in a process of its own; not for people.

    python bench/extract_clients.py CLIENT FOLDER < NAMES      (a JSON list of file names in FOLDER)

Prints one JSON line a page, `{"id", "title", "published_at", "authors", "text", "error"}`, and a last one with the
pages and the seconds of CPU that reading them took: decoding and parsing are inside, imports, files and gzip are not.
Ours runs in our environment, the others in one that has them; a page that an extractor raises on counts as empty.
"""

from __future__ import annotations

import gzip
import json
import sys
from pathlib import Path
from time import process_time
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    #: A page's bytes, and its file, to its row.
    Read = Callable[[bytes, Path], dict[str, Any]]

#: Pages read before the clock starts, so that caches and late imports are paid.
WARMING = 12


def citehound() -> Read:
    """Ours, as the command `extract` calls it."""
    from crawler.saved import page_row

    return lambda body, path: page_row(path, body)


def trafilatura() -> Read:
    """Text and metadata with its defaults, from bytes, which it decodes itself."""
    from trafilatura import bare_extraction

    def read(body: bytes, _: Path) -> dict[str, Any]:
        found = bare_extraction(body, with_metadata=True)
        if found is None:
            return {}
        row = found.as_dict()
        return {
            "title": row["title"],
            "published_at": row["date"],
            "authors": (row["author"] or "").split("; "),
            "text": row["text"],
        }

    return read


def resiliparse() -> Read:
    """Its main content, and the title element, which is all the title that it has."""
    from resiliparse.extract.html2text import extract_plain_text
    from resiliparse.parse.encoding import detect_encoding
    from resiliparse.parse.html import HTMLTree

    def read(body: bytes, _: Path) -> dict[str, Any]:
        tree = HTMLTree.parse_from_bytes(body, detect_encoding(body))
        text = extract_plain_text(tree, main_content=True)
        return {"title": tree.title, "text": text, "authors": []}

    return read


CLIENTS: dict[str, Callable[[], Read]] = {
    "citehound": citehound,
    "trafilatura": trafilatura,
    "resiliparse": resiliparse,
}


def row_of(read: Read, body: bytes, path: Path) -> dict[str, Any]:
    """The row of one page, empty where the extractor raised."""
    try:
        return read(body, path)
    except Exception as error:  # noqa: BLE001 - other people's code; what it raises is counted
        return {"error": f"{type(error).__name__}: {error}"}


def main(client: str, folder: str) -> None:
    """Read every page, and say how long it took."""
    paths = [Path(folder) / name for name in json.load(sys.stdin)]
    bodies = [gzip.decompress(path.read_bytes()) for path in paths]
    read = CLIENTS[client]()
    for body, path in list(zip(bodies, paths, strict=True))[-WARMING:]:
        row_of(read, body, path)
    begun = process_time()
    rows = [row_of(read, body, path) for body, path in zip(bodies, paths, strict=True)]
    spent_s = process_time() - begun
    for path, row in zip(paths, rows, strict=True):
        print(json.dumps({**row, "id": path.name.removesuffix(".html.gz")}))
    print(json.dumps({"pages": len(paths), "cpu_s": spent_s}))


if __name__ == "__main__":
    main(*sys.argv[1:3])
