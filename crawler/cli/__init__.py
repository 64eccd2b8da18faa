"""The command line: a table of commands, each loaded when it is called.

`citehound --help` must load click and little else, so nothing is imported here that a command does not share.
"""

from __future__ import annotations

import importlib
import sys
from typing import TYPE_CHECKING, Final

import click

from crawler.cli.exits import Exit

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["COMMANDS", "citehound", "main"]

#: Command → (module that holds `command`, one line for `--help`). The order is that of `--help`.
COMMANDS: Final[Mapping[str, tuple[str, str]]] = {
    "verify": ("crawler.cli.verify", "Check every citation of documents."),
    "check": ("crawler.cli.check", "Check one citation, on demand."),
    "ingest": ("crawler.cli.ingest", "List claims and citations; no network."),
    "resolve": ("crawler.cli.resolve", "Find the page that an outlet and a headline mean."),
    "extract": ("crawler.cli.extract", "Read pages from saved HTML or PDF."),
    "run": ("crawler.cli.run", "Check what is due now, and stop."),
    "schedule": ("crawler.cli.schedule", "Run nightly until told to stop."),
    "browse": ("crawler.cli.browse", "Open the database in Datasette."),
    "export": ("crawler.cli.export", "Write captures to a WARC file."),
    "import": ("crawler.cli.import_", "Take captures from a WARC file."),
    "purge": ("crawler.cli.purge", "Take stored bodies and page text out."),
    "outlets": ("crawler.cli.outlets", "List known outlets, or look one up."),
    "plugins": ("crawler.cli.plugins", "List what is loaded."),
    "config": ("crawler.cli.config", "Show each setting and its origin."),
    "doctor": ("crawler.cli.doctor", "Say what is wrong, and how to mend it."),
}


class LazyGroup(click.Group):
    """A group that knows its commands by name and loads one when it is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The commands in the table's order."""
        del ctx
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command, loaded now; None for an unknown name, whose nearest neighbour `resolve_command` names."""
        del ctx
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = importlib.import_module(COMMANDS[cmd_name][0]).command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The table, without loading any command."""
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, line) in COMMANDS.items()])

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command that the arguments name, or a usage error that suggests the nearest one."""
        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            import difflib

            near = difflib.get_close_matches(args[0], COMMANDS, n=1)
            hint = f" Did you mean {near[0]!r}?" if near else ""
            ctx.fail(f"No such command {args[0]!r}.{hint}")
        return super().resolve_command(ctx, args)


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="citehound", prog_name="citehound")
@click.pass_context
def citehound(ctx: click.Context) -> None:
    """Tell whether cited sources exist, and whether they say what is claimed.

    Citehound finds what a document cites, keeps what it read, and says whether the source carries the claim:
    supported, partially_supported, not_supported, contradicted, or unverifiable with the reason. Flags are
    leads, not proof.

    The database is --db, then CITEHOUND_DB, then citehound.db here. Exit codes: 0 clean, 1 our failure or a
    failed run, 2 usage, 3 configuration, 4 with --strict when a citation is flagged, 130 interrupted.
    """
    ctx.ensure_object(dict)


def main() -> None:
    """Run the command line and leave with one of the documented exit codes."""
    from crawler.cli.exits import exit_code_of

    try:
        code = citehound.main(standalone_mode=False, prog_name="citehound")
    except Exception as error:  # noqa: BLE001 - the last line of defence; told in one place
        code = exit_code_of(error)
    except KeyboardInterrupt:
        click.echo("interrupted; what was in hand is committed", err=True)
        code = Exit.INTERRUPTED
    sys.exit(code if isinstance(code, int) else Exit.CLEAN)
