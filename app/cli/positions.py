"""`flask licences position`: how every pool stands on a day, for other programs to read."""

import csv
import io
import json
import sys
from collections.abc import Iterable
from datetime import date
from typing import Any, NoReturn

import click
from flask.cli import with_appcontext
from sqlalchemy import select

from app.cli.plainly import plainly
from app.domain.licensing.position import say_position
from app.domain.money import amount_of
from app.models.organisation import Organisation
from app.operations.organisations import slug_of
from app.outputs.sheet import cell
from app.queries.positions import Line, positions_on
from app.work import work

HEAD = ("pool", "name", "publisher", "metric", "site", "entitled", "demand", "covered", "shortfall", "surplus", "cost",
        "currency", "why")  # fmt: skip


@click.command("position")
@click.option("--organisation", required=True, metavar="SLUG", help="Whose licences they are.")
@click.option("--on", "said", default="", metavar="DATE", help="The day, as 2026-12-31; without one, today.")
@click.option("--format", "form", type=click.Choice(["json", "csv"]), default="json", show_default=True)
@with_appcontext
def position_command(organisation: str, said: str, form: str) -> None:
    """Say of each pool what is entitled, needed, short and to spare on a day, and what the true-up would cost.

    A cost that is not known is null, or an empty cell.
    """
    with plainly():
        with work(None, writes=False) as looking:
            home = looking.one_or_none(select(Organisation).where(Organisation.slug == slug_of(organisation)))
            if home is None:
                _refuse(f"There is no organisation {organisation}.")
            home_id = home.id
        with work(home_id, writes=False) as reading:
            day = _day(said) if said else reading.today
            found = sorted(positions_on(reading, day), key=lambda line: line.reference)
    rows = [_row(line) for line in found]
    click.echo(_as_csv(rows) if form == "csv" else _as_json(day, rows))


def _day(said: str) -> date:
    try:
        return date.fromisoformat(said)
    except ValueError:
        _refuse(f"--on: {said!r} is no day of the calendar; write it as 2026-12-31.")


def _row(line: Line) -> dict[str, Any]:
    how, cost = line.position, line.position.cost_minor
    amount = None if cost is None else str(amount_of(cost, line.currency)) if line.currency else str(cost)
    values = (line.reference, line.name, line.publisher, line.metric.value, line.site or "", how.entitled, how.demand,
              how.allocated, how.shortfall, how.surplus, amount, line.currency,
              say_position(how, line.metric))  # fmt: skip
    return dict(zip(HEAD, values, strict=True))


def _as_json(day: date, rows: Iterable[dict[str, Any]]) -> str:
    return json.dumps({"on": day.isoformat(), "pools": list(rows)}, ensure_ascii=False, indent=2)


def _as_csv(rows: Iterable[dict[str, Any]]) -> str:
    held = io.StringIO(newline="")
    writer = csv.DictWriter(held, HEAD, lineterminator="\n")
    writer.writeheader()
    writer.writerows({name: cell(value) for name, value in row.items()} for row in rows)
    return held.getvalue().rstrip("\n")


def _refuse(says: str) -> NoReturn:
    click.echo(says, err=True)
    sys.exit(2)
