"""PDFs, written by hand byte by byte so that each shows one thing."""

import gzip
import io
import logging
import subprocess
import sys
import time
import zlib
from datetime import UTC, date, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pypdf import PdfReader, PdfWriter

from crawler.extract import page_of, row
from crawler.extract.pdf_reading import MAX_CHARACTERS, MAX_PAGES, read_pdf
from crawler.protocols import ExtractionTask
from crawler.saved import PAGE_BYTES, file_row
from db.ids import digest
from db.model import Claim, Comparison, Identity, Page
from db.words import Access, IdentityKind, PageState, Reason, VerdictKind
from verifiers.builtin import VERIFIERS
from verifiers.protocol import Task
from verifiers.rollup import rolled_up

LIMIT_S = 5.0  #: CPU seconds; each takes well under 2 on the machine it was measured on
LEADING = 14

FONT = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>"
XMP = """<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title><rdf:Alt>
<rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title><dc:creator><rdf:Seq><rdf:li>{creator}</rdf:li>
</rdf:Seq></dc:creator></rdf:Description></rdf:RDF></x:xmpmeta>"""

BODY = (
    "The board of the harbour met on Tuesday and",
    "voted for a new pier. The work will cost 4.2",
    "million crowns and begin in the spring of 2027.",
)


def a_file(objects, *, info="", catalog=""):
    """The file of these object bodies, which begin at number 3; 1 is the catalog."""
    bodies = [f"<</Type/Catalog/Pages 2 0 R{catalog}>>".encode(), *objects, f"<<{info}>>".encode()]
    out, places = b"%PDF-1.7\n", []
    for number, body in enumerate(bodies, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(bodies) + 1
    return out + b"xref\n0 %d\n0000000000 65535 f \n%strailer<</Size %d/Root 1 0 R/Info %d 0 R>>\n" % (
        size, table, size, size - 1,
    ) + b"startxref\n%d\n%%%%EOF\n" % len(out)  # fmt: skip


def a_stream(data, extra=""):
    return f"<</Length {len(data)}{extra}>>stream\n".encode() + data + b"\nendstream"


def drawn(lines):
    """The content of a page; a line is a text, or (text, size, x, y)."""
    parts, y = [], 700
    for line in lines:
        text, size, x, y = (line, 12, 72, y - LEADING) if isinstance(line, str) else line
        shown = text.encode("cp1252").replace(b"(", b"\\(").replace(b")", b"\\)")
        parts.append(b"/F1 %g Tf 1 0 0 1 %g %g Tm (%s) Tj" % (size, x, y, shown))
    return b"BT " + b"\n".join(parts) + b" ET"


def a_pdf(*pages, info="", catalog="", resources="", contents=None):
    """A PDF with these pages, each a row of lines."""
    objects, kids = [FONT], []
    streams = contents or [a_stream(drawn(lines)) for lines in pages]
    for stream in streams:
        number = 3 + len(objects)
        kids.append(f"{number} 0 R")
        objects.append(
            f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents {number + 1} 0 R"
            f"/Resources<</Font<</F1 3 0 R>>{resources}>>>>".encode()
        )
        objects.append(stream)
    tree = f"<</Type/Pages/Kids[{' '.join(kids)}]/Count {len(kids)}>>".encode()
    return a_file([tree, *objects], info=info, catalog=catalog)


def encrypted(body, **options):
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(body)))
    writer.encrypt(algorithm="RC4-128", **options)
    stream = io.BytesIO()
    writer.write(stream)
    return stream.getvalue()


@pytest.fixture
def pdf(read):
    def page(body, **changes):
        return read(body, **{"media_type": "application/pdf", **changes})

    return page


def test_pdf_with_text_is_a_live_open_page(pdf):
    page = pdf(a_pdf(BODY))
    assert (page.extractor, page.extractor_version) == ("pdf", "1")
    assert (page.state, page.access) == (PageState.LIVE, Access.OPEN)
    assert page.text == " ".join(BODY)


