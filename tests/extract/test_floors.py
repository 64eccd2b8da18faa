"""Quality floors of extraction, pinned with the digest of the pages and the truth that they hold for.

`bench/extract.py` measures all sets; these two are read here so that a change that loses text is seen at once.
"""

import gzip
import hashlib
import json
import subprocess
import sys

import pytest

from crawler.saved import page_row

#: SHA-256 over the ids, the truth rows and the pages of the sets below, in the order of the truth file.
CORPUS = "d2ccf727be54ad599d9bf29151bba10f8d9bc61192edf222765f1b48585f6787"
FLOORS = {
    "aeb": {"body_f1": 0.965},
    "fundus": {"body_f1": 0.960, "title": 0.82, "date": 0.96, "authors": 0.85},
}


@pytest.fixture(scope="module")
def truths(shared):
    lines = (shared / "data" / "html" / "truth.jsonl").read_text(encoding="utf-8").splitlines()
    return [row for row in map(json.loads, lines) if row["dataset"] in FLOORS]


@pytest.fixture(scope="module")
def bodies(shared, truths):
    folder = shared / "data" / "html" / "pages"
    files = {row["id"]: folder / f"{row['id']}.html.gz" for row in truths}
    return {name: (file, gzip.decompress(file.read_bytes())) for name, file in files.items()}


@pytest.fixture(scope="module")
def report(shared, truths, bodies, tmp_path_factory):
    folder = tmp_path_factory.mktemp("scores")
    guesses = [dict(page_row(file, body), id=name) for name, (file, body) in bodies.items()]
    for name, rows in (("truth", truths), ("guess", guesses)):
        text = "".join(json.dumps(row) + "\n" for row in rows)
        (folder / f"{name}.jsonl").write_text(text, encoding="utf-8")
    command = [sys.executable, str(shared / "bench" / "score_pages.py")]
    command += [str(folder / "truth.jsonl"), str(folder / "guess.jsonl")]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


def test_the_floors_are_those_of_this_corpus(truths, bodies):
    corpus = hashlib.sha256()
    for row in truths:
        corpus.update(json.dumps(row, sort_keys=True).encode())
        corpus.update(hashlib.sha256(bodies[row["id"]][1]).digest())
    assert corpus.hexdigest() == CORPUS


@pytest.mark.parametrize(
    ("name", "figure", "floor"),
    [(name, figure, floor) for name, row in FLOORS.items() for figure, floor in row.items()],
)
def test_a_figure_is_not_below_its_floor(report, name, figure, floor):
    assert report[name][figure] >= floor
