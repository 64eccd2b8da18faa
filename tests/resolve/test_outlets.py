import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.errors import SeedError
from crawler.outlet_names import as_domain, bare_host, lives_at, name_key
from crawler.resolve.outlet_fields import KINDS
from crawler.resolve.outlet_seeds import parsed_outlets
from crawler.resolve.outlets import OutletBook
from db.model import Outlet

#: In the checkout, or as installed where the tests run without one.
SEEDS = next(
    file
    for root in (Path(__file__).parents[2], Path(sys.prefix) / "share" / "citehound")
    if (file := root / "seeds" / "outlets.toml").is_file()
)


@pytest.fixture(scope="module")
def shipped():
    return parsed_outlets(SEEDS.read_text(encoding="utf-8"), path=str(SEEDS))


@pytest.fixture(scope="module")
def book(shipped):
    return OutletBook(shipped)


def test_the_shipped_outlets_are_at_least_260_of_every_kind(shipped):
    assert len(shipped) >= 260
    assert {outlet.kind for outlet in shipped} == set(KINDS)


def test_180_shipped_outlets_come_from_the_list_of_2026(shipped):
    assert sum("fundus-2026" in outlet.source for outlet in shipped) == 180


def test_every_shipped_outlet_says_where_its_facts_come_from(shipped):
    known = ("fundus-2026", "article", "general knowledge (not checked live)")
    assert all(any(source in outlet.source for source in known) for outlet in shipped)


def test_every_shipped_outlet_is_found_by_each_of_its_names_and_hosts(shipped, book):
    for outlet in shipped:
        for name in (outlet.name, *outlet.aliases):
            assert book.named(name) is outlet, name
        for host in (*outlet.hosts, *outlet.former_hosts):
            assert book.of_host(host) is outlet, host


def test_no_two_shipped_outlets_share_a_folded_name_or_a_host(shipped):
    names = [name_key(name) for outlet in shipped for name in {outlet.name, *outlet.aliases}]
    hosts = [
        bare_host(host) for outlet in shipped for host in (*outlet.hosts, *outlet.former_hosts)
    ]
    assert len(set(names)) == len(names)
    assert len(set(hosts)) == len(hosts)


@pytest.mark.parametrize(
    ("cited", "name"),
    [
        ("The Times of India", "The Times of India"),
        ("Times of India", "The Times of India"),
        ("Reuters", "Reuters"),
        ("FOX NEWS", "Fox News"),
        ("President of Ukraine Official Website", "President of Ukraine Official Website"),
        ("President of Ukraine", "President of Ukraine Official Website"),
        ("The International Crisis Group", "International Crisis Group"),
        ("nytimes.com", "The New York Times"),
        ("https://www.bbc.co.uk/news", "The BBC"),
        ("“Le Figaro”", "Le Figaro"),
        ("El Pais", "El País"),
        ("Associated Press (AP)", "Associated Press News"),
        ("The Guardian (UK)", "The Guardian"),
        ("Zeit", "Die Zeit"),
        ("NPR.ORG", "NPR"),
        ("The nytimes.com", "The New York Times"),
        ("Nytimes", "The New York Times"),
        ("NewYorkTimes", "The New York Times"),
        ("The Guardian UK", "The Guardian"),
        ("Spiegel.de Politik", "Spiegel Online"),
    ],
)
def test_a_name_in_any_usual_form_is_its_outlet(book, cited, name):
    assert book.named(cited).name == name


@pytest.mark.parametrize(
    "cited",
    [
        "",
        None,
        "No Such Paper",
        "Daily News",
        "Dailynews",
        "The Nation (Narnia)",
        "The Guardian India",
        "St.Georg",
        "St.Georg/Hamburg",
        "a.example or b.example",
    ],
)
def test_an_unknown_or_ambiguous_name_is_no_outlet(book, cited):
    assert book.named(cited) is None


def test_an_unknown_domain_makes_an_outlet_of_itself(book):
    made = book.named("www.smalltown-gazette.example.org")
    assert made.hosts == ("smalltown-gazette.example.org",)


@pytest.mark.parametrize(
    ("cited", "host"),
    [
        ("smalltown.blogspot.com", "smalltown.blogspot.com"),
        ("BOINGBOING.NET", "boingboing.net"),
        ("The sott.example", "sott.example"),
        ("kath.example katholische Nachrichten", "kath.example"),
        ("https://paper.unusual/news", "paper.unusual"),
    ],
)
def test_a_name_that_is_or_holds_a_domain_is_at_that_host(book, cited, host):
    assert book.named(cited).hosts == (host,)