@pytest.mark.parametrize(
    "media_type",
    ["application/x-pdf", "application/octet-stream", "text/html", "text/plain", "", None],
)
def test_pdf_is_read_under_any_media_type(media_type, pdf):
    page = pdf(a_pdf(BODY), media_type=media_type)
    assert (page.extractor, page.state) == ("pdf", PageState.LIVE)


def test_pages_are_separated_by_a_blank_line(pdf):
    assert pdf(a_pdf(["It is done."], ["Nobody objected to it."])).text == (
        "It is done.\n\nNobody objected to it."
    )


def test_sentence_that_goes_on_overleaf_is_kept_whole(pdf):
    text = pdf(a_pdf(["The board voted for the new har-"], ["bour wall and left."])).text
    assert text == "The board voted for the new harbour wall and left."


@pytest.mark.parametrize(
    ("lines", "text"),
    [
        (("The har-", "bour is shut."), "The harbour is shut."),
        (("A well-known man. A well-", "known place."), "A well-known man. A well-known place."),
        (("The Anglo-", "Saxon wall stands."), "The Anglo-Saxon wall stands."),
        (("Deaths of COVID-", "19 fell again."), "Deaths of COVID-19 fell again."),
        (("The har\xad", "bour is shut."), "The harbour is shut."),
        (("It was late -", "too late for all."), "It was late - too late for all."),
        (("Es begann am", "3. Mai im Hafen."), "Es begann am 3. Mai im Hafen."),
    ],
)
def test_lines_are_joined_with_words_made_whole(lines, text, pdf):
    assert pdf(a_pdf([*lines, "And so on it went for a while."])).text.startswith(text)


def test_wide_gap_begins_a_paragraph(pdf):
    lines = [(line, 12, 72, 700 - 14 * n) for n, line in enumerate(BODY)]
    page = pdf(a_pdf([*lines, ("Nobody objected.", 12, 72, 640)]))
    assert page.text == " ".join(BODY) + "\n\nNobody objected."


def test_indent_after_a_sentence_begins_a_paragraph(pdf):
    lines = [(line, 12, 72, 700 - 14 * n) for n, line in enumerate(BODY)]
    page = pdf(a_pdf([*lines, ("Nobody objected.", 12, 90, 658)]))
    assert page.text.endswith("\n\nNobody objected.")


def test_second_column_goes_on_with_the_sentence(pdf):
    columns = [("The board voted for", 12, 72, 300), ("the new pier.", 12, 320, 700)]
    assert pdf(a_pdf(columns)).text == "The board voted for the new pier."


def test_running_headers_footers_and_page_numbers_are_no_text(pdf):
    pages = [
        [
            ("Harbour report 2026", 9, 72, 770),
            (f"The {word} chapter is of the pier.", 12, 72, 700 - n * LEADING),
            ("The pier stands in the town.", 12, 72, 686 - n * LEADING),
            (f"Northmouth town council | {n}", 9, 72, 40),
            (f"Page {n} of 4", 9, 300, 30),
        ]
        for n, word in enumerate(("first", "second", "third", "fourth"), start=1)
    ]
    assert pdf(a_pdf(*pages)).text.split("\n\n") == [
        f"The {word} chapter is of the pier. The pier stands in the town."
        for word in ("first", "second", "third", "fourth")
    ]


def test_header_of_each_chapter_is_told_by_the_page_number_in_it(pdf):
    names = ("Docks", "Docks", "Piers", "Ships")
    pages = [
        [(f"Chapter on {name} {n}", 9, 72, 770), (f"{name} are many.", 12, 72, 700 - n * LEADING)]
        for n, name in enumerate(names, start=11)
    ]
    text = pdf(a_pdf(*pages)).text
    assert text.split("\n\n") == [f"{name} are many." for name in names]


