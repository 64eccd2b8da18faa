"""Settings come from four places, and each mistake names its place and its mend."""

import pytest

from crawler.config import SETTINGS, loaded, seeds_folder
from crawler.errors import ConfigError

NO_FLAGS: dict[str, str | None] = {}


def load(tmp_path, toml="", *, env=None, flags=None):
    path = tmp_path / "citehound.toml"
    path.write_text(toml, encoding="utf-8")
    return loaded(config_file=str(path), flags=flags or NO_FLAGS, environment=env or {})


def test_a_flag_beats_the_environment_beats_the_file_beats_the_default(tmp_path):
    toml = 'db = "file.db"\njobs = 3\n[fetch]\ngap_s = 4\n'
    settings = load(
        tmp_path,
        toml,
        env={"CITEHOUND_DB": "env.db", "CITEHOUND_JOBS": "2"},
        flags={"db": "flag.db"},
    )
    origins = {setting.name: value.origin for setting, value in settings.items()}
    assert (settings["db"], settings["jobs"], settings["fetch.gap_s"]) == ("flag.db", "2", "4")
    assert origins["db"] == "--db"
    assert origins["jobs"] == "CITEHOUND_JOBS"
    assert origins["fetch.gap_s"].endswith("citehound.toml, line 4")
    assert origins["schedule.cron"] == "default"


def test_malformed_toml_names_file_and_line(tmp_path):
    with pytest.raises(ConfigError, match=r"citehound\.toml: is not valid TOML: .*line 2"):
        load(tmp_path, 'db = "a.db"\njobs == 3\n')


def test_an_unknown_key_names_its_line_and_its_neighbour(tmp_path):
    with pytest.raises(
        ConfigError, match=r"line 2: schedule\.corn is no setting; did you mean schedule\.cron\?"
    ):
        load(tmp_path, '[schedule]\ncorn = "* * * * *"\n')


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("jobs", "many"),
        ("fetch.gap_s", "-1"),
        ("fetch.gap_s", "nan"),
        ("searxng.url", "ftp://search.example"),
        ("searxng.url", "http://["),
        ("archives.read_paywalled", "true"),
        ("archives.save_access", "two words"),
        *(
            ("fetch.ports", text)
            for text in ("", "http", "80,", "80;443", "0", "65536", "-1", "80-90", "8²", "[80]")
        ),
        ("contact", "somebody"),
        ("schedule.cron", "every night"),
        ("schedule.timezone", "Mars/Olympus"),
    ],
)
def test_a_value_that_cannot_be_used_names_its_variable(tmp_path, name, text):
    variable = "CITEHOUND_" + name.replace(".", "_").upper()
    with pytest.raises(ConfigError, match=variable):
        load(tmp_path, env={variable: text})


def test_a_secret_that_cannot_be_used_is_not_shown(tmp_path):
    with pytest.raises(ConfigError) as caught:
        load(tmp_path, env={"CITEHOUND_ARCHIVES_SAVE_SECRET": "s3cr3t\nX-Evil: 1"})
    assert str(caught.value) == (
        "CITEHOUND_ARCHIVES_SAVE_SECRET: archives.save_secret must be one word of plain characters, "
        "not (hidden); correct it or leave it out"
    )


@pytest.mark.parametrize(
    ("toml", "ports"),
    [
        ("", {80, 443}),
        ("[fetch]\nports = 8080", {8080}),
        ('[fetch]\nports = "80, 443,8443"', {80, 443, 8443}),
        ('[fetch]\nports = "65535,1,1"', {1, 65535}),
    ],
)
def test_ports_are_numbers_with_commas_between(tmp_path, toml, ports):
    assert load(tmp_path, toml).numbers("fetch.ports") == ports


def test_a_bad_list_of_ports_names_its_line_and_its_mend(tmp_path):
    with pytest.raises(ConfigError) as caught:
        load(tmp_path, '[fetch]\ngap_s = 2\nports = "80;443"\n')
    assert str(caught.value).endswith(
        "citehound.toml, line 3: fetch.ports must be port numbers from 1 to 65535 with commas between, "
        "such as 80,443, not '80;443'; correct it or leave it out"
    )


def test_a_missing_config_file_is_told(tmp_path):
    with pytest.raises(ConfigError, match="no such file"):
        loaded(config_file=str(tmp_path / "none.toml"), flags=NO_FLAGS, environment={})


def test_defaults_pass_their_own_checks():
    assert [one.name for one in SETTINGS if one.check(one.default)] == []


def test_a_seeds_folder_that_is_not_there_names_all_places(tmp_path):
    settings = load(tmp_path, flags={"seeds": str(tmp_path)})
    with pytest.raises(
        ConfigError, match=r"--seeds and CITEHOUND_SEEDS .*the checkout .*the installation"
    ):
        seeds_folder(settings)
