"""What of a page belongs to its article, where its markup leaves that open; all pages are invented."""

import pytest

S = [
    "The board of the harbour voted on Tuesday to rebuild the pier, eight votes to three.",
    "“We shall not wait for another winter,” said the chair, and work is to start in the spring.",
    "Repairs are expected to cost 3.2 million crowns, of which the county pays half.",
    "A second reading is due next month, and the contract may be let in May.",
]
PROSE = "".join(f"<p>{each}</p>" for each in S)
LEAD = "Eight of eleven members want the pier back before the herring come, and they have found a builder."
TITLE = "<title>Pier vote</title>"
TEASERS = "".join(
    f"<article><h2>Story {i}</h2><p>{S[i % 4]} It went on for long, and {S[(i + 1) % 4]}</p></article>"
    for i in range(6)
)


def blocks(page):
    return page.text.split("\n\n")


@pytest.mark.parametrize(
    "lead", [f"<p>{LEAD}</p>", f"<div class='x7'><div>{LEAD}</div></div>", f"<h2>{LEAD}</h2>"]
)
def test_sentence_between_headline_and_text_leads_to_it(lead, read):
    page = read(
        f"{TITLE}<div><h1>Pier vote</h1>{lead}</div><div><div><div>{PROSE}</div></div></div>"
    )
    assert blocks(page) == [LEAD, *S]


@pytest.mark.parametrize(
    "line",
    [
        "<p>The other town</p>",
        f"<p><a href='/x'>{LEAD}</a></p>",
        f"<p class='byline'>{LEAD}</p>",
        f"<figure><figcaption>{LEAD}</figcaption></figure>",
    ],
)
def test_what_is_no_sentence_of_the_article_does_not_lead_to_it(line, read):
    page = read(f"{TITLE}<div><h1>Pier vote</h1>{line}</div><div><div>{PROSE}</div></div>")
    assert blocks(page) == S


def test_sentence_above_the_headline_does_not_lead_to_the_text(read):
    page = read(f"{TITLE}<div><p>{LEAD}</p></div><h1>Pier vote</h1><div><div>{PROSE}</div></div>")
    assert blocks(page) == S


def test_more_than_the_text_below_the_headline_is_no_lead(read):
    other = "".join(
        f"<section><div><div><div><p>{LEAD}</p></div></div></div></section>" for _ in range(5)
    )
    page = read(f"{TITLE}<div><h1>Pier vote</h1>{other}</div><div><div>{PROSE}</div></div>")
    assert blocks(page) == S


def test_article_of_the_headline_goes_before_a_longer_list_of_articles(read):
    own = f"<article><h1>Pier vote</h1><p>{' '.join(S)}</p></article>"
    page = read(f"{TITLE}<div>{own}<section>{TEASERS}</section></div>")
    assert page.text == " ".join(S)


def test_short_article_of_the_headline_does_not_hide_the_text(read):
    own = "<article><h1>Pier vote</h1><p>It was a long evening at the town hall.</p></article>"
    page = read(f"{TITLE}<div>{own}<div>{PROSE * 3}</div></div>")
    assert all(each in page.text for each in S)


def test_comment_within_a_sentence_does_not_part_it(read):
    page = read(f"<article><p>The board <!-- -->of the harbour<!-- --> voted.</p>{PROSE}</article>")
    assert blocks(page) == ["The board of the harbour voted.", *S]


@pytest.mark.parametrize(
    "caption",
    [
        "The north pier on Tuesday (Photo: Ada Brome / Courier Pictures)",
        "The north pier on Tuesday, seen from the quay",
        "The north pier.",
    ],
)
def test_caption_that_is_no_sentence_is_left_out(caption, read):
    figure = f"<figure><img src=x><figcaption>{caption}</figcaption></figure>"
    assert blocks(read(f"<article>{PROSE}{figure}{PROSE}</article>")) == S + S


def test_paragraph_in_a_figure_is_a_caption_and_a_quotation_is_none(read):
    spoken = "Nobody asked the crews before the vote, and nobody ever has"
    figure = f"<figure><p>Seen from the quay, by our own reporter</p><blockquote>{spoken}</blockquote></figure>"
    assert blocks(read(f"<article>{PROSE}{figure}{PROSE}</article>")) == [*S, spoken, *S]


@pytest.mark.parametrize(
    "line",
    [
        "<div>Monday, 30 January 2026, by our own reporter</div>",
        "<div>08:22</div>",
        "<div>https://courier.example/pictures/2026/pier.jpg 540 960 ada</div>",
        "<form><div>We have sent you a letter with all that you need to log in again.</div></form>",
    ],
)
def test_line_that_says_nothing_of_its_own_is_left_out(line, read):
    assert blocks(read(f"<article>{PROSE}{line}{PROSE}</article>")) == S + S


def test_date_in_a_sentence_or_paragraph_stays(read):
    told = "The pier was built in 1911"
    page = read(f"<article>{PROSE}<p>{told}</p><div>{told}.</div>{PROSE}</article>")
    assert blocks(page) == [*S, told, f"{told}.", *S]


def test_page_wrapped_in_a_form_keeps_its_text(read):
    prose = "".join(f"<p>{each} {each}</p>" for each in S)
    assert all(each in read(f"<form>{prose}</form>").text for each in S)


def test_wrapper_with_a_little_more_than_the_body_adds_nothing(read):
    more = f"<div><h3>From the town</h3><p>{LEAD}</p></div>"
    body = f"<div class='article-body'>{PROSE}</div>"
    page = read(f"<div class='page-content'>{body}<div>{more}</div></div>")
    assert blocks(page) == S


@pytest.mark.parametrize("end", [".", "。", "।", "؟", "۔", "!”"])
def test_caption_that_is_a_sentence_stays_once_in_every_script(end, read):
    told = f"बन्दरगाह का उत्तरी घाट मंगलवार को टूटा हुआ दिखाई दिया, दो खम्भे गायब थे{end}"
    figure = f"<figure><figcaption>{told}</figcaption></figure>"
    assert blocks(read(f"<article>{PROSE}{figure}{figure}{PROSE}</article>")) == [*S, told, *S]
