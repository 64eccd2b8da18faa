"""`citehound outlets`: what is known, and what the operator adds, corrects and takes out again."""

import json
from datetime import UTC, datetime

import pytest
from click.testing import CliRunner

from crawler.cli.outlets import command
from crawler.errors import ConfigError
from db.model import LearnedOutlet, Outlet
from db.store import Store

SEEDS = """
[[outlet]]
name = "Quill Post"
aliases = ["QP"]
hosts = ["www.quillpost.example"]
feeds = ["https://www.quillpost.example/rss"]
source = "made up"

[[outlet]]
name = "Inland Courier"
hosts = ["courier.example"]
source = "made up"
"""


@pytest.fixture
def here(tmp_path):
    (tmp_path / "outlets.toml").write_text(SEEDS, encoding="utf-8")
    return tmp_path


@pytest.fixture
def outlets(here):
    """Runs the command; what it printed as rows, or its result where it failed."""

    def run(*arguments, fails=False):
        places = ("--seeds", str(here), "--db", str(here / "r.db"), "--json")
        done = CliRunner().invoke(command, [*arguments, *places], standalone_mode=False)
        if fails:
            return done
        assert done.exception is None, done.exception
        return [json.loads(line) for line in done.stdout.splitlines()]

    return run


def test_the_seeds_are_listed_without_making_a_database(here, outlets):
    assert [row["name"] for row in outlets()] == ["Quill Post", "Inland Courier"]
    assert {row["origin"] for row in outlets()} == {"seeds"}
    assert not (here / "r.db").exists()


@pytest.mark.parametrize("cited", ["Quill Post", "The QP", "quillpost.example", "Quillpost"])
def test_one_is_shown_by_any_usual_name(outlets, cited):
    assert [row["name"] for row in outlets(cited)] == ["Quill Post"]


def test_an_unknown_name_says_how_to_add_it(outlets):
    done = outlets("No Such Paper", fails=True)
    assert done.return_value == 1
    assert done.stderr == (
        "citehound: no outlet is known as 'No Such Paper'; add it with citehound outlets NAME"
        " --host HOST, or to outlets.toml in the seeds folder\n"
    )


def test_an_added_outlet_is_known_from_then_on(outlets):
    (added,) = outlets(
        "Harbour Echo", "--host", "echo.example", "--alias", "HE", "--language", "en"
    )
    assert added["source"].startswith("the operator, ")
    (shown,) = outlets("HE")
    assert shown == added
    assert (shown["hosts"], shown["languages"]) == (["echo.example"], ["en"])
    assert shown["origin"] == "operator"


def test_a_corrected_outlet_keeps_what_was_not_given_and_stands_instead_of_the_seeds(outlets):
    outlets("QP", "--host", "new.quill.example", "--former-host", "www.quillpost.example")
    rows = outlets()
    assert [row["name"] for row in rows].count("Quill Post") == 1
    (row,) = outlets("Quill Post")
    assert row["hosts"] == ["new.quill.example"]
    assert row["feeds"] == ["https://www.quillpost.example/rss"]


def test_a_corrected_name_keeps_the_one_before_as_an_alias(outlets):
    outlets("Quill Post", "--rename", "The Quill Postman", "--kind", "agency")
    (row,) = outlets("Quill Post")
    assert (row["name"], row["kind"]) == ("The Quill Postman", "agency")
    assert row["aliases"] == ["QP", "Quill Post"]
    assert len(outlets()) == 2


def test_a_removed_outlet_leaves_what_the_seeds_say(outlets):
    outlets("Quill Post", "--host", "new.quill.example")
    outlets("quill post", "--remove")
    assert outlets("Quill Post")[0]["hosts"] == ["www.quillpost.example"]
    assert outlets("Quill Post", "--remove", fails=True).return_value == 1


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            ("Harbour Echo", "--alias", "HE"),
            "hosts: 'Harbour Echo' has no host; say where its pages live: --host",
        ),
        (
            ("Harbour Echo", "--host", "courier.example"),
            (
                "'courier.example' already belongs to 'Inland Courier'; correct that one, or leave"
                " out what could mean both"
            ),
        ),
        (
            ("Harbour Echo", "--host", "echo.example", "--alias", "The QP", "--alias", "qp"),
            (
                "'qp' already belongs to 'Quill Post'; correct that one, or leave out what could mean"
                " both"
            ),
        ),
        (
            ("Harbour Echo", "--host", "https://echo.example"),
            (
                "hosts: ['https://echo.example'] cannot be used; write a list of hosts in lower case"
                ' without scheme: ["www.a.example"]'
            ),
        ),
        (
            ("Quill Post", "--kind", "blog"),
            (
                "kind: 'blog' cannot be used; write one of news, agency, government, think_tank,"
                " journal, other"
            ),
        ),
    ],
)
def test_a_mistake_is_told_and_changes_nothing(outlets, arguments, message):
    failure = outlets(*arguments, fails=True).exception
    assert isinstance(failure, ConfigError)
    assert str(failure) == message
    assert {row["origin"] for row in outlets()} == {"seeds"}


@pytest.mark.parametrize(
    "arguments", [("--host", "a.example"), ("--remove",), ("A", "--remove", "--kind", "news")]
)
def test_what_cannot_be_meant_is_a_usage_error(outlets, arguments):
    assert outlets(*arguments, fails=True).exception.exit_code == 2


def test_a_learned_outlet_is_listed_with_its_day_and_can_be_corrected(here, outlets):
    with Store.open(here / "r.db") as store:
        store.keep_learned_outlet(
            LearnedOutlet(
                key="harbour echo",
                name="Harbour Echo",
                outlet=Outlet(name="Harbour Echo", hosts=("echo.example",), source="wikidata Q1"),
                is_guess=True,
                detail="wikidata: Q1",
                learned_at=datetime(2026, 3, 10, tzinfo=UTC),
            )
        )
    row = outlets()[-1]
    assert (row["origin"], row["is_guess"], row["learned_at"]) == (
        "learned",
        True,
        "2026-03-10T00:00:00+00:00",
    )
    outlets("Harbour Echo", "--alias", "Echo of the Harbour")
    (row,) = outlets("Harbour Echo")
    assert (row["origin"], row["hosts"]) == ("operator", ["echo.example"])