def test_line_that_ends_in_another_number_is_kept(pdf):
    years = (2019, 2021, 2026, 2030)
    pages = [[f"The pier was closed in {year}", "by the board."] for year in years]
    assert all(str(year) in pdf(a_pdf(*pages[:2])).text for year in years[:2])


def test_number_within_a_page_is_kept(pdf):
    lines = ["The votes were these, by the year:", "One", "Two", "1984", "Three", "Four", "Five."]
    assert "1984" in pdf(a_pdf(lines, lines[:1])).text


@pytest.mark.parametrize(
    ("stated", "title"),
    [
        ("/Title(The pier of Northmouth)", "The pier of Northmouth"),
        ("/Title(Microsoft Word - report_final.docx)", "A new pier for the town"),
        ("/Title(report_final_v3.pdf)", "A new pier for the town"),
        ("/Title(Untitled)", "A new pier for the town"),
        ("/Title(PowerPoint Presentation)", "A new pier for the town"),
        ("/Title<FEFF>", "A new pier for the town"),
        ("/Title 7", "A new pier for the town"),
        ("", "A new pier for the town"),
    ],
)
def test_title_is_the_stated_one_or_the_largest_lines(stated, title, pdf):
    heading = [("A new pier", 24, 72, 720), ("for the town", 24, 72, 694)]
    page = pdf(a_pdf([("Council", 9, 72, 770), *heading, *BODY], info=stated))
    assert page.title == title
    assert "A new pier for the town" in page.titles


def test_title_is_the_first_line_where_all_are_of_one_size(pdf):
    assert pdf(a_pdf(["7", "Pier report", "", *BODY])).title == "Pier report"


def test_xmp_is_asked_before_the_info_dictionary(pdf):
    xmp = XMP.format(title="The whole pier", creator="Ada Brome").encode()
    body = a_pdf(BODY, info="/Title(The pier)/Author(Bo Crane)", catalog="/Metadata 6 0 R")
    with_xmp = body.replace(
        b"6 0 obj\n", b"6 0 obj\n" + a_stream(xmp, "/Type/Metadata") + b"\nendobj\n7 0 obj\n"
    )
    page = pdf(with_xmp.replace(b"/Info 6 0 R", b"/Info 7 0 R"))
    assert (page.title, page.authors) == ("The whole pier", ("Ada Brome", "Bo Crane"))


@pytest.mark.parametrize(
    ("stated", "authors"),
    [
        ("Ada Brome", ("Ada Brome",)),
        ("Ada Brome; Bo Crane", ("Ada Brome", "Bo Crane")),
        ("Administrator", ()),
        ("Microsoft Office User", ()),
        ("", ()),
    ],
)
def test_authors_are_persons_not_accounts(stated, authors, pdf):
    assert pdf(a_pdf(BODY, info=f"/Author({stated})")).authors == authors


@pytest.mark.parametrize(
    ("stated", "on", "at"),
    [
        ("/CreationDate(D:20260130233000-05'00')", date(2026, 1, 30), datetime(2026, 1, 31, 4, 30, tzinfo=UTC)),
        ("/CreationDate(D:20260130101500Z)", date(2026, 1, 30), datetime(2026, 1, 30, 10, 15, tzinfo=UTC)),
        ("/CreationDate(D:20260130)", date(2026, 1, 30), None),
        ("/CreationDate(20260130101500)", date(2026, 1, 30), None),
        ("/ModDate(D:20260201090000Z)", date(2026, 2, 1), datetime(2026, 2, 1, 9, tzinfo=UTC)),
        (
            "/CreationDate(D:20260301000000Z)/ModDate(D:20260201090000Z)",
            date(2026, 2, 1),
            datetime(2026, 2, 1, 9, tzinfo=UTC),
        ),
    ],
)  # fmt: skip
def test_date_is_the_earlier_that_the_file_states(stated, on, at, pdf):
    page = pdf(a_pdf(BODY, info=stated))
    assert (page.published_on, page.published_at, page.date_source) == (on, at, "pdf")