def test_a_sections_host_comes_before_its_outlets_and_is_asked_for_its_own_indexes():
    outlet = Outlet(name="N", hosts=("www.n.example",), feeds=("https://www.n.example/rss",))
    book = OutletBook([outlet])
    section = book.named("blogs.n.example")
    assert (section.name, section.hosts) == ("N", ("blogs.n.example", "www.n.example"))
    assert section.feeds == ()
    assert book.named("m.n.example") is outlet


def test_a_loose_name_that_two_outlets_share_is_neither():
    harbour, inland = (
        Outlet(name="Cbs News", hosts=("cbs.example",)),
        Outlet(name="CB Snews", hosts=("snews.example",)),
    )
    assert OutletBook([harbour, inland]).named("Cbsnews") is None


def test_a_page_below_a_known_host_belongs_to_the_longest_one():
    news, whole = (
        Outlet(name="N", hosts=("news.a.example",)),
        Outlet(name="W", hosts=("www.a.example",)),
    )
    book = OutletBook([whole, news])
    assert book.of_host("m.news.a.example") is news
    assert book.of_host("sport.a.example") is whole
    assert book.of_host("example") is None
    assert book.of_host("") is None


def test_former_hosts_belong_to_the_outlet():
    outlet = Outlet(name="N", hosts=("www.new.example",), former_hosts=("www.old.example",))
    assert lives_at(outlet, "archive.old.example")
    assert not lives_at(outlet, "cold.example")


BROKEN = {
    "toml": ("[[outlet]]\nname = \n", 2, ""),
    "end of file": ("x = [", 1, ""),
    "top level": ("outlets = 1\n", None, ""),
    "single bracket": ('[outlet]\nname = "A"\n', None, ""),
    "missing source": ('\n[[outlet]]\nname = "A"\n', 2, "source"),
    "missing name": ('[[outlet]]\nsource = "s"\n', 1, "name"),
    "unknown field": ('[[outlet]]\nname = "A"\nsource = "s"\nhost = "a.b"\n', 1, "host"),
    "host with scheme": ('[[outlet]]\nname="A"\nsource="s"\nhosts=["https://a.b"]\n', 1, "hosts"),
    "hosts as text": ('[[outlet]]\nname="A"\nsource="s"\nhosts="a.example"\n', 1, "hosts"),
    "kind": ('[[outlet]]\nname="A"\nsource="s"\nkind="blog"\n', 1, "kind"),
    "feed": ('[[outlet]]\nname="A"\nsource="s"\nfeeds=["ftp://a.b/c"]\n', 1, "feeds"),
    "country": ('[[outlet]]\nname="A"\nsource="s"\ncountry="Germany"\n', 1, "country"),
    "name twice": (
        '[[outlet]]\nname="A"\nsource="s"\n[[outlet]]\nname="B"\naliases=["a"]\nsource="s"\n',
        4,
        "name or alias",
    ),
}


@pytest.mark.parametrize(("text", "line", "field"), BROKEN.values(), ids=BROKEN)
def test_a_mistake_in_the_seeds_is_told_with_line_and_field(text, line, field):
    with pytest.raises(SeedError) as raised:
        parsed_outlets(text, path="outlets.toml")
    assert (raised.value.line, raised.value.field) == (line, field)
    assert raised.value.mend


def test_the_message_names_file_line_field_and_mend():
    text = '[[outlet]]\nname = "A"\nsource = "s"\nkind = "blog"\n'
    with pytest.raises(SeedError) as raised:
        parsed_outlets(text, path="outlets.toml")
    assert str(raised.value) == (
        "outlets.toml, line 1, kind: 'blog' cannot be used; "
        "write one of news, agency, government, think_tank, journal, other"
    )


@given(st.text(max_size=200))
def test_any_text_may_be_asked_as_a_name_or_host(text):
    book = OutletBook([Outlet(name="A", hosts=("a.example",), source="s")])
    domain = as_domain(text)
    assert domain is None or "." in domain
    assert book.named(text) is None or book.named(text).name
    assert book.of_host(text) is None or lives_at(book.of_host(text), text)
