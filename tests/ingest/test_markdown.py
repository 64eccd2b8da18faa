"""Markers, links, reference lists and blocks of Markdown and plain text."""

import pytest

SOURCES = """
## Sources

- [1] First Outlet: “The first title”, 3 May 2020
- [2] Second Outlet: “The second title”, 4 May 2020
- [3] Third Outlet: “The third title”, 5 May 2020
"""
BRIDGE = "The bridge was closed on Friday"


@pytest.mark.parametrize(
    "sentence",
    [
        f"{BRIDGE} [1].",
        f"{BRIDGE}[1].",
        f"{BRIDGE}.[1]",
        f"{BRIDGE}. [1]",
        f"{BRIDGE} [[1]].",
        f"{BRIDGE}.[[1]]",
        f"{BRIDGE}.<sup>[1]</sup>",
        f"{BRIDGE}.<sup>1</sup>",
        f"{BRIDGE}.¹",
        f"**{BRIDGE}**.[1]",
        f"{BRIDGE}.[^1]",
        f"{BRIDGE} \\[1\\].",
        f"{BRIDGE}.^[1]^",
        f"{BRIDGE}.【1】",
        f"{BRIDGE}.【1†source】",
        f"{BRIDGE} ([1]).",
        f"{BRIDGE} [[1](https://example.com/x)].",
        f"{BRIDGE} [[1]](#ref1).",
        f"{BRIDGE} [1](#ref1).",
    ],
)
def test_every_way_to_write_a_marker_binds_to_its_sentence(read, sentence):
    result = read(f"{sentence} The river rose by three metres overnight.\n{SOURCES}")
    assert result.cites == {f"{BRIDGE}.": ["1"]}
    assert [row["claim"] for row in result.uncited] == ["The river rose by three metres overnight."]


@pytest.mark.parametrize(
    ("marker", "cites"),
    [
        ("[1, 2]", ["1", "2"]),
        ("[1][2]", ["1", "2"]),
        ("[1] [3]", ["1", "3"]),
        ("[1–3]", ["1", "2", "3"]),
        ("[1-2, 3]", ["1", "2", "3"]),
        ("[[3]][[1]]", ["3", "1"]),
        ("[2, p. 14]", ["2"]),
        ("[2][2]", ["2"]),
    ],
)
def test_marker_may_name_several_references(read, marker, cites):
    assert read(f"{BRIDGE} {marker}.\n{SOURCES}").cites == {f"{BRIDGE}.": cites}


def test_claim_span_is_the_sentence_as_written_with_its_markers(read):
    result = read(f"Before it, nothing much happened. **{BRIDGE}**. [1] [2]\n{SOURCES}")
    claim = result.claims[0]
    assert result.text[claim["start"] : claim["end"]] == f"**{BRIDGE}**. [1] [2]"


def test_footnote_with_an_indented_second_line_is_one_reference(read):
    result = read(
        f"{BRIDGE}.[^note]\n\n[^note]: The Outlet: “The title\n    goes on”, 1 May 2020.\n"
    )
    assert [(row["n"], row["title"], row["date"]) for row in result.citations] == [
        ("note", "The title goes on", "1 May 2020")
    ]


def test_footnote_and_list_may_share_a_number(read):
    result = read(
        f"{BRIDGE}.[^1] The river rose by three metres [1].\n\n[^1]: A: “B c”, 2020\n{SOURCES}"
    )
    assert [len(row["cites"]) for row in result.claims] == [1, 1]
    assert result.claims[0]["citations"] != result.claims[1]["citations"]


def test_inline_footnote_is_a_reference(read):
    result = read(f"{BRIDGE}.^[The Outlet: “The title”, 2020] The river rose by three metres.")
    assert [(row["outlet"], row["title"]) for row in result.citations] == [
        ("The Outlet", "The title")
    ]
    assert [row["claim"] for row in result.claims] == [f"{BRIDGE}."]


def test_inline_link_is_a_citation_whose_words_stay(read):
    result = read("Traffic fell by [30 percent on Friday](https://example.com/a), the mayor said.")
    assert [row["claim"] for row in result.claims] == [
        "Traffic fell by 30 percent on Friday, the mayor said."
    ]
    assert [(row["url"], row["title"], row["n"]) for row in result.citations] == [
        ("https://example.com/a", None, "")
    ]


def test_link_whose_words_are_a_headline_gives_the_title(read):
    result = read("As [River Rises After Night of Rain](https://example.com/a) told, it rained.")
    assert result.citations[0]["title"] == "River Rises After Night of Rain"