@pytest.mark.parametrize(
    "stated",
    [
        "D:19700101000000Z",
        "D:19920101000000Z",
        "D:20991231000000Z",
        "D:20261331000000Z",
        "D:2026",
        "yesterday",
        "D:20261123113000Z",  # half an hour before the capture: made for us
        "",
    ],
)
def test_absurd_date_is_refused(stated, pdf):
    page = pdf(a_pdf(BODY, info=f"/CreationDate({stated})"), headers=(("Server", "x"),))
    assert (page.published_on, page.published_at, page.date_source) == (None, None, None)


def test_date_of_a_saved_file_may_be_the_files_own(pdf):
    page = pdf(a_pdf(BODY, info="/CreationDate(D:20261123115959Z)"))
    assert page.published_on == date(2026, 11, 23)


@pytest.mark.parametrize(
    ("stated", "language"),
    [("/Lang(de-AT)", "de-AT"), ("/Lang(en_gb)", "en-GB"), ("/Lang(x y)", None), ("/Lang 3", None)],
)
def test_language_is_the_catalogs(stated, language, pdf):
    assert pdf(a_pdf(BODY, catalog=stated)).language == language


NOT_READ = {
    "no-pdf": (b"<html>Please log in</html>", "the body is not a PDF, whatever its media type says"),
    "empty": (b"", "the body is not a PDF, whatever its media type says"),
    "cut": (a_pdf(BODY)[:-200], "the file is cut off: its end is missing"),
    "cut-update": (a_pdf(BODY) + b"9 0 obj\n<</A", "the file is cut off: its end is missing"),
    "password": (
        encrypted(a_pdf(BODY), user_password="secret"),
        "it is encrypted and asks for a password",
    ),
    "scanned": (
        a_pdf(contents=[a_stream(b"q 600 0 0 800 0 0 cm /I Do Q")], resources="/XObject<</I 4 0 R>>"),
        "it has no usable text: its pages are scans, pictures or blank",
    ),
    "no-pages": (a_pdf(), "it has no pages"),
    "broken": (b"%PDF-1.7\nnothing here\nstartxref\n0\n%%EOF", "it is broken (PdfReadError)"),
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(NOT_READ))
def test_file_without_text_is_unreadable_and_says_why(name, pdf):
    body, why = NOT_READ[name]
    page = pdf(body)
    assert (page.state, page.state_why, page.text) == (PageState.UNREADABLE, f"pdf: {why}", "")
    assert row(page, file="x.pdf")["error"] == f"pdf: {why}"


def test_file_that_only_limits_printing_is_read(pdf):
    page = pdf(encrypted(a_pdf(BODY), user_password="", owner_password="secret"))
    assert (page.state, page.text) == (PageState.LIVE, " ".join(BODY))


def test_status_goes_before_the_body(pdf):
    assert pdf(a_pdf(BODY), status=404).state is PageState.GONE


def test_only_so_many_pages_are_read_and_silence_of_the_rest_means_nothing(pdf):
    page = pdf(a_pdf(*([f"Chapter {n} is of the pier."] for n in range(MAX_PAGES + 1))))
    assert (page.state, page.access) == (PageState.LIVE, Access.TEASER)
    assert page.state_why == "live: only the first 300 of 301 pages were read"


def test_scans_behind_a_cover_make_it_a_part(pdf):
    scan = a_stream(b"q 600 0 0 800 0 0 cm /I Do Q")
    body = a_pdf(contents=[a_stream(drawn(BODY)), scan, scan], resources="/XObject<</I 5 0 R>>")
    page = pdf(body)
    assert page.access is Access.TEASER
    assert page.state_why == "live: 2 of 3 pages are scans or pictures"


def a_bomb():
    pump = zlib.compressobj(9)
    data = b"".join(pump.compress(b"(a) Tj " * 150_000) for _ in range(300)) + pump.flush()
    return a_stream(data, "/Filter/FlateDecode")


def a_page_tree_of(kids, count):
    return a_file([f"<</Type/Pages/Kids[{kids}]/Count {count}>>".encode()])


