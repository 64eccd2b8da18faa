"""From a name to its hosts: Wikidata (shapes from the API's documentation, not recorded), then the name as a domain."""

import json
from itertools import islice

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.resolve.name_domains import BATCH, BATCHES, at_a_domain_of_its_name, guessed_hosts
from crawler.resolve.naming import outlet_named
from crawler.resolve.outlets import OutletBook
from crawler.resolve.site_names import calls_itself, own_names
from crawler.resolve.wikidata import known_to_wikidata
from crawler.resolve.wikidata_items import matching_items, publisher
from db.model import Outlet
from db.words import FailureKind

NEWSPAPER, FILM, WEBSITE = "Q11032", "Q11424", "Q35127"


def a_claim(value, *, rank="normal", ended=False, language=None):
    held = {"id": value} if value.startswith("Q") else value
    qualifiers = {"P582": [{"snaktype": "value"}]} if ended else {}
    if language:
        qualifiers["P407"] = [{"datavalue": {"value": {"id": language}}}]
    return {"mainsnak": {"datavalue": {"value": held}}, "rank": rank, "qualifiers": qualifiers}


def an_item(label, *sites, kind=NEWSPAPER, description="newspaper", aliases=(), language=None):
    claims = {"P31": [a_claim(kind)] if kind else [], "P856": list(sites)}
    if language:
        claims["P407"] = [a_claim(language)]
    return {
        "labels": {"en": {"value": label}},
        "descriptions": {"en": {"value": description}},
        "aliases": {"en": [{"value": one} for one in aliases]},
        "claims": claims,
    }


def a_block(value):
    return f'<script type="application/ld+json">{json.dumps(value)}</script>'


@pytest.fixture
def wikidata(synthetic):
    """A Wikidata that knows these items; every search finds all of them."""

    def build(**items):
        hits = [
            {"id": id_, "label": item["labels"]["en"]["value"], "match": {"text": ""}}
            for id_, item in items.items()
        ]
        return {
            "wbsearchentities": synthetic(json.dumps({"search": hits})),
            "wbgetentities": synthetic(json.dumps({"entities": items})),
        }

    return build


@pytest.fixture
def told(driven, wikidata):
    def ask(name="Harbour Post", *, language="", **items):
        return driven(known_to_wikidata(name, language=language), wikidata(**items)).answer

    return ask


