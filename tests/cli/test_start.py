"""The command line starts light and ends with the documented codes."""

import subprocess
import sys

import pytest

from crawler.cli import COMMANDS

HEAVY = {
    "asyncio", "apscheduler", "brotli", "datasette", "httpcore", "httpx", "lxml", "mwparserfromhell",
    "protego", "rapidfuzz", "rich", "selectolax", "sentencex", "sqlite3", "sqlite_utils", "tenacity", "warcio",
    "zstandard",
}  # fmt: skip


def citehound(*arguments, cwd=None):
    command = [sys.executable, "-P", "-m", "crawler", *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, cwd=cwd, check=False)


def test_help_loads_click_and_little_else():
    code = (
        "import sys; sys.argv = ['citehound', '--help']\n"
        "import atexit; atexit.register(lambda: print('LOADED', *sorted({m.split('.')[0] for m in sys.modules})))\n"
        "from crawler.cli import main; main()"
    )
    done = subprocess.run(
        [sys.executable, "-P", "-c", code], capture_output=True, text=True, timeout=60, check=True
    )
    loaded = set(done.stdout.rpartition("LOADED")[2].split())
    assert "click" in loaded
    assert loaded & HEAVY == set()


def test_help_lists_every_command():
    done = citehound("--help")
    assert done.returncode == 0
    assert [name for name in COMMANDS if f"  {name} " not in done.stdout] == []


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_helps(name):
    done = citehound(name, "--help")
    assert done.returncode == 0
    assert "--help" in done.stdout


def test_a_typo_names_the_nearest_command():
    done = citehound("verfy", "document.md")
    assert done.returncode == 2
    assert "Did you mean 'verify'?" in done.stderr


def test_a_missing_document_is_told_without_a_traceback(tmp_path):
    done = citehound("verify", "nowhere.md", cwd=tmp_path)
    assert done.returncode == 2
    assert done.stderr.strip() == "citehound: nowhere.md: no such file"
    assert list(tmp_path.iterdir()) == []


def test_a_broken_configuration_ends_with_three(tmp_path):
    (tmp_path / "citehound.toml").write_text("jobs = = 1\n")
    done = citehound("config", cwd=tmp_path)
    assert done.returncode == 3
    assert "line 1" in done.stderr
    assert "Traceback" not in done.stderr