def a_nested_array(depth):
    return a_pdf(contents=[a_stream(b"[" * depth)])


HOSTILE = {
    "huge-count": lambda: a_page_tree_of("", 2**31),
    "tree-in-itself": lambda: a_page_tree_of("2 0 R", 1),
    "tree-in-itself-often": lambda: a_page_tree_of("2 0 R " * 50_000, 50_000),
    "missing-kids": lambda: a_page_tree_of("99 0 R " * 50_000, 50_000),
    "deep-tree": lambda: a_file(
        [f"<</Type/Pages/Kids[{n + 1} 0 R]/Count 1>>".encode() for n in range(2, 5_000)]
    ),
    "bomb": lambda: a_pdf(contents=[a_bomb()]),
    "bomb-on-many-pages": lambda: a_pdf(contents=[a_bomb()] * 40),
    "many-filters": lambda: a_pdf(
        contents=[a_stream(b"x", "/Filter[" + "/FlateDecode" * 1_000 + "]")]
    ),
    "length-lie": lambda: a_pdf(BODY).replace(b"/Length ", b"/Length 99999999999"),
    "nested-arrays": lambda: a_nested_array(200_000),
    "nested-dictionaries": lambda: a_file([b"<</A" * 100_000]),
    "many-operators": lambda: a_pdf(contents=[a_stream(b"0 0 m " * 600_000)]),
    "hyphens": lambda: a_pdf(["ab-"] * 6_000),
    "huge-numbers": lambda: a_pdf([("x" * 40, 10**30, -(10**30), 10**30), *BODY]),
    "stream-in-itself": lambda: a_pdf(contents=[b"[5 0 R 5 0 R]"]),
    "xref-loop": lambda: a_pdf(BODY).replace(b"trailer<<", b"trailer<</Prev 9 "),
    "end-marks": lambda: b"%PDF-1.7\n" + b"%%EOF\nstartxref\n" * 200_000,
    "digits": lambda: b"%PDF-1.7\n%%EOF" + b"1 " * 2_000_000,
}


@pytest.mark.parametrize("name", sorted(HOSTILE))
def test_hostile_file_ends_in_bounded_time_as_a_page(name, pdf):
    body = HOSTILE[name]()
    start = time.process_time()
    assert isinstance(pdf(body), Page)
    assert time.process_time() - start < LIMIT_S


def test_stream_that_decodes_beyond_bounds_is_not_read():
    reading = read_pdf(HOSTILE["bomb"]())
    assert (reading.pages, reading.failed_pages) == (((),), 1)


def test_only_so_much_text_is_read(pdf):
    page = pdf(a_pdf(contents=[a_stream(drawn(["pier " * 45_000]))] * 20))
    assert page.state_why == "live: only the first 18 of 20 pages were read"
    assert (page.access, len(page.text) <= MAX_CHARACTERS) == (Access.TEASER, True)


WHOLE = a_pdf(
    [("A new pier", 24, 72, 720), *BODY],
    ["Nobody objected to it."],
    info="/Title(The pier)/CreationDate(D:20260130)",
    catalog="/Lang(en)",
)


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    end=st.integers(0, len(WHOLE)),
    start=st.integers(0, len(WHOLE)),
    put=st.binary(max_size=12) | st.sampled_from([b"2 0 R", b"null", b"[", b"<<", b">>", b"endobj"]),
    tail=st.sampled_from([b"", b"\nstartxref\n9\n%%EOF"]),
    over=st.integers(0, 20),
)  # fmt: skip
def test_file_cut_or_changed_anywhere_is_a_page(end, start, put, tail, over, capture_of):
    body = (WHOLE[:start] + put + WHOLE[start + over :])[:end] + tail
    page = page_of(ExtractionTask(capture=capture_of(body, media_type="application/pdf")))
    assert page.text.encode().decode() == page.text
    assert all(block == " ".join(block.split()) for block in page.text.split("\n\n"))