class TestWikidata:
    def test_a_newspapers_official_website_is_its_host(self, told):
        named = told(Q1=an_item("Harbour Post", a_claim("https://www.post.example/")))
        assert named.outlet.hosts == ("www.post.example",)
        assert named.outlet.source == "wikidata Q1"
        assert not named.is_guess

    def test_a_preferred_address_comes_first_an_ended_one_is_former_a_deprecated_one_is_none(
        self, told
    ):
        named = told(
            Q1=an_item(
                "Harbour Post",
                a_claim("http://wrong.example/", rank="deprecated", ended=True),
                a_claim("http://second.example/"),
                a_claim("http://old.example/", ended=True),
                a_claim("https://first.example/", rank="preferred"),
            )
        )
        assert named.outlet.hosts == ("first.example", "second.example")
        assert named.outlet.former_hosts == ("old.example",)

    def test_the_address_in_the_works_language_comes_first(self, told):
        sites = (
            a_claim("https://en.post.example/", language="Q1860"),
            a_claim("https://de.post.example/", language="Q188"),
        )
        named = told(language="de", Q1=an_item("Harbour Post", *sites))
        assert named.outlet.hosts[0] == "de.post.example"

    @pytest.mark.parametrize(
        "item",
        [
            an_item("Harbour Post", {"mainsnak": {"snaktype": "novalue"}, "rank": "normal"}),
            an_item("Harbour Post", a_claim("https://film.example/"), kind=FILM),
            an_item("Harbour Post", a_claim("https://f.example/"), kind=None, description="film"),
            an_item("Harbour Post", a_claim("https://www.facebook.com/post")),
            an_item("Harbour Post", a_claim("http://[broken")),
            an_item("Inland Post", a_claim("https://inland.example/")),
        ],
    )
    def test_no_website_no_publisher_or_another_name_is_nobody(self, told, item):
        named = told(Q1=item)
        assert named.outlet is None
        assert named.is_settled

    def test_a_description_speaks_for_an_item_of_an_unlisted_class(self, told):
        item = an_item("Harbour Post", a_claim("https://post.example/"), kind="Q99999")
        assert told(Q1=item).outlet.hosts == ("post.example",)

    def test_a_film_of_the_same_name_is_passed_over(self, told):
        film = an_item("Harbour Post", a_claim("https://film.example/"), kind=FILM)
        paper = an_item("Harbour Post", a_claim("https://post.example/"))
        named = told(Q1=film, Q2=paper)
        assert (named.outlet.hosts, named.is_guess) == (("post.example",), False)

    def test_two_papers_of_one_name_are_a_guess(self, told):
        named = told(
            Q1=an_item("Harbour Post", a_claim("https://one.example/")),
            Q2=an_item("Harbour Post", a_claim("https://two.example/")),
        )
        assert named.is_guess
        assert "Q2" in named.detail

    def test_the_works_language_decides_between_two_papers_of_one_name(self, told):
        named = told(
            language="de",
            Q1=an_item("Harbour Post", a_claim("https://one.example/"), language="Q1860"),
            Q2=an_item("Harbour Post", a_claim("https://two.example/"), language="Q188"),
        )
        assert (named.outlet.hosts, named.is_guess) == (("two.example",), False)

    @pytest.mark.parametrize(
        ("cited", "known"),
        [
            ("Harbour Post (HP)", True),
            ("Harbour Post (Narnia)", True),
            ("Harbour Post (Kenya)", False),
            ("The Harbour Post", True),
            ("Harbourpost", True),
        ],
    )
    def test_a_bracket_counts_where_it_names_or_describes_the_item(self, told, cited, known):
        item = an_item(
            "Harbour Post",
            a_claim("https://post.example/"),
            description="newspaper in Narnia",
            aliases=("HP",),
        )
        assert (told(cited, Q1=item).outlet is not None) is known

    def test_an_error_under_http_200_is_trouble_and_never_nobody(self, driven, synthetic):
        body = json.dumps({"error": {"code": "maxlag", "info": "Waiting for a database server"}})
        asked = driven(known_to_wikidata("Harbour Post"), {"wikidata": synthetic(body)})
        assert not asked.answer.is_settled
        assert "maxlag" in asked.answer.detail

    def test_a_name_is_searched_as_cited_then_without_what_stands_around_it(self, driven, wikidata):
        asked = driven(known_to_wikidata("The Harbour Post Online"), wikidata())
        assert [url.split("search=")[1].split("&")[0] for url in asked.urls] == [
            "The+Harbour+Post+Online",
            "harbour+post",
        ]
        assert all(request.service == "wikimedia" for request in asked.requests)

    @given(
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.text(max_size=8),
            lambda inner: (
                st.lists(inner, max_size=3)
                | st.dictionaries(
                    st.sampled_from(
                        "search id label match text labels aliases claims P31 P856 mainsnak datavalue "
                        "value rank qualifiers en descriptions P582".split()
                    ),
                    inner,
                    max_size=4,
                )
            ),
            max_leaves=30,
        )
    )
    def test_whatever_it_answers_is_read_or_passed_over(self, body):
        ids = matching_items("Harbour Post", {"search": body})
        assert all(isinstance(one, str) for one in ids)
        for item in (body, {"claims": body, "labels": body, "aliases": body}):
            # Without a website of its own in the answer, nobody is taken for the publisher.
            assert publisher("Harbour Post", "Q1", item, "en") is None


class TestHomePage:
    @pytest.mark.parametrize(
        "html",
        [
            '<meta property="og:site_name" content="Harbour Post">',
            '<meta name="application-name" content="The Harbour Post">',
            "<title>News from the bay | Harbour Post</title>",
            a_block({"@graph": [{"@type": "NewsMediaOrganization", "name": "Harbour Post"}]}),
            a_block(
                {"publisher": {"@type": ["Organization"], "alternateName": ["x", "Harbour Post"]}}
            ),
        ],
    )
    def test_a_site_says_its_name_in_the_usual_places(self, html):
        assert calls_itself("Harbour Post", own_names(html.encode()))

    @pytest.mark.parametrize(
        ("cited", "own", "same"),
        [
            ("Harbourpost", "Harbour Post", True),
            ("HPDN", "Harbour Post Daily News", True),
            ("Lsvd", "Lesben- und Schwulenverband Deutschland", False),
            ("Fdsv", "Fachverband der Seefahrt von Varna", False),
            ("Harbour Post (HP)", "Harbour Post", True),
            ("Harbour Post Deutschland", "Harbour Post", True),
            ("Harbour Post", "Inland Post", False),
            ("Post", "Harbour Post", False),
        ],
    )
    def test_names_agree_run_together_or_by_initials_and_not_by_a_word(self, cited, own, same):
        assert calls_itself(cited, (own,)) is same

    @pytest.mark.parametrize(
        "html",
        [
            "<title>harbourpost.example</title>",
            '<meta property="og:site_name" content="Harbour Post"><p>This domain is for sale',
            a_block({"@type": "Person", "name": "Harbour Post"}),
            '<script type="application/ld+json">{broken</script>',
            "",
        ],
    )
    def test_an_empty_site_says_no_name(self, html):
        assert not calls_itself("Harbour Post", own_names(html.encode()))

    @given(st.binary(max_size=400))
    def test_any_body_may_be_read(self, body):
        assert all(own_names(body))


