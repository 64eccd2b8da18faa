"""HTML: the text that is kept, and what points from it."""

import pytest

CLOSED = "The bridge was closed on Friday."
REFERENCES = (
    "<h2>References</h2><ol class='references'>"
    "<li id='cite_note-1'><a href='#cite_ref-1'>^</a> <cite>Smith, J. <a href='https://example.com/1'>"
    "“The first title”</a>. <i>The Outlet</i>. 30 January 2026.</cite></li>"
    "<li id='n2'>Other Outlet: “The second title”, 2021 <a href='#r2'>↩</a></li></ol>"
)


def page(body):
    return f"<!doctype html><html lang='en-GB'><head><title>T</title></head><body>{body}{REFERENCES}</body></html>"


@pytest.fixture
def html(read):
    return lambda body: read(page(body), media_type="text/html")


@pytest.mark.parametrize(
    "paragraph",
    [
        "<p>The bridge was closed on Friday.<sup id='cite_ref-1'><a href='#cite_note-1'>[1]</a></sup>",
        "<p>The bridge was closed on Friday<a href='#cite_note-1'>[1]</a>.</p>",
        "<p>The bridge was closed on Friday [<a href='#cite_note-1'>1</a>].</p>",
        "<p>The bridge was closed on Friday.<sup>1</sup></p>",
        "<p>The bridge was closed on Friday.<sup>[1]</sup></p>",
        "<p>The bridge was <b>closed</b> on Friday [1].</p>",
        "<p>The bridge was <a href='#cite_note-1'>closed</a> on Friday.</p>",
    ],
)
def test_every_way_to_point_binds_to_the_sentence(html, paragraph):
    assert html(paragraph).cites == {CLOSED: ["1"]}


def test_references_have_title_outlet_date_and_url(html):
    result = html(f"<p>{CLOSED}")
    assert [
        (row["n"], row["outlet"], row["title"], row["date"], row["url"]) for row in result.citations
    ] == [
        ("1", "The Outlet", "The first title", "30 January 2026", "https://example.com/1"),
        ("2", "Other Outlet", "The second title", "2021", None),
    ]


def test_offsets_point_into_the_extracted_text(html):
    result = html(
        "<p>It rained &amp; snowed\n for a&nbsp;week.<sup><a href='#n2'>2</a></sup> Then it stopped.</p>"
    )
    claim = result.claims[0]
    assert result.text[claim["start"] : claim["end"]] == "It rained & snowed for a week.2"
    assert claim["claim"] == "It rained & snowed for a week."
    assert "<" not in result.text


def test_link_out_is_a_citation_of_its_sentence(html):
    result = html(
        "<p>It rained for a week. <a href='https://example.com/r'>Records</a> show ten floods.</p>"
    )
    row = next(row for row in result.citations if row["url"] == "https://example.com/r")
    assert [claim["claim"] for claim in result.claims] == ["Records show ten floods."]
    assert result.claims[0]["citations"] == [row["id"]]


def test_cite_element_is_a_citation(html):
    result = html("<p>It rained for a week, says <cite>The Book of Rain</cite>.</p>")
    assert "The Book of Rain" in [row["title"] for row in result.citations]
    assert result.claims[0]["claim"] == "It rained for a week, says The Book of Rain."


def test_cite_attribute_of_a_quotation_is_a_citation(html):
    result = html(
        "<blockquote cite='https://example.com/q'><p>It has never rained so much.</p></blockquote>"
    )
    assert result.claims[0]["claim"] == "It has never rained so much."
    assert "https://example.com/q" in [row["url"] for row in result.citations]


def test_navigation_headings_and_scripts_are_no_claims(html):
    result = html(
        "<nav><ul><li><a href='/'>The news of the world on Friday</a></ul></nav><script>var a='<p>x';</script>"
        f"<h1>The bridge was closed on a Friday</h1><p>{CLOSED}</p>"
        "<figure><figcaption>The bridge as it was on Friday.</figcaption></figure>"
        "<footer>The footer of the page has words.</footer>"
    )
    assert [row["claim"] for row in result.uncited] == [CLOSED]
    assert result.uncited[0]["heading"] == "The bridge was closed on a Friday"


def test_contents_list_is_no_claim(html):
    result = html(
        f"<ul><li><a href='#x'>The way to the bridge in town</a></li></ul><p id='x'>{CLOSED}</p>"
    )
    assert [row["claim"] for row in result.uncited] == [CLOSED]


def test_list_items_are_sentences_of_their_own(html):
    result = html(
        "<p>There were two of them in town:</p><ul><li>The bridge of the old town<li>The bridge of the new town</ul>"
    )
    assert [row["claim"] for row in result.uncited][1:] == [
        "The bridge of the old town",
        "The bridge of the new town",
    ]


def test_links_of_the_site_are_no_citations(html):
    result = html(
        "<header><a href='https://example.com/h'>Home of the news</a></header><h2><a href='https://example.com/i'>More</a></h2>"
        "<ul><li><a href='https://example.com/j'>Another story of the day here</a></li></ul>"
    )
    assert len(result.citations) == 2
    assert result.claims == []


def test_declared_language_is_kept(html):
    assert html(f"<p>{CLOSED}").document.version.language == "en"


def test_tag_that_never_ends_loses_no_text(read):
    result = read(
        f"<p>{CLOSED}</p><a href='x The river rose by ten metres.", media_type="text/html"
    )
    assert CLOSED in result.text
    assert "The river rose by ten metres." in result.text


def test_less_than_sign_is_text(html):
    assert (
        html("<p>The share was < 5 % in every year.</p>").uncited[0]["claim"]
        == "The share was < 5 % in every year."
    )


def test_lists_numbered_apart_bind_by_their_targets(read):
    result = read(
        "<p>The bridge was closed on Friday.<a href='#a1'>1</a> It rained for a whole week.<a href='#b1'>1</a></p>"
        "<h2>Notes</h2><ol><li id='a1'>A: “First b”, 2020</ol>"
        "<h2>References</h2><ol><li id='b1'>C: “Second d”, 2021</ol>",
        media_type="text/html",
    )
    assert [row["citations"] for row in result.claims] == [
        [result.document.citations[0].id],
        [result.document.citations[1].id],
    ]


def test_quotation_element_is_read_with_its_marks(html):
    assert html("<p>The mayor said <q>it was bad. We fled</q> on Friday.</p>").uncited[0][
        "claim"
    ] == ("The mayor said “it was bad. We fled” on Friday.")


def test_exponent_is_no_marker(html):
    result = html("<p>The hall has a room of 20 m<sup>2</sup> in town.<sup>1</sup></p>")
    assert result.cites == {"The hall has a room of 20 m2 in town.": ["1"]}
