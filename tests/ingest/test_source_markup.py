"""Source lists that markup parts in other ways than by list items: line breaks, table rows, terms, wiki lines."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.ingest import ingested

FIRST = ("The Outlet", "A headline")
SECOND = ("Other Paper", "Another")
A = "The Outlet: “A headline”, 3 May 2024"
B = "Other Paper: “Another”, 4 May 2024"
CLOSED = "The bridge was closed on Friday."
ROSE = "The river rose by four metres."
PROSE = f"{CLOSED}[1] {ROSE}[2]"
BOUND = {CLOSED: ["1"], ROSE: ["2"]}

HTML_LISTS = {
    "breaks-in-a-paragraph": f"<h2>Sources</h2><p>[1] {A}<br>[2] {B}</p>",
    "breaks-in-a-division": f"<h2>Sources</h2><div>[1] {A}<br/>\n[2] {B}<br /></div>",
    "two-breaks": f"<h2>Sources</h2><p>[1] {A}<br><br>[2] {B}</p>",
    "numbers": f"<h2>Sources</h2><p>1. {A}<br>2. {B}</p>",
    "raised": f"<h2>Sources</h2><p><sup>1</sup> {A}<br><sup>2</sup> {B}</p>",
    "heading-in-the-paragraph": f"<p><b>Sources:</b><br>1. {A}<br>2. {B}</p>",
    "without-heading": f"<p>[1] {A}<br>[2] {B}</p>",
    "paragraphs-without-heading": f"<p>[1] {A}</p><p>[2] {B}</p>",
    "breaks-in-an-item": f"<h2>Sources</h2><ul><li>[1] {A}<br>[2] {B}</li></ul>",
    "rows": f"<h2>Sources</h2><table><tr><th>#<th>Source<tr><td>1<td>{A}<tr><td>2<td>{B}</table>",
    "rows-without-heading": f"<table><tr><td>[1]</td><td>{A}</td></tr><tr><td>[2]</td><td>{B}</td></tr></table>",
    "columns": "<h2>Sources</h2><table><tr><td>[1]<td>The Outlet<td>A headline<td>3 May 2024"
    "<tr><td>[2]<td>Other Paper<td>Another<td>4 May 2024</table>",
    "terms": f"<dl class='references'><dt>[1]</dt><dd>{A}</dd><dt>[2]</dt><dd>{B}</dd></dl>",
    "below-a-smaller-heading": f"<h2>Sources</h2><h3>Reports</h3><p>[1] {A}<br>[2] {B}</p>",
    "heading-with-remark": f"<h2>References <span>[edit]</span></h2><ol><li>{A}<li>{B}</ol>",
    "back-links": f"<h2>Notes</h2><p><a href='#a'>[1]</a> {A}<br><a href='#b'>[2]</a> {B}</p>",
}


@pytest.mark.parametrize("list_", HTML_LISTS.values(), ids=HTML_LISTS)
def test_html_list_is_read_entry_by_entry(read, list_):
    result = read(f"<p>{PROSE}</p>{list_}", media_type="text/html")
    assert [(row["n"], row["outlet"], row["title"]) for row in result.citations] == [
        ("1", *FIRST),
        ("2", *SECOND),
    ]
    assert result.cites == BOUND
    assert (result.uncited, result.unparsed) == ([], [])


def test_lines_without_markers_are_a_reference_each(read):
    result = read(
        f"<h2>Quellen</h2><p>{A}<br>{B}<br><a href='https://example.com/c'>The third title</a></p>",
        media_type="text/html",
    )
    assert [row["title"] for row in result.citations] == [
        "A headline",
        "Another",
        "The third title",
    ]


def test_address_on_its_own_line_belongs_to_the_reference_above(read):
    result = read(
        f"<h2>Sources</h2><p>{A}<br>https://example.com/a<br>{B}<br>https://example.com/b</p>",
        media_type="text/html",
    )
    assert [(row["title"], row["url"]) for row in result.citations] == [
        ("A headline", "https://example.com/a"),
        ("Another", "https://example.com/b"),
    ]


def test_addresses_alone_are_a_reference_each(read):
    result = read(
        "<h2>Sources</h2><p>https://example.com/a<br>https://example.com/b</p>",
        media_type="text/html",
    )
    assert [row["url"] for row in result.citations] == [
        "https://example.com/a",
        "https://example.com/b",
    ]


@pytest.mark.parametrize(
    "list_",
    [
        "<p>[1] The Outlet<br>“A headline”<br>3 May 2024</p>",
        "<p>[1] The Outlet: “A<br>headline”, 3 May 2024</p>",
        "<ol><li>The Outlet<br>“A headline”<br>3 May 2024</li></ol>",
        "<ol><li><p>The Outlet: “A headline”.</p><p>3 May 2024</p></li></ol>",
        "<p>The Outlet<br>“A headline”<br>3 May 2024</p>",
    ],
)
def test_reference_broken_over_lines_is_one(read, list_):
    result = read(f"<h2>Sources</h2>{list_}", media_type="text/html")
    assert [(row["outlet"], row["title"], row["date"]) for row in result.citations] == [
        (*FIRST, "3 May 2024")
    ]


def test_layout_table_is_no_row_of_a_list(read):
    result = read(
        f"<table><tr><td><p>{PROSE}</p><h2>Sources</h2><p>[1] {A}</p><p>[2] {B}</p></td></tr></table>",
        media_type="text/html",
    )
    assert [row["title"] for row in result.citations] == ["A headline", "Another"]


def test_anchors_in_a_list_of_lines_lead_to_their_line(read):
    result = read(
        f"<p>{CLOSED}<a href='#b'>*</a></p><h2>Sources</h2><p><a id='a'></a>{A}<br><a id='b'></a>{B}</p>",
        media_type="text/html",
    )
    cited = {row["id"]: row["title"] for row in result.citations}
    assert [cited[each] for each in result.claims[0]["citations"]] == ["Another"]


def test_line_that_opens_with_a_word_in_brackets_is_no_reference(read):
    result = read(
        "<p>[Update] The mayor said “the bridge is closed” to The Outlet on 3 May 2024.</p>",
        media_type="text/html",
    )
    assert (len(result.citations), len(result.uncited)) == (0, 1)


def test_markers_with_commas_between_them_leave_no_comma(read):
    result = read(
        f"<p>{CLOSED}<sup><a href='#a'>1</a>,<a href='#b'>2</a></sup></p><ol class='references'>"
        f"<li id='a'>{A}<li id='b'>{B}</ol>",
        media_type="text/html",
    )
    assert result.cites == {CLOSED: ["1", "2"]}


WIKI_LISTS = {
    "brackets": f"== Sources ==\n[1] {A}\n[2] {B}",
    "brackets-apart": f"== Sources ==\n[1] {A}\n\n[2] {B}",
    "double-brackets": f"== Sources ==\n[[1]] {A}\n[[2]] {B}",
    "bulleted": f"== Sources ==\n* [1] {A}\n* [2] {B}",
    "numbered": f"== Sources ==\n# {A}\n# {B}",
    "numbered-apart": f"== Sources ==\n# {A}\n\n# {B}",
    "numbers": f"== Sources ==\n1. {A}\n2. {B}",
    "breaks": f"== Sources ==\n[1] {A}<br>[2] {B}<br />",
    "broken-lines": f"== Sources ==\n[1] The Outlet:\n“A headline”, 3 May 2024\n[2] {B}",
    "templates": "== Sources ==\n# {{cite news|title=A headline|work=The Outlet}}\n"
    "[2] {{cite web|last=Doe|date=2024|title=Another|website=Other Paper}}",
    "below-a-smaller-heading": f"== Sources ==\n=== Reports ===\n[1] {A}\n[2] {B}",
    "without-heading": f"[1] {A}\n\n[2] {B}",
}


@pytest.mark.parametrize("list_", WIKI_LISTS.values(), ids=WIKI_LISTS)
def test_wikitext_list_in_plain_words_is_read_entry_by_entry(read, list_):
    result = read(f"{PROSE}\n\n{list_}\n", media_type="text/x-wiki")
    assert [(row["n"], row["outlet"], row["title"]) for row in result.citations] == [
        ("1", *FIRST),
        ("2", *SECOND),
    ]
    assert result.cites == BOUND
    assert (result.uncited, result.unparsed) == ([], [])


@pytest.mark.parametrize(
    "marker", ["[1]", " [1]", "[[1]]", "<sup>1</sup>", "<sup>[1]</sup>", "¹", "[1, 2]", "[1][2]"]
)
def test_every_plain_marker_in_wikitext_binds(read, marker):
    result = read(
        f"The bridge was closed on Friday{marker}. {ROSE}\n== Sources ==\n# {A}\n# {B}\n",
        media_type="text/x-wiki",
    )
    assert result.cites == {CLOSED: ["1", "2"] if "2" in marker else ["1"]}


def test_plain_list_and_ref_stand_beside_each_other(read):
    result = read(
        f"{CLOSED}<ref>Third: “Third title”, 2020</ref> {ROSE}[1]\n\n== References ==\n{{{{reflist}}}}\n"
        f"== Sources ==\n[1] {A}\n[2] {B}\n",
        media_type="text/x-wiki",
    )
    cited = {row["id"]: row["title"] for row in result.citations}
    assert [cited[row["citations"][0]] for row in result.claims] == ["Third title", "A headline"]
    assert result.reasons == ["source_without_marker"]


def test_list_that_only_holds_footnotes_is_no_reference(read):
    result = read(
        f'{CLOSED}<ref name="a" />\n== References ==\n<references responsive>\n<ref name="a">{A}</ref>\n</references>\n'
        "__NOTOC__\n[[Category:Bridges]]\n[[de:Brücke]]\n",
        media_type="text/x-wiki",
    )
    assert result.cites == {CLOSED: ["1"]}
    assert result.unparsed == []


def test_link_to_a_page_named_by_a_number_is_words(read):
    result = read("In the year [[1066]] the bridge [[7]] was built.", media_type="text/x-wiki")
    assert [row["claim"] for row in result.uncited] == ["In the year 1066 the bridge 7 was built."]


def test_plain_marker_without_source_is_counted_in_wikitext(read):
    result = read(f"{CLOSED}[3]\n", media_type="text/x-wiki")
    assert [(row["reason"], row["n"]) for row in result.unparsed] == [
        ("marker_without_source", "3")
    ]


_PARTS = st.lists(
    st.sampled_from([A, B, "Personal communication", "https://example.com/a", "“”", "x"]),
    min_size=1,
    max_size=8,
)
_FORMS = st.sampled_from(
    [
        ("text/html", "<h2>Sources</h2><p>", "[{n}] {words}<br>", "</p>"),
        ("text/html", "<h2>Sources</h2><p>", "{words}<br>", "</p>"),
        ("text/html", "<h2>Sources</h2><table>", "<tr><td>{n}<td>{words}", "</table>"),
        ("text/html", "<dl class=references>", "<dt>{n}<dd>{words}", "</dl>"),
        ("text/x-wiki", "== Sources ==\n", "[{n}] {words}\n", ""),
        ("text/x-wiki", "== Sources ==\n", "# {words}\n", ""),
        ("text/x-wiki", "== Sources ==\n", "{words}<br/>", ""),
        ("text/markdown", "## Sources\n\n", "| {n} | {words} |\n", ""),
    ]
)


@given(parts=_PARTS, form=_FORMS)
def test_no_word_of_a_source_list_is_outside_of_what_was_kept(parts, form):
    media_type, before, each, after = form
    listed = "".join(each.format(n=n, words=words) for n, words in enumerate(parts, 1))
    document = ingested(before + listed + after, name="list", media_type=media_type)
    kept = " ".join(
        [mark.raw for mark in document.citation_marks] + [row.raw for row in document.unparsed]
    )
    assert all(words in kept for words in parts)


@pytest.mark.parametrize(
    "menu",
    [
        "<ul><li><a href='/l'>Links</a></li></ul>",
        "<table><tr><td>Links</td></tr></table>",
        "<table><tr><td><a href='/a'>News</a><br><a href='/l'>Links</a><br></td></tr></table>",
        "<nav>Sources</nav>",
    ],
)
def test_name_in_a_menu_or_table_heads_no_list(read, menu):
    result = read(f"{menu}<p>{CLOSED}</p>", media_type="text/html")
    assert [row["claim"] for row in result.uncited] == [CLOSED]
    assert (result.citations, result.unparsed) == ([], [])


def test_table_that_stands_below_a_list_is_no_part_of_it(read):
    result = read(
        f"<p>{PROSE}</p><h2>Notes</h2><ol><li>{A}<li>{B}</ol>"
        "<table><tr><td>Bridges</td><td>Old Bridge, New Bridge</td></tr><tr><td>1990</td></tr></table>",
        media_type="text/html",
    )
    assert len(result.citations) == 2
    assert result.unparsed == []


def test_menu_of_years_is_no_list(read):
    result = read(
        "<ul><li>[2011] <a href='https://example.com/11'>Winter</a><li>[2012] <a href='https://example.com/12'>Summer"
        "</a></ul>",
        media_type="text/html",
    )
    assert [row["n"] for row in result.citations] == ["", ""]


def test_words_quoted_from_a_work_are_not_its_title(read):
    result = read(
        "<h2>Notes</h2><ol><li><cite>The Outlet (2024). <a href='https://example.com/a'><i>A headline</i></a> (PDF). "
        "<q>It was bad.</q></cite></ol>",
        media_type="text/html",
    )
    assert result.citations[0]["title"] == "A headline"
