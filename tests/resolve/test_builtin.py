"""Which services are asked, in which order, and what turns them on."""

import json

import pytest
from click.testing import CliRunner

from crawler.app.building import built_resolvers
from crawler.cli import citehound
from crawler.config import loaded
from crawler.resolve.builtin import resolvers
from crawler.resolve.cdx import CdxResolver

SERVICES = ("searxng", "brave", "gdelt", "bingnews", "googlenews", "cdx", "wikipedia")


def names(environment=None):
    settings = loaded(config_file=None, flags={}, environment=environment or {})
    return [one.name for one in built_resolvers(settings)]


def test_keyed_and_undocumented_services_are_off_until_set(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert [name for name in names() if name in SERVICES] == ["gdelt", "cdx", "wikipedia"]


@pytest.mark.parametrize(
    ("variable", "text", "name"),
    [
        ("CITEHOUND_SEARXNG_URL", "https://searx.example", "searxng"),
        ("CITEHOUND_BRAVE_TOKEN", "token", "brave"),
        ("CITEHOUND_NEWSFEEDS_BING", "yes", "bingnews"),
        ("CITEHOUND_NEWSFEEDS_GOOGLE", "yes", "googlenews"),
    ],
)
def test_each_is_turned_on_by_its_setting(tmp_path, monkeypatch, variable, text, name):
    monkeypatch.chdir(tmp_path)
    assert name in names({variable: text})


def test_services_come_after_the_outlets_own_indexes_and_the_archive_after_the_engines():
    everything = resolvers(
        searxng_url="https://searx.example", brave_token="token", bing=True, google=True
    )
    order = [one.name for one in everything]
    assert [name for name in order if name in SERVICES] == list(SERVICES)
    assert max(order.index(name) for name in ("direct", "sitemaps", "feeds")) < order.index(
        "searxng"
    )


@pytest.mark.parametrize(
    "one", resolvers(searxng_url="https://a.example", brave_token="t", bing=True, google=True)
)
def test_every_service_states_what_it_covers_its_terms_and_its_default(one):
    if one.name in (*SERVICES, "scholarly"):
        assert all((one.covers, one.terms, one.default))


def test_the_command_shows_what_a_resolver_states_of_itself(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(citehound, ["plugins", "--json"], standalone_mode=False)
    rows = {row["name"]: row for row in map(json.loads, result.stdout.splitlines())}
    assert rows["cdx"]["terms"] == CdxResolver.terms
    assert rows["html"]["terms"] == ""