@pytest.mark.parametrize("place", range(0, len(WHOLE), 23))
def test_file_with_one_wrong_byte_is_a_page(place, pdf):
    assert isinstance(pdf(WHOLE[:place] + b"\xff" + WHOLE[place + 1 :]), Page)


def test_library_says_nothing_of_the_flaws_of_a_file(pdf, caplog):
    with caplog.at_level(logging.DEBUG):
        pdf(WHOLE.replace(b"startxref\n", b"startxref\n7"))
    assert not caplog.records


def test_library_is_not_loaded_before_a_pdf_is_read():
    code = "import crawler.extract, sys; sys.exit('pypdf' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_saved_pdf_is_read_whatever_its_name(tmp_path):
    for name, body in (("a.pdf", WHOLE), ("a.pdf.gz", gzip.compress(WHOLE)), ("download", WHOLE)):
        (tmp_path / name).write_bytes(body)
        shown = file_row(str(tmp_path / name), "https://council.example/pier.pdf")
        assert (shown["title"], shown["language"], shown["error"]) == ("The pier", "en", None)


def test_saved_pdf_may_be_larger_than_a_page(tmp_path):
    padding = b"%" + b"x" * PAGE_BYTES + b"\n"
    (tmp_path / "large.pdf").write_bytes(WHOLE.replace(b"xref\n0", padding + b"xref\n0", 1))
    (tmp_path / "large.html").write_bytes(b"<p>" + padding)
    assert "voted for a new pier" in file_row(str(tmp_path / "large.pdf"), None)["text"]
    assert file_row(str(tmp_path / "large.html"), None)["error"] == "larger than 10 MiB"


FILLER = (
    "The town lies where the river meets the sea,",
    "and its quays were built of grey stone. The",
    "fishing boats leave before dawn and come back",
    "with the tide. The market opens at noon, and",
    "most shops close early in winter. Visitors like",
    "the lighthouse with its museum of old maps.",
    "In summer there is music in the square, and",
    "the ferry runs twice a day to the islands.",
    "The council has nine members who are elected",
    "for four years. They meet in the old customs",
    "house, and whoever likes may come and listen.",
)


def judged(text, page):
    claim = Claim(id=digest("claim", text), document_id="d", text=text, occurrence=0, language="en")
    task = Task(claim=claim, page=page, cited=None)
    same = Comparison(kind=IdentityKind.SAME, cited=None, found=None)
    findings = tuple(each.verify(task) for each in VERIFIERS)
    return rolled_up(findings, page=page, identity=Identity(outlet=same, title=same, date=same))


def test_claim_is_verified_against_a_pdf(pdf):
    quoted = (
        "“The new pier will make our har-",
        "bour the safest on the whole coast,” said Ada Brome.",
    )
    page = pdf(a_pdf([*BODY, *quoted], FILLER, catalog="/Lang(en)"))
    carried = judged(
        'Ada Brome said: "The new pier will make our harbour the safest on the whole coast."', page
    )
    assert (carried.verdict, carried.reason) == (VerdictKind.SUPPORTED, Reason.QUOTED)
    assert all(page.text[each.start : each.end] == each.quote for each in carried.evidence)
    absent = judged(
        'Ada Brome said: "Nobody in this town has ever asked for a new pier at all."', page
    )
    assert absent.verdict is VerdictKind.NOT_SUPPORTED


def test_claim_is_never_unsupported_by_a_pdf_that_was_read_in_part(pdf):
    scan = a_stream(b"q 600 0 0 800 0 0 cm /I Do Q")
    body = a_pdf(
        contents=[a_stream(drawn((*BODY, *FILLER))), scan],
        resources="/XObject<</I 5 0 R>>",
        catalog="/Lang(en)",
    )
    absent = judged(
        'Ada Brome said: "Nobody in this town has ever asked for a new pier at all."', pdf(body)
    )
    assert absent.verdict is VerdictKind.UNVERIFIABLE