def test_link_title_is_the_title(read):
    result = read('It rained in [town](https://example.com/a "Rain in town") for a whole week.')
    assert result.citations[0]["title"] == "Rain in town"


def test_numbered_link_is_a_marker_with_its_own_reference(read):
    result = read(
        f"{BRIDGE} [[1]](https://example.com/a). It rained for a week [2](https://example.com/b)."
    )
    assert [(row["n"], row["url"]) for row in result.citations] == [
        ("1", "https://example.com/a"),
        ("2", "https://example.com/b"),
    ]
    assert result.cites == {f"{BRIDGE}.": ["1"], "It rained for a week.": ["2"]}


def test_reference_link_binds_to_its_definition(read):
    result = read(
        'It is in [the report][rep] of last week.\n\n[rep]: https://example.com/r "The Report"\n'
    )
    assert result.claims[0]["claim"] == "It is in the report of last week."
    assert [(row["url"], row["title"]) for row in result.citations] == [
        ("https://example.com/r", "The Report")
    ]


def test_bare_url_in_a_sentence_is_a_citation(read):
    result = read(f"{BRIDGE} (https://example.com/a_b).")
    assert result.claims[0]["claim"] == f"{BRIDGE}."
    assert result.citations[0]["url"] == "https://example.com/a_b"


def test_links_into_the_page_and_images_are_no_citations(read):
    result = read(f"{BRIDGE}, [as shown](#below). ![a picture](https://example.com/p.png)")
    assert result.citations == []
    assert [row["claim"] for row in result.uncited] == [f"{BRIDGE}, as shown."]


def test_editorial_brackets_are_words(read):
    result = read(f'"[The] bridge [sic] was closed on Friday," the mayor said [1].\n{SOURCES}')
    assert result.claims[0]["claim"] == '"[The] bridge [sic] was closed on Friday," the mayor said.'


def test_marker_without_source_is_counted(read):
    result = read(f"{BRIDGE} [7].\n{SOURCES}")
    row = next(row for row in result.unparsed if row["reason"] == "marker_without_source")
    assert (row["n"], row["raw"]) == ("7", "[7]")
    assert [row["claim"] for row in result.uncited] == [f"{BRIDGE}."]


def test_source_without_marker_is_a_citation_and_counted(read):
    result = read(f"{BRIDGE} [1] [2].\n{SOURCES}")
    assert len(result.citations) == 3
    assert [(row["n"], row["reason"]) for row in result.unparsed] == [
        ("3", "source_without_marker")
    ]


def test_duplicate_markers_keep_both_references_and_bind_neither(read):
    result = read(f"{BRIDGE} [3].\n{SOURCES}- [3] Other Outlet: “Another title”, 2021\n")
    assert [row["outlet"] for row in result.citations][2:] == ["Third Outlet", "Other Outlet"]
    assert result.claims == []
    assert {"duplicate_marker", "ambiguous_marker"} <= set(result.reasons)


def test_same_reference_listed_twice_is_one_citation(read):
    result = read(
        f"{BRIDGE} [3] [4].\n{SOURCES}- [4] Third Outlet: “The third title”, 5 May 2020\n"
    )
    assert len(result.document.citations) == 3
    assert len(result.claims[0]["citations"]) == 1


def test_reference_that_cannot_be_parsed_is_kept_with_its_reason(read):
    result = read(f"{BRIDGE} [1].\n\n## Sources\n\n- [1] Personal communication\n")
    assert [(row["reason"], row["raw"]) for row in result.unparsed] == [
        ("source_unparsed", "[1]"),
        ("no_outlet_or_title", "[1] Personal communication"),
    ]


def test_marker_in_a_heading_is_counted(read):
    result = read(f"# The bridge [1]\n\n{BRIDGE} [2] [3].\n{SOURCES}")
    assert result.reasons == ["marker_outside_claim"]


def test_code_and_comments_hold_no_claims(read):
    code = "```\nThis line of code is no claim at all [1].\n```\n\n<!-- nor this one [9] -->\n"
    result = read(f"{BRIDGE} [1] [2] [3].\n\n{code}{SOURCES}")
    assert len(result.claims) == 1
    assert result.unparsed == []


def test_unclosed_fence_hides_nothing(read):
    assert read(f"```\n{BRIDGE} [1].\n{SOURCES}").cites == {f"{BRIDGE}.": ["1"]}


def test_front_matter_is_no_text(read):
    result = read(f"---\ntitle: This is the title of the whole text\n---\n\n{BRIDGE}.")
    assert [row["claim"] for row in result.uncited] == [f"{BRIDGE}."]