class TestNameAsDomain:
    @pytest.fixture
    def tried(self, driven):
        def ask(name="Harbour Post", language="en", **web):
            table = {host.replace("_", "."): answer for host, answer in web.items()}
            return driven(at_a_domain_of_its_name(name, language=language), table)

        return ask

    @pytest.mark.parametrize(
        ("name", "language", "first"),
        [
            ("The Harbour Post", "en", ["harbourpost.com", "harbourpost.org"]),
            ("Kölner Blatt", "de", ["koelner-blatt.de", "koelner-blatt.com", "koelnerblatt.de"]),
            ("Últimas Horas", "es", ["ultimashoras.com", "ultimashoras.es"]),
            ("Technische Hilfe (THX)", "de", ["thx.de"]),
            ("Eurokanal Deutschland", "de", ["eurokanal.de", "eurokanal-deutschland.de"]),
            ("Harbour Post", "xx", ["harbourpost.com"]),
            ("Пост", "ru", []),
        ],
    )
    def test_hosts_are_guessed_by_the_language_at_hand(self, name, language, first):
        assert list(islice(guessed_hosts(name, language=language), len(first) or 1)) == first

    def test_a_home_page_that_says_the_name_confirms_its_host(self, tried, synthetic):
        page = synthetic("<title>Harbour Post</title>", url="https://www.harbourpost.org/")
        asked = tried(**{"harbourpost.org": page})
        assert asked.answer.outlet.hosts == ("www.harbourpost.org",)
        assert not asked.answer.is_guess
        assert len(asked.requests) == BATCH
        assert all(request.may_not_exist for request in asked.requests)

    def test_a_home_page_that_moved_keeps_both_hosts(self, tried, synthetic):
        page = synthetic("<title>Harbour Post</title>", url="https://bay.example/")
        asked = tried(**{"harbourpost.com": page})
        assert asked.answer.outlet.hosts == ("bay.example", "harbourpost.com")

    def test_a_home_page_that_says_another_name_is_somebody_elses(self, tried, synthetic):
        asked = tried(harbourpost=synthetic("<title>Harbour Post Office Supplies</title>"))
        assert asked.answer.outlet is None
        assert asked.answer.is_settled
        assert len(asked.requests) == BATCH * BATCHES

    def test_two_sites_that_say_the_name_are_a_guess(self, tried, synthetic):
        asked = tried(harbourpost=synthetic("<title>Harbour Post</title>"))
        assert asked.answer.is_guess

    def test_the_one_host_that_refuses_to_be_read_is_a_guess(self, tried, synthetic):
        asked = tried(**{"harbourpost.com": synthetic(status=403)})
        assert (asked.answer.outlet.hosts, asked.answer.is_guess) == (("harbourpost.com",), True)

    def test_a_request_that_was_not_made_leaves_the_name_open(self, tried, failing):
        asked = tried(harbourpost=failing(FailureKind.BREAKER_OPEN))
        assert not asked.answer.is_settled

    @given(st.text(max_size=90), st.sampled_from(["", "en", "de", "ja"]))
    def test_any_name_gives_hosts_or_none(self, name, language):
        hosts = list(islice(guessed_hosts(name, language=language), 12))
        assert len(set(hosts)) == len(hosts)
        assert all(host.isascii() and "." in host for host in hosts)


class TestChain:
    @pytest.fixture
    def found(self, driven):
        def ask(web, name="Harbour Post", book=()):
            return driven(outlet_named(name, book=OutletBook(book), language="en"), web).answer

        return ask

    def test_what_wikidata_does_not_know_is_looked_for_at_a_domain_of_the_name(
        self, found, wikidata, synthetic
    ):
        home = synthetic("<title>Harbour Post</title>")
        named = found({**wikidata(), "harbourpost.com": home})
        assert named.outlet.hosts == ("harbourpost.com",)
        assert named.detail.startswith("wikidata: no item of this name; ")

    def test_nobody_is_settled_only_where_wikidata_answered(self, found, failing, wikidata):
        assert found(wikidata()).is_settled
        assert not found({"wikidata": failing(FailureKind.TIMEOUT)}).is_settled

    def test_a_host_that_the_book_knows_is_its_outlets(self, found, wikidata):
        known = Outlet(name="The Post", hosts=("www.post.example",), feeds=("https://a.b/c",))
        web = wikidata(Q1=an_item("Harbour Post", a_claim("https://post.example/")))
        assert found(web, book=[known]).outlet is known

    def test_a_host_below_a_known_one_is_an_outlet_of_its_own(self, found, wikidata):
        known = Outlet(name="The Post", hosts=("www.post.example",))
        web = wikidata(Q1=an_item("Harbour Post", a_claim("https://harbour.post.example/")))
        assert found(web, book=[known]).outlet.hosts == ("harbour.post.example",)
