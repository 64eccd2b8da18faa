import pytest

S = [
    "The board of the harbour voted on Tuesday to rebuild the pier, eight votes to three.",
    "“We shall not wait for another winter,” said the chair, and work is to start in the spring.",
    "Repairs are expected to cost 3.2 million crowns, of which the county pays half.",
    "A second reading is due next month, and the contract may be let in May.",
]
PROSE = "".join(f"<p>{each}</p>" for each in S)
LINKS = "".join(
    f"<li><a href='/{i}'>Another story of the town, number {i}</a></li>" for i in range(9)
)


def blocks(page):
    return page.text.split("\n\n")


def test_paragraphs_come_in_order_one_blank_line_apart(read):
    assert read(f"<article>{PROSE}</article>").text == "\n\n".join(S)


def test_white_space_within_a_block_is_one_space(read):
    page = read(
        f"<article><p>The   board\n\tof&nbsp;the <b>harbour</b>\nvoted.</p>{PROSE}</article>"
    )
    assert blocks(page)[0] == "The board of the harbour voted."


def test_scripts_styles_and_comments_are_never_text(read):
    page = read(
        "<article><script>var secret=1</script><style>.secret{}</style><!-- secret -->"
        f"{PROSE}<noscript>secret</noscript></article>"
    )
    assert page.text == "\n\n".join(S)


@pytest.mark.parametrize(
    "furniture",
    [
        f"<nav><ul>{LINKS}</ul></nav>",
        f"<aside><ul>{LINKS}</ul></aside>",
        f"<div class='related-stories'><ul>{LINKS}</ul></div>",
        f"<div class='sidebar'>{PROSE.replace('board', 'other')[:120]}</div>",
        "<div id='comments'><p>I do not believe a word of what the board of the harbour says about it.</p></div>",
        "<div class='cookie-banner'><p>We and our 900 partners store and read cookies on your device.</p></div>",
        "<div class='share-buttons'><a href='#'>Share</a> <a href='#'>Tweet</a></div>",
        "<div role='navigation'><p>Home, news, sport, weather and all the rest of it is over here.</p></div>",
        "<p>Read more: the other pier</p>",
        "<p>Advertisement</p>",
        "<div class='newsletter-signup'><p>Get the news of the quay in your mailbox every day at eight.</p></div>",
        "<p style='display:none'>A hidden line that no reader of this page would ever see at all.</p>",
        f"<ul>{LINKS}</ul>",
    ],
)
@pytest.mark.parametrize("place", ["before", "after", "within"])
def test_furniture_is_left_out(furniture, place, read):
    inside = {
        "before": furniture + PROSE,
        "after": PROSE + furniture,
        "within": PROSE[: PROSE.index("<p>", 9)] + furniture + PROSE[PROSE.index("<p>", 9) :],
    }
    assert read(f"<article>{inside[place]}</article>").text == "\n\n".join(S)


@pytest.mark.parametrize(
    "wrapper",
    [
        "<div class='content-with-sidebar'>{}</div>",
        "<body class='has-nav sidebar-right'>{}",
        "<div class='news-tag-selector'>{}</div>",
        "<div class='share-wrapper'><h1>Pier</h1>{}</div>",
        "<div class='paywall' style='display:none'>{}</div>",
        "<form id='aspnetForm'>{}</form>",
        "<table><tr><td>{}</td></tr></table>",
    ],
)
def test_badly_named_wrapper_loses_nothing(wrapper, read):
    prose = "".join(f"<p>{each} {each}</p>" for each in S)
    page = read(wrapper.format(prose))
    assert all(each in page.text for each in S)


def test_headings_items_quotes_rows_and_captions_are_blocks(read):
    body = (
        f"<article><h1>Pier</h1>{PROSE}<h2>What it costs</h2>"
        "<ul><li>One half from the county</li><li>One half from the town</li></ul>"
        "<blockquote>Nobody asked the crews, and nobody ever has.</blockquote>"
        "<table><tr><th>Year</th><th>Cost</th></tr><tr><td>2026</td><td>3.2</td></tr></table>"
        "<figure><figcaption>The north pier on Tuesday, with two of its supports gone.</figcaption></figure>"
        f"{PROSE}</article>"
    )
    text = blocks(read(body))
    assert text[4:11] == [
        "What it costs",
        "One half from the county",
        "One half from the town",
        "Nobody asked the crews, and nobody ever has.",
        "Year | Cost",
        "2026 | 3.2",
        "The north pier on Tuesday, with two of its supports gone.",
    ]


def test_two_breaks_part_blocks_and_one_does_not(read):
    page = read(f"<div>{S[0]}<br>{S[1]}<br><br>{S[2]}</div>")
    assert blocks(page) == [f"{S[0]} {S[1]}", S[2]]


def test_article_in_several_sections_is_whole(read):
    body = "".join(
        f"<section><div><p>{each} {each}</p></div></section><div class='ad'><p>Buy</p></div>"
        for each in S
    )
    page = read(f"<main><article><h1>Pier</h1>{body}</article></main>")
    assert all(each in page.text for each in S)


def test_headline_is_no_part_of_the_text(read):
    assert (
        "Pier vote"
        not in read(f"<title>Pier vote</title><article><h1>Pier vote</h1>{PROSE}</article>").text
    )


def test_linked_body_stands_in_for_a_shell(read):
    body = "\\n".join(S * 2)
    page = read(
        '<div id="root"></div><script type="application/ld+json">'
        f'{{"@type":"NewsArticle","articleBody":"{body}"}}</script>'
    )
    assert blocks(page) == S * 2


def test_linked_body_of_another_article_is_not_taken(read):
    other = "Another story altogether, which has nothing to do with this one. " * 30
    page = read(
        f'<article>{PROSE}</article><script type="application/ld+json">'
        f'{{"@type":"NewsArticle","articleBody":"{other}"}}</script>'
    )
    assert page.text == "\n\n".join(S)


def test_same_bytes_give_the_same_page(read):
    assert read(f"<article>{PROSE}</article>") == read(f"<article>{PROSE}</article>")
