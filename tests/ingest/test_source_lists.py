"""Reference lists as people type them: no reference of a list is lost to the one above it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.ingest import ingested

PROSE = (
    "The town closed the bridge on Friday [1]. The river rose by four metres in a night [2].\n\n"
)
FIRST = 'The Outlet, "A headline", 3 May 2024'
SECOND = 'Other Paper, "Another"'
#: How the lines of a list begin, by what that is called.
MARKERS = {
    "brackets": "[{n}] ",
    "double-brackets": "[[{n}]] ",
    "footnotes-without-colon": "[^{n}] ",
    "definitions": "[{n}]: ",
    "full-stop-after-brackets": "[{n}]. ",
    "no-space-after-brackets": "[{n}]",
    "numbers": "{n}. ",
    "numbers-in-parenthesis": "{n}) ",
    "carets": "^{n} ",
    "bulleted-brackets": "- [{n}] ",
    "bulleted-double-brackets": "* [[{n}]] ",
    "bold": "**[{n}]** ",
    "bulleted-bold": "- **[{n}]** ",
    "escaped": "\\[{n}\\] ",
    "raised": "<sup>{n}</sup> ",
    "back-links": "[{n}](#top) ",
    "set-in": "    [{n}] ",
    "quoted": "> [{n}] ",
    "anchored": '<a id="ref{n}"></a>[{n}] ',
    "anchored-numbers": '<a name="ref{n}"></a> {n}. ',
    "lenticular": "【{n}】 ",
}


def _listed(result):
    return [(row["n"], row["outlet"], row["title"]) for row in result.citations]


@pytest.mark.parametrize("heading", ["## Sources\n\n", "## References\n\n", "Sources\n"])
@pytest.mark.parametrize("marker", MARKERS.values(), ids=MARKERS)
def test_references_on_adjacent_lines_are_each_a_citation(read, heading, marker):
    result = read(
        f"{PROSE}{heading}{marker.format(n=1)}{FIRST}\n{marker.format(n=2)}{SECOND}\n",
    )
    assert _listed(result) == [
        ("1", "The Outlet", "A headline"),
        ("2", "Other Paper", "Another"),
    ]
    assert [row["cites"] for row in result.claims] == [["1"], ["2"]]
    assert result.unparsed == []


def test_raw_of_a_reference_ends_before_the_next_one(read):
    result = read(f"{PROSE}## Sources\n\n[1] {FIRST}\n[2] {SECOND}\n")
    assert [row["raw"] for row in result.citations] == [f"[1] {FIRST}", f"[2] {SECOND}"]


@pytest.mark.parametrize("margin", ["", "  ", "    ", "\t"])
def test_line_without_marker_belongs_to_the_reference_above_it(read, margin):
    url = "https://example.com/"
    result = read(
        f"{PROSE}## Sources\n\n[1] {FIRST}\n{margin}{url}a\n[2] {SECOND}\n{margin}{url}b\n"
    )
    assert [(row["n"], row["url"]) for row in result.citations] == [
        ("1", f"{url}a"),
        ("2", f"{url}b"),
    ]


def test_wrapped_references_are_read_whole(read):
    result = read(
        f'{PROSE}## Sources\n\n[1] The Outlet, "A headline over the end of\nthe line", 3 May 2024\n'
        '[2] Other Paper,\n"Another",\n5 May 2024\n'
    )
    assert [(row["title"], row["date"]) for row in result.citations] == [
        ("A headline over the end of the line", "3 May 2024"),
        ("Another", "5 May 2024"),
    ]


def test_marked_lines_under_an_unmarked_one_are_references(read):
    result = read(
        f"{PROSE}## Sources\n\nAll of them were read in May, which is when they said this,\n"
        f"[1] {FIRST}\n[2] {SECOND}\n"
    )
    assert [row["n"] for row in result.citations][-2:] == ["1", "2"]


@pytest.mark.parametrize("word", ["[Online]. Available: ", "[2024]. ", "[PDF] "])
def test_word_in_brackets_does_not_part_a_wrapped_reference(read, word):
    result = read(
        f"{PROSE}## Sources\n\n[1] {FIRST}\n{word}https://example.com/a\n[2] {SECOND}\n",
    )
    assert [(row["n"], row["url"]) for row in result.citations] == [
        ("1", "https://example.com/a"),
        ("2", None),
    ]


def test_references_named_by_words_are_parted(read):
    result = read(
        f"The bridge was closed [smith] [jones21].\n\n## Sources\n\n[smith] {FIRST}\n[jones21] {SECOND}\n"
    )
    assert [row["n"] for row in result.citations] == ["smith", "jones21"]


def test_list_of_more_than_999_references_counts_on(read):
    result = read(f"{PROSE}## Sources\n\n[999] {FIRST}\n[1000] {SECOND}\n")
    assert [row["n"] for row in result.citations] == ["999", "1000"]


def test_bold_reference_is_no_heading_that_ends_the_list(read):
    result = read(f"{PROSE}## Sources\n\n**[1] The Outlet, “A headline”**\n[2] {SECOND}\n")
    assert [row["n"] for row in result.citations] == ["1", "2"]


APA = "Doe, K. (2021, March 4). The bridge. The Outlet. https://example.com/b"
ROE = "Roe, R., & Poe, P. (2020). Rivers and rain. *Rain Review*, *3*(2), 1–20. https://doi.org/10.1234/rr"


@pytest.mark.parametrize("lines", [(APA, ROE), (ROE, APA)])
def test_lines_without_markers_are_a_reference_each(read, lines):
    result = read(f"{PROSE}**References**\n\n{lines[0]}\n{lines[1]}\n")
    assert {row["title"] for row in result.citations} == {"The bridge", "Rivers and rain"}


def test_reference_without_marker_may_be_wrapped(read):
    result = read(
        f"{PROSE}## References\n\nRoe, R. (2020). Rivers, rain and snow in the\ntown: a study. Rain Review, 3.\n"
    )
    assert len(result.citations) == 1


@pytest.mark.parametrize("break_", ["<br>", "<br/>\n", " <br /> "])
@pytest.mark.parametrize("marker", ["[{n}] ", "{n}. ", "[^{n}] "])
def test_break_in_a_list_parts_references(read, marker, break_):
    result = read(
        f"{PROSE}## Sources\n\n{marker.format(n=1)}{FIRST}{break_}{marker.format(n=2)}{SECOND}\n"
    )
    assert _listed(result) == [("1", "The Outlet", "A headline"), ("2", "Other Paper", "Another")]


def test_single_letters_are_markers(read):
    result = read(f"The bridge was closed on Friday [A].\n\nNotes\n[A] {FIRST}\n")
    assert result.cites == {"The bridge was closed on Friday.": ["A"]}


_LINES = st.lists(
    st.tuples(
        st.integers(1, 999),
        st.integers(0, 9),
        st.sampled_from(["\n", "\r\n", "\n\n", "\n- ", "\n* ", "\n\n- ", "\n  ", "\n> "]),
    ),
    min_size=1,
    max_size=12,
)


@given(lines=_LINES, heading=st.sampled_from(["## Sources\n", "References\n", "**Quellen:**\n\n"]))
def test_no_line_of_a_list_is_dropped(lines, heading):
    listed = "".join(f"{before}[{n}] Outlet {k}: “Title {k}”, 2024" for n, k, before in lines)
    document = ingested(f"{PROSE}{heading}{listed}\n", name="list", media_type="text/markdown")
    titles = {citation.id: citation.title for citation in document.citations}
    found = {(mark.n, titles[mark.citation_id]) for mark in document.citation_marks}
    found |= {(row.n, row.raw) for row in document.unparsed}
    assert {(str(n), f"Title {k}") for n, k, _ in lines} <= found
    assert len(document.citation_marks) == len(lines)