def test_block_quotation_is_prose_over_its_lines(read):
    result = read(f"> The bridge was closed\n> on Friday [1].\n{SOURCES}")
    assert result.cites == {f"{BRIDGE}.": ["1"]}


def test_wrapped_lines_are_one_paragraph(read):
    text = (
        "The bridge over the river in the north of the town was closed on Friday, as\n"
        "Mayor Jane Doe told reporters, and will stay closed until the inspectors of\n"
        "the county have seen every one of its cables [1].\n"
    )
    assert [len(row["claim"]) for row in read(text + SOURCES).claims] == [len(text) - 5]


def test_numbered_list_after_a_heading_is_the_source_list(read):
    result = read(f"{BRIDGE} [2].\n\n**Sources:**\n\n1. A: “B c”, 2020\n2. D: “E f”, 2021\n")
    assert result.claims[0]["citations"] == [result.document.citations[1].id]


def test_source_list_without_a_heading_is_recognised(read):
    result = read(
        f"{BRIDGE} [1].\n\n[1] The Outlet: “The title”, 2020\n[2] Other: “Title two”, 2021\n"
    )
    assert [row["outlet"] for row in result.citations] == ["The Outlet", "Other"]


def test_wrapped_reference_is_one_reference(read):
    result = read(
        f"{BRIDGE} [1].\n\nReferences\n\n[1] Smith, J. “The title.” The Outlet,\n30 January 2026.\n"
    )
    assert [(row["outlet"], row["date"]) for row in result.citations] == [
        ("The Outlet", "30 January 2026")
    ]


@pytest.mark.parametrize(
    "name", ["Quellen", "Références", "Fuentes", "Джерела", "## 参考文献", "SOURCES:"]
)
def test_source_list_is_known_in_other_languages(read, name):
    assert len(read(f"{BRIDGE}.\n\n{name}\n\n- A: “B c”, 2020\n- D: “E f”, 2021\n").citations) == 2


def test_list_items_that_are_links_are_references_and_no_claims(read):
    result = read(
        f"{BRIDGE}.\n\n- [A title of six words or so](https://example.com/a)\n- https://example.com/b\n"
    )
    assert [(row["title"], row["url"]) for row in result.citations] == [
        ("A title of six words or so", "https://example.com/a"),
        (None, "https://example.com/b"),
    ]
    assert [row["claim"] for row in (*result.claims, *result.uncited)] == [f"{BRIDGE}."]


def test_contents_without_a_name_are_told_by_what_they_list(read):
    lists = "- The first part\n- The second long part of it\n- The third part\n\n"
    parts = "".join(
        f"{name}\n{BRIDGE} in part {number}.\n\n"
        for number, name in enumerate(
            ["The first part", "The second long part of it", "The third part"]
        )
    )
    result = read(lists + parts)
    assert len(result.uncited) == 3
    assert {row["heading"] for row in result.uncited} == {
        "The first part",
        "The second long part of it",
        "The third part",
    }


def test_plain_text_is_read_alike(read):
    result = read(
        f'{BRIDGE} [1].\n\nSources\n[1] The Outlet: "The title", 2020\n', media_type="text/plain"
    )
    assert result.cites == {f"{BRIDGE}.": ["1"]}
    assert result.document.version.media_type == "text/plain"


def test_windows_line_ends_change_nothing(read):
    text = f"{BRIDGE} [1].\n{SOURCES}"
    assert read(text.replace("\n", "\r\n")).cites == read(text).cites


def test_entities_and_escapes_are_read(read):
    result = read(rf"The firm A\&B \[of old\] paid 5&nbsp;million euros [1].{chr(10)}{SOURCES}")
    assert list(result.cites) == ["The firm A&B [of old] paid 5 million euros."]


def test_broken_encoding_is_counted(read):
    result = read(f"{BRIDGE}, said M\ufffdller and M\ufffdller.")
    assert [(row["reason"], row["detail"][:12]) for row in result.unparsed] == [
        ("broken_encoding", "2 characters")
    ]


def test_unit_with_an_exponent_holds_no_marker(read):
    result = read(f"{BRIDGE}.¹ The hall has 300 m² and 20 m<sup>3</sup> of room.³\n{SOURCES}")
    assert result.cites == {
        f"{BRIDGE}.": ["1"],
        "The hall has 300 m² and 20 m3 of room.": ["3"],
    }


