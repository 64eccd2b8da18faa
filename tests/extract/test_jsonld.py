import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.extract.jsonld import article_node, linked_nodes, names, strings

ARTICLE = '{"@type":"NewsArticle","headline":"Pier"}'


@pytest.mark.parametrize(
    "script",
    [
        ARTICLE,
        f"[{ARTICLE}]",
        f'{{"@graph":[{{"@type":"WebSite"}},{ARTICLE}]}}',
        f'{{"@type":"WebPage","mainEntity":{ARTICLE}}}',
        '{"@type":["Thing","NewsArticle"],"headline":"Pier"}',
        '{"@type":"http://schema.org/NewsArticle","headline":"Pier"}',
        f"<!-- {ARTICLE} -->",
        f"//<![CDATA[\n{ARTICLE}\n//]]>",
        f"<![CDATA[{ARTICLE}]]>",
        ARTICLE[:-1] + ",}",
        ARTICLE + ";",
        f'{{"@type":"WebSite"}}\n{ARTICLE}',
        ARTICLE.replace('"', "&quot;"),
        ARTICLE.replace("Pier", "Pier&#33;").replace("&#33;", ""),
        f"/* made by hand */ {ARTICLE}",
    ],
)
def test_article_is_found_whatever_the_site_made_of_it(script):
    assert strings(article_node(linked_nodes([script]))["headline"]) == ("Pier",)


def test_raw_newline_in_a_text_is_white_space():
    node = article_node(linked_nodes(['{"@type":"Article","headline":"The\nPier"}']))
    assert strings(node["headline"]) == ("The Pier",)


def test_entities_in_a_headline_are_characters():
    assert strings("Tom &amp; Ada&#8217;s pier") == ("Tom & Ada’s pier",)


def test_related_stories_are_not_the_article():
    script = '{"@type":"ItemList","itemListElement":[{"@type":"NewsArticle","headline":"Other"}]}'
    assert article_node(linked_nodes([script])) is None


def test_node_about_this_url_goes_before_a_fuller_one():
    nodes = linked_nodes(
        [
            '{"@type":"Article","headline":"Other","author":"A","url":"https://a.example/other"}',
            '{"@type":"Article","headline":"Pier","url":"https://a.example/pier/"}',
        ]
    )
    assert article_node(nodes, url="https://a.example/pier?x=1")["headline"] == "Pier"


def test_names_come_from_strings_objects_and_lists():
    assert names(["Ada", {"name": "Tom"}, {"name": ["Una", "Ole"]}, 7, None]) == (
        "Ada",
        "Tom",
        "Una",
        "Ole",
        "7",
    )


@pytest.mark.parametrize(
    "script", ["", "{", "[" * 100_000, '{"a":' * 50_000, "nul", '"x"', "[1,2]", "\ud800"]
)
def test_broken_script_gives_no_article(script):
    assert article_node(linked_nodes([script])) is None


@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.text(),
        lambda x: st.lists(x) | st.dictionaries(st.text(), x),
    )
)
def test_any_value_gives_texts(value):
    assert all(isinstance(text, str) and text for text in (*strings(value), *names(value)))
