import json
import pickle

from crawler.extract import EXTRACTORS, page_of, row
from crawler.protocols import ExtractionTask
from db.ids import body_sha256, digest
from db.words import PageState

HTML = (
    '<html lang="en"><head><title>Pier vote - Courier</title><script type="application/ld+json">{"@type":"NewsArticle",'
    '"headline":"Pier vote","author":"Ada Brome","datePublished":"2026-01-30T09:15:00+01:00"}</script></head>'
    "<article>"
    + "<p>The board of the harbour voted for the pier on Tuesday.</p>" * 9
    + "</article>"
)


def test_names_are_unique_and_html_comes_first():
    names = [each.name for each in EXTRACTORS]
    assert names[0] == "html"
    assert len(set(names)) == len(names)


def test_page_names_its_capture_extractor_and_body(read):
    page = read(HTML)
    sha256 = body_sha256(HTML.encode())
    assert (page.capture_id, page.extractor, page.body_sha256) == ("capture", "html", sha256)
    assert page.id == digest("page", sha256, page.url, "html", page.extractor_version)


def test_hash_of_the_capture_is_taken_where_it_has_one(read):
    assert read(HTML, body_sha256="ab" * 32).body_sha256 == "ab" * 32


def test_task_and_page_cross_processes(capture_of):
    task = pickle.loads(pickle.dumps(ExtractionTask(capture=capture_of(HTML))))
    assert pickle.loads(pickle.dumps(page_of))(task) == pickle.loads(pickle.dumps(page_of(task)))


def test_markup_without_a_media_type_is_read(read):
    assert read(HTML, media_type=None).extractor == "html"


def test_plain_text_is_read_in_blocks(read):
    page = read(
        "Pier vote\r\n\r\nThe board\r\nvoted <b>.\n\n\nIt is done.", media_type="text/plain"
    )
    assert (page.extractor, page.title) == ("plain", "Pier vote")
    assert page.text == "Pier vote\n\nThe board voted <b>.\n\nIt is done."


def test_what_nobody_reads_is_a_page_without_text(read):
    page = read(b"GIF89a", media_type="image/gif")
    assert (page.extractor, page.state, page.text) == ("unread", PageState.NOT_AN_ARTICLE, "")


def test_row_has_the_fields_of_the_design(read):
    shown = row(read(HTML), file="pier.html")
    assert json.loads(json.dumps(shown)) == {
        "file": "pier.html",
        "url": "https://courier.example/2026/01/30/board-votes-to-rebuild-the-north-pier",
        "title": "Pier vote",
        "published_at": "2026-01-30T08:15:00Z",
        "modified_at": None,
        "authors": ["Ada Brome"],
        "language": "en",
        "access": "open",
        "text": "\n\n".join(["The board of the harbour voted for the pier on Tuesday."] * 9),
        "error": None,
    }


def test_row_keeps_the_day_that_the_page_states(read):
    late = HTML.replace("2026-01-30T09:15:00+01:00", "2026-01-30T23:30:00-05:00")
    assert row(read(late), file="x")["published_at"] == "2026-01-30"


def test_row_of_an_unreadable_capture_says_why(read):
    assert row(read(b"%PDF-", media_type="application/pdf"), file="x")["error"].startswith("pdf: ")
