"""The command `auditor`: it asks, shows, and sets the exit code. Commands are loaded when they are called."""

import importlib
import os
import sys
from collections.abc import Mapping
from types import MappingProxyType

import rich_click as click

from auditor import __version__
from auditor.cli.errors import report_errors

COMMANDS: Mapping[str, str] = MappingProxyType(
    {
        "init": "auditor.cli.init_command:init",
        "pull": "auditor.cli.pull_command:pull",
        "audit": "auditor.cli.audit_command:audit",
        "show": "auditor.cli.show_command:show",
        "explain": "auditor.cli.explain_command:explain",
        "checklist": "auditor.cli.checklist_command:checklist",
        "sample": "auditor.cli.sample_command:sample",
        "doctor": "auditor.cli.doctor_command:doctor",
        "coverage": "auditor.cli.coverage_command:coverage",
        "sources": "auditor.cli.sources_command:sources",
        "sql": "auditor.cli.sql_command:sql",
        "rules": "auditor.cli.rules_command:rules",
        "profile": "auditor.cli.profile_command:profile",
        "answer": "auditor.cli.answer_command:answer",
        "trail": "auditor.cli.trail_command:trail",
        "waiver": "auditor.cli.waiver_command:waiver",
        "demo": "auditor.cli.demo_command:demo",
        "completion": "auditor.cli.completion_command:completion",
    }
)
"""Command → where it is written."""


class Commands(click.RichGroup):
    """Loads each command when it is called, so that help and completion are quick."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  (click's signature)
        """Return the commands in the order in which one needs them."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return a command, or None when there is no such one."""
        place = COMMANDS.get(cmd_name)
        if place is None:
            return super().get_command(ctx, cmd_name)
        module, _, name = place.partition(":")
        command: click.Command = getattr(importlib.import_module(module), name)
        return command


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(__version__, prog_name="auditor")
@click.option(
    "-c",
    "--config",
    type=click.Path(dir_okay=False),
    default=None,
    envvar="AUDITOR_CONFIG",
    help="The configuration. Default: auditor.toml here or in a folder above.",
)
@click.pass_context
def cli(ctx: click.Context, config: str | None) -> None:
    """Check projects against PM², PRINCE2 and your own standards, with evidence for every verdict.

    \b
    First steps:
      auditor demo            a portfolio with known defects, audited
      auditor init            look at the folder you are in, write auditor.toml
      auditor pull            read what changed at the sources, take a snapshot
      auditor audit           decide every rule for every project
      auditor explain RULE    what a rule asks, what it saw, how to mend it

    Exit codes: 0 done · 1 findings at or above --fail-on · 2 usage, configuration or rules · 3 a source is incomplete · 4 the store · 5 a
    rule crashed.
    """  # noqa: D301  (click wants the character itself)
    ctx.ensure_object(dict)["config"] = config


def main(arguments: list[str] | None = None) -> None:
    """Run the command line and exit with its code."""
    with report_errors():
        code = cli.main(args=arguments, prog_name="auditor", standalone_mode=False)
        _flush()
        sys.exit(code if isinstance(code, int) else 0)


def _flush() -> None:
    try:
        sys.stdout.flush()
    except BrokenPipeError:  # `auditor … | head`: whoever read has enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
