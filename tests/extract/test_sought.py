"""The one pass over a page's tree: what it finds, and as what."""

from selectolax.lexbor import LexborHTMLParser

from crawler.extract.sought import sought_in


def found_in(html):
    return sought_in(LexborHTMLParser(html, scripting=True))


def test_element_that_fits_several_selectors_is_found_once():
    found = found_in("<h1 itemprop='headline' class='author byline' id='author'>Pier</h1>")
    assert len(found.headings) == len(found.mains) == len(found.bylines) == 1


def test_element_may_be_of_several_kinds():
    found = found_in("<time class='byline' itemprop='datePublished'>2020-01-01</time>")
    assert len(found.times) == len(found.bylines) == 1


def test_link_that_names_an_author_is_no_canonical_one():
    assert found_in("<link rel='author' href='/ada'>").canonicals == []


def test_script_named_after_authors_is_no_linked_data():
    assert found_in("<script class='author-box'>1</script>").linked == []


def test_class_that_only_begins_like_an_author_is_no_byline():
    found = found_in("<p class='autoplay'>x</p><a class='autoplay' rel='author'>Ada</a>")
    assert [node.tag for node in found.bylines] == ["a"]


def test_body_told_by_a_meta_is_a_main_part():
    found = found_in("<div><meta itemprop='articleBody' content='The board voted.'></div>")
    assert [node.tag for node in found.mains] == ["meta"]
    assert [each["itemprop"] for each in found.metas] == ["articleBody"]