def test_label_may_be_an_author_and_a_year(read):
    result = read(
        f"{BRIDGE} [The Outlet 2024]. It rained [@doe21].\n\n## References\n\n"
        "[The Outlet 2024] The Outlet: “A title”, 3 May 2024\n\n[@doe21]: Doe: “B c”, 2021\n"
    )
    assert result.cites == {f"{BRIDGE}.": ["The Outlet 2024"], "It rained.": ["doe21"]}


def test_link_at_the_head_of_a_numbered_reference_is_no_marker(read):
    result = read(f"{BRIDGE} [1].\n\nSources:\n1. [B](https://example.com/b) - Outlet B\n")
    assert [(row["n"], row["outlet"], row["title"]) for row in result.citations] == [
        ("1", "Outlet B", "B")
    ]


def test_address_in_brackets_is_no_marker(read):
    result = read(f"{BRIDGE}.\n\nSources:\n\n[https://example.com/b]\n")
    assert [(row["n"], row["url"]) for row in result.citations] == [("", "https://example.com/b")]


@pytest.mark.parametrize("first", ["1", "[1]", "**[1]**"])
def test_rows_under_the_name_of_a_list_are_references(read, first):
    result = read(
        f"{BRIDGE} [1].\n\n## Sources\n\n| # | Source | Date |\n|---|:--|--:|\n"
        f"| {first} | The Outlet: “A title” | 3 May 2024 |\n"
    )
    assert [(row["title"], row["date"]) for row in result.citations] == [("A title", "3 May 2024")]
    assert result.cites == {f"{BRIDGE}.": ["1"]}
    assert result.unparsed == []


def test_numbered_rows_elsewhere_are_data(read):
    result = read(
        "| # | Town | People |\n|---|---|---|\n| 1 | [Old Town](https://example.com/t) | 3,000 |\n"
    )
    assert [row["raw"] for row in result.citations] == ["[Old Town](https://example.com/t)"]


def test_smaller_heading_does_not_end_the_list(read):
    result = read(
        f"{BRIDGE} [1].\n\n## Sources\n\n### Reports\n\n1. A: “B c”, 2020\n\n## About\n\n{BRIDGE} again.\n"
    )
    assert result.cites == {f"{BRIDGE}.": ["1"]}
    assert [row["claim"] for row in result.uncited] == [f"{BRIDGE} again."]


@pytest.mark.parametrize(
    "name",
    [
        "## 📚 Sources & Further Reading",
        "**References and notes:**",
        "## Sources (accessed May 2026)",
        "Sources consulted for this article:",
        "## Quellen und Literatur",
        "## المصادر",
        "## Kaynaklar",
    ],
)
def test_names_of_lists_may_be_joined_and_decorated(read, name):
    assert len(read(f"{BRIDGE}.\n\n{name}\n\n- A: “B c”, 2020\n- D: “E f”, 2021\n").citations) == 2


def test_rule_below_a_list_makes_no_heading_of_its_last_line(read):
    result = read(
        f"{BRIDGE} [2].\n\n[1] A: “B c”, 2020\n[2] D: “E f”, 2021\n---\n*Published by the town.*\n"
    )
    assert [(row["n"], row["outlet"]) for row in result.citations] == [("1", "A"), ("2", "D")]


def test_paragraph_set_in_below_a_reference_is_part_of_it(read):
    result = read(
        f"{BRIDGE} [1].\n\nSources\n\n1. A: “B c”, 2020\n\n   https://example.com/a\n\n2. D: “E f”, 2021\n"
    )
    assert [(row["n"], row["url"]) for row in result.citations] == [
        ("1", "https://example.com/a"),
        ("2", None),
    ]


def test_opening_line_that_ends_in_a_raised_marker_is_no_heading(read):
    assert read(f"{BRIDGE}.¹ ²\n{SOURCES}").cites == {f"{BRIDGE}.": ["1", "2"]}


def test_footnote_that_names_two_works_binds_to_both(read):
    result = read(f"{BRIDGE}.[^1]\n\n[^1]: See A, “B c”, 2020; D, “E f”, 2021.\n")
    assert [row["outlet"] for row in result.citations] == ["A", "D"]
    assert len(result.claims[0]["citations"]) == 2
    assert result.unparsed == []


def test_line_that_opens_with_a_word_in_brackets_is_a_sentence(read):
    line = "[Update] The mayor told The Outlet on 3 May 2024 that “the bridge is closed”."
    assert [row["claim"] for row in read(f"{BRIDGE}.\n\n{line}\n").uncited] == [f"{BRIDGE}.", line]
