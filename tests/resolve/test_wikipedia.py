"""What Wikipedia is asked and how its references are read. All exchanges are synthetic: no shape was verified live."""

import json
from datetime import date
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.resolve.wikipedia import REFERENCE_CHARS, WikipediaResolver, references
from db.words import CapturePurpose, Coverage

TITLE = "Mayor of Northport resigns over the bridge contract"
STORY = "https://www.herald.example/2026/01/30/mayor-northport-resigns-bridge-contract"
WIKIPEDIA = WikipediaResolver()


def article(wikitext):
    page = {
        "pageid": 1,
        "ns": 0,
        "title": "Northport",
        "revisions": [{"slots": {"main": {"contentmodel": "wikitext", "content": wikitext}}}],
    }
    return json.dumps({"batchcomplete": True, "query": {"pages": [page]}})


def cite(title=TITLE, url=STORY):
    return f"<ref>{{{{cite news |title={title} |url={url} |date=30 January 2026}}}}</ref>"


def fields(url):
    return parse_qs(urlsplit(url).query)


def test_it_is_asked_once_for_the_headlines_first_words_in_wikitext(a_query, driven):
    done = driven(WIKIPEDIA.resolve(a_query(title=f"{TITLE} for ferries and harbour trains")))
    (request,) = done.requests
    assert request.url.startswith("https://en.wikipedia.org/w/api.php?")
    assert fields(request.url)["gsrsearch"] == [
        'insource:"Mayor of Northport resigns over the bridge contract"'
    ]
    assert (request.purpose, request.service) == (CapturePurpose.SERVICE, "wikimedia")
    assert (request.check_robots, request.follow) == (False, False)


@pytest.mark.parametrize(
    ("languages", "host"),
    [((), "en"), (("de-AT", "en"), "de"), (("tr",), "en"), (("zh-Hans",), "zh")],
)
def test_the_outlets_language_chooses_the_edition(a_query, an_outlet, driven, languages, host):
    done = driven(WIKIPEDIA.resolve(a_query(outlet=an_outlet(languages=languages))))
    assert urlsplit(done.urls[0]).hostname == f"{host}.wikipedia.org"


def test_a_short_title_is_not_asked_for(a_query, driven):
    done = driven(WIKIPEDIA.resolve(a_query(title="Mayor of Northport")))
    assert (done.requests, done.answer.coverage) == ([], Coverage.NOT_COVERED)


def test_a_reference_with_the_headline_is_offered_with_its_date(a_query, driven, synthetic):
    text = f"The mayor resigned.{cite(title='Snow falls', url='https://x.example/1')}{cite()}"
    answer = driven(WIKIPEDIA.resolve(a_query()), {"": synthetic(article(text))}).answer
    assert answer.coverage is Coverage.ANSWERED
    (found,) = answer.candidates
    assert (found.url, found.published_on, found.via) == (STORY, date(2026, 1, 30), "wikipedia")


def test_articles_that_cite_something_else_prove_nothing(a_query, driven, synthetic):
    other = cite(title="Snow falls on the harbour", url="https://www.herald.example/a/9")
    web = {"": synthetic(article(other))}
    answer = driven(WIKIPEDIA.resolve(a_query()), web).answer
    assert (answer.coverage, answer.candidates) == (Coverage.NOT_COVERED, ())


@pytest.mark.parametrize("body", ['{"batchcomplete": true}', '{"query": {"pages": []}}', "{}"])
def test_no_article_proves_nothing(a_query, driven, synthetic, body):
    answer = driven(WIKIPEDIA.resolve(a_query()), {"": synthetic(body)}).answer
    assert answer.coverage is Coverage.NOT_COVERED


@pytest.mark.parametrize(
    ("code", "coverage", "closes"),
    [
        ("maxlag", Coverage.DEGRADED, ()),
        ("ratelimited", Coverage.QUOTA, ()),
        ("internal_api_error_DBQueryError", Coverage.DEGRADED, ()),
        ("badvalue", Coverage.DEGRADED, ("en.wikipedia.org",)),
    ],
)
def test_errors_under_200_are_told_and_only_lasting_ones_close_that_wiki(
    a_query, driven, synthetic, code, coverage, closes
):
    web = {"": synthetic(json.dumps({"error": {"code": code, "info": "no"}}))}
    answer = driven(WIKIPEDIA.resolve(a_query()), web).answer
    assert (answer.coverage, answer.closes) == (coverage, closes)
    assert code in answer.detail


@pytest.mark.parametrize(
    "wikitext",
    [
        "{{Internetquelle |url=https://a.example/x |titel=Ein langer Titel |datum=2026-01-30}}",
        "{{Literatur |Titel=Ein langer Titel |Online=https://a.example/x |Datum=2026-01-30}}",
        "{{Lien web|titre=Ein langer Titel|url=https://a.example/x|date=2026-01-30}}",
        "{{cita web |título=Ein langer Titel |url=https://a.example/x |fecha=2026-01-30}}",
        "{{cite web\n| url = https://a.example/x\n| title = Ein langer Titel\n| date = 2026-01-30\n}}",
    ],
)
def test_templates_of_several_editions_are_read(wikitext):
    (entry,) = references(f"Text.<ref>{wikitext}</ref>")
    assert (entry.url, entry.title) == ("https://a.example/x", "Ein langer Titel")
    assert entry.published_on == date(2026, 1, 30)


def test_a_link_with_a_text_is_a_reference_without_a_date():
    (entry,) = references("<ref>[https://a.example/x Ein langer Titel], Herald</ref>")
    assert (entry.url, entry.title, entry.published_on) == (
        "https://a.example/x",
        "Ein langer Titel",
        None,
    )


@pytest.mark.parametrize(
    "wikitext",
    [
        "{{cite web |title=Ein langer Titel}}",
        "{{cite web |url=https://a.example/x}}",
        "{{cite web |title=Ein langer Titel |url=javascript:alert(1)}}",
        f"{{{{cite web |title={'a' * REFERENCE_CHARS} |url=https://a.example/x}}}}",
        "{{cite web |title=Ein langer Titel |url=https://a.example/x",
    ],
)
def test_what_has_no_title_or_no_address_is_no_reference(wikitext):
    assert list(references(wikitext)) == []


@given(st.lists(st.sampled_from(["{{", "}}", "|", "=", "url", "title", "[http://a ", "]", "x"])))
def test_any_wikitext_is_read(pieces):
    assert all(entry.title for entry in references("".join(pieces)))
