"""The compose file and the image keep what the README promises of them."""

from __future__ import annotations

import pytest
import yaml

_OURS = ("scheduler", "browse")


@pytest.fixture(scope="module")
def compose(checkout):
    return yaml.safe_load((checkout / "docker-compose.yml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def services(compose):
    return compose["services"]


def test_the_parts_are_scheduler_browse_and_searxng(services):
    assert set(services) == {*_OURS, "searxng"}


def test_our_parts_share_one_volume_that_both_may_write(services):
    assert {tuple(services[name]["volumes"]) for name in _OURS} == {("data:/data",)}


def test_our_parts_run_as_one_user(services):
    assert len({services[name]["user"] for name in _OURS}) == 1


@pytest.mark.parametrize("name", [*_OURS, "searxng"])
def test_no_part_is_root(services, name):
    assert services[name]["user"].split(":")[0] not in {"", "0", "root"}


@pytest.mark.parametrize("name", [*_OURS, "searxng"])
def test_every_part_has_a_health_check(services, name):
    assert services[name]["healthcheck"]["test"][0] in {"CMD", "CMD-SHELL"}


def test_only_the_search_engine_waits_for_a_profile(services):
    assert {name for name, one in services.items() if one.get("profiles")} == {"searxng"}


def test_ports_are_published_on_this_machine_only(services):
    ports = [port for one in services.values() for port in one.get("ports", [])]
    assert [port for port in ports if not port.startswith("127.0.0.1:")] == []


def test_the_search_engine_answers_in_json(checkout):
    settings = yaml.safe_load(
        (checkout / "deploy" / "searxng" / "settings.yml").read_text(encoding="utf-8")
    )
    assert "json" in settings["search"]["formats"]


def test_the_search_engine_reads_the_settings_that_are_shipped(checkout, services):
    source = services["searxng"]["volumes"][0].split(":")[0]
    assert (checkout / source).is_file()


def test_the_image_has_the_same_user_a_volume_and_a_health_check(checkout, services):
    lines = (checkout / "Dockerfile").read_text(encoding="utf-8").splitlines()
    assert f"USER {services['scheduler']['user']}" in lines
    assert "VOLUME /data" in lines
    assert any(line.startswith("HEALTHCHECK ") for line in lines)
