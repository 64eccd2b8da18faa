"""Wikitext: references, cite templates, markup."""

import pytest

CLOSED = "The bridge was closed on Friday."
NEWS = (
    "{{cite news |last=Smith |title=The bridge “closes” |work=[[The Outlet (paper)|The Outlet]] "
    "|date=30 January 2026 |url=https://example.com/a |doi=10.1234/b}}"
)


@pytest.fixture
def wiki(read):
    return lambda text: read(text, media_type="text/x-wiki")


def test_cite_template_gives_every_part(wiki):
    result = wiki(f"{CLOSED}<ref>{NEWS}</ref>")
    row = result.citations[0]
    assert (row["n"], row["outlet"], row["title"], row["date"], row["url"], row["doi"]) == (
        "1",
        "The Outlet",
        "The bridge “closes”",
        "30 January 2026",
        "https://example.com/a",
        "10.1234/b",
    )
    assert result.cites == {CLOSED: ["1"]}


@pytest.mark.parametrize("use", ['<ref name="a" />', "<ref name=a/>", "<ref name='a'/>"])
def test_named_reference_is_one_citation(wiki, use):
    result = wiki(f'{CLOSED}<ref name="a">{NEWS}</ref> It rained for a whole week.{use}')
    assert len(result.citations) == 1
    assert result.cites == {CLOSED: ["1"], "It rained for a whole week.": ["1"]}


@pytest.mark.parametrize(
    "list_", ["<references>\n{0}\n</references>", "{{{{reflist|refs=\n{0}\n}}}}"]
)
def test_list_defined_reference_is_bound(wiki, list_):
    definition = f'<ref name="a">{NEWS}</ref>'
    result = wiki(f'{CLOSED}<ref name="a" />\n\n== References ==\n{list_.format(definition)}\n')
    assert result.cites == {CLOSED: ["1"]}
    assert result.unparsed == []


def test_reference_in_plain_words_is_parsed(wiki):
    result = wiki(
        f"{CLOSED}<ref>[https://example.org/b Second story], ''The Post'', 3 May 2021.</ref>"
    )
    row = result.citations[0]
    assert (row["outlet"], row["title"], row["date"], row["url"]) == (
        "The Post",
        "Second story",
        "3 May 2021",
        "https://example.org/b",
    )


def test_same_name_with_other_content_is_ambiguous(wiki):
    result = wiki(
        f'{CLOSED}<ref name="a">{NEWS}</ref> It rained.<ref name="a">A: “B c”, 2020</ref>'
    )
    assert len(result.citations) == 2
    assert result.claims == []
    assert {"duplicate_marker", "ambiguous_marker"} <= set(result.reasons)


def test_undefined_name_is_a_marker_without_source(wiki):
    result = wiki(f'{CLOSED}<ref name="gone" />')
    assert [(row["reason"], row["n"]) for row in result.unparsed] == [
        ("marker_without_source", "gone")
    ]


def test_unusable_reference_is_kept(wiki):
    result = wiki(f"{CLOSED}<ref>see above</ref>")
    assert set(result.reasons) == {"no_outlet_or_title", "source_unparsed"}


def test_short_footnote_finds_its_work_by_author_and_year(wiki):
    result = wiki(
        f"{CLOSED}{{{{sfn|Miller|1999|p=4}}}}\n\n== Bibliography ==\n"
        "* {{cite book |last=Miller |year=1999 |title=Bridges |publisher=Example Press}}\n"
    )
    assert [row["title"] for row in result.citations] == ["Bridges"]
    assert len(result.claims) == 1


def test_markup_is_no_part_of_a_claim(wiki):
    result = wiki(
        "'''The bridge''' is a [[long bridge|bridge]] of {{convert|5|km}} in&nbsp;{{lang|de|Stadt}}."
    )
    assert [row["claim"] for row in result.uncited] == ["The bridge is a bridge of 5 km in Stadt."]


def test_claim_span_holds_its_reference_as_written(wiki):
    result = wiki(f"It rained. {CLOSED}<ref>A: “B c”, 2020</ref> The end.")
    claim = result.claims[0]
    assert result.text[claim["start"] : claim["end"]] == f"{CLOSED}<ref>A: “B c”, 2020</ref>"


def test_boxes_tables_and_files_are_no_claims(wiki):
    result = wiki(
        "{{Infobox bridge\n| name = The bridge that was built in town <ref>A: “B c”, 2020</ref>\n}}\n"
        "[[File:x.jpg|thumb|A picture of the bridge in 1950.]]\n{|\n| A cell of the table with words\n|}\n"
        f"== History ==\n{CLOSED}\n[[Category:Bridges of the world in 1950]]\n"
    )
    assert [(row["claim"], row["heading"]) for row in result.uncited] == [(CLOSED, "History")]
    assert result.reasons == ["marker_outside_claim"]


def test_external_link_is_a_citation(wiki):
    result = wiki("It was paid for by [https://example.net/c the county council] in 1951.")
    assert result.claims[0]["claim"] == "It was paid for by the county council in 1951."
    assert result.citations[0]["url"] == "https://example.net/c"


def test_comments_are_not_read(wiki):
    assert wiki(f"{CLOSED}<!-- <ref>A: “B c”, 2020</ref> -->").citations == []


def test_reference_with_two_templates_is_two_citations(wiki):
    result = wiki(f"{CLOSED}<ref>{NEWS}; {{{{cite web|title=Other|website=B}}}}</ref>")
    assert [row["outlet"] for row in result.citations] == ["The Outlet", "B"]
    assert len(result.claims[0]["citations"]) == 2


BOOK = "{{cite book |last=Miller |year=1999 |title=Bridges |publisher=Example Press}}"


@pytest.mark.parametrize(
    "note",
    [
        "<ref>{{harvnb|Miller|1999|p=4}}</ref>",
        "<ref name='m'>{{sfn|Miller|1999|p=4}}</ref>",
        "{{sfn|Miller|1999}}",
        "<ref>See {{harvnb|Miller|1999}}.</ref>",
    ],
)
@pytest.mark.parametrize("bullet", ["* ", "*", "# ", ""])
def test_short_footnote_leads_to_its_work_wherever_it_stands(wiki, note, bullet):
    result = wiki(f"{CLOSED}{note}\n\n== Bibliography ==\n{bullet}{BOOK}\n")
    assert [row["title"] for row in result.citations] == ["Bridges"]
    assert len(result.claims[0]["citations"]) == 1
    assert result.unparsed == []


def test_name_in_a_template_refers_to_its_footnote(wiki):
    result = wiki(f'{CLOSED}<ref name="a">{NEWS}</ref> It rained for a whole week.{{{{r|a}}}}')
    assert result.cites == {CLOSED: ["1"], "It rained for a whole week.": ["1"]}
