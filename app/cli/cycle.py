"""The certification cycle on the command line: without a database, and without signing in."""

import sys
from datetime import datetime
from pathlib import Path
from typing import NoReturn

import click


@click.group()
def cycle() -> None:
    """The certification cycle: rules, without a database and without signing in."""


@cycle.command()
@click.argument("file", metavar="FILE")
@click.option("--on", "day", metavar="YYYY-MM-DD", help="The day to judge on; today, where it is left out.")
@click.option(
    "--format",
    "format_",
    type=click.Choice(["text", "json", "ics"]),
    default="text",
    show_default=True,
    help="The form.",
)
def explain(file: str, day: str | None, format_: str) -> None:
    """Say how the certificate described in FILE (JSON; - reads standard input) stands on a day, and why.

    Exits 0 where the facts could be read, whatever the rules say of them; otherwise 2, with one line that names the
    place of the fault.
    """
    # Imported here, so that no other command waits for it.
    from app.catalogue import edition_deadlines
    from app.domain.certification.answer import as_json, as_text
    from app.domain.certification.cycle import judge
    from app.domain.certification.reading import FactsError, read_day, read_facts

    try:
        on = read_day("--on", day) if day is not None else datetime.now().astimezone().date()
        facts = read_facts(_content(file), edition_deadlines())
    except FactsError as fault:
        _refuse(str(fault))
    verdict = judge(facts, on)
    if format_ == "json":
        import json

        answer = json.dumps(as_json(verdict), indent=2, ensure_ascii=False).encode() + b"\n"
    elif format_ == "ics":
        from app.outputs.cycle_calendar import calendar_of

        answer = calendar_of(facts, verdict)
    else:
        answer = as_text(verdict).encode()
    sys.stdout.buffer.write(answer)
    sys.stdout.buffer.flush()


def _content(file: str) -> bytes:
    if file == "-":
        return sys.stdin.buffer.read()
    try:
        return Path(file).read_bytes()
    except (OSError, ValueError) as fault:
        reason = getattr(fault, "strerror", None) or "not a file name"
        _refuse(f"{file!r}: {reason}")


def _refuse(line: str) -> NoReturn:
    click.echo(line, err=True)
    sys.exit(2)
