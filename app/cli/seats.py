"""`flask seats`: who has a seat of the subscription; assigned and released by the same rules as on the pages."""

import csv
import io
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date

import click
from flask.cli import with_appcontext
from sqlalchemy import select

from app.cli.plainly import plainly
from app.domain.explained import RefusedError
from app.domain.subscription.seats import SeatKind
from app.models.organisation import Organisation
from app.models.person import Person
from app.models.seat import SeatAssignment
from app.operations import persons, subscription_seats
from app.operations.organisations import slug_of
from app.outputs.sheet import cell
from app.queries.seat_pages import all_lines
from app.queries.subscription_seats import assignment_rows
from app.work import Work, work

HEAD = ("kind", "name", "email", "from", "released_on", "stands", "suspended_from", "assigned_by")

organisation_option = click.option("--organisation", required=True, metavar="SLUG", help="Whose seats they are.")
kind_option = click.option(
    "--kind", required=True, type=click.Choice([each.value for each in SeatKind]), help="What the seats are of."
)
people_argument = click.argument("emails", nargs=-1, required=True, metavar="EMAIL...")


@click.group()
def seats() -> None:
    """Seats of the subscription: audit-manager and LMS licences."""


@seats.command("list")
@organisation_option
@click.option("--format", "form", type=click.Choice(["json", "csv"]), default="json", show_default=True)
@with_appcontext
def list_seats(organisation: str, form: str) -> None:
    """Print every seat that anybody has or had, and how it stands today."""
    with _opened(organisation, writes=False) as reading:
        rows = [
            {
                name: value.isoformat() if isinstance(value, date) else value
                for name, value in zip(HEAD, line, strict=True)
            }
            for kind in SeatKind
            for line in all_lines(reading, kind)
        ]
    if form == "json":
        click.echo(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    held = io.StringIO(newline="")
    writer = csv.DictWriter(held, HEAD, lineterminator="\n")
    writer.writeheader()
    writer.writerows({name: cell(value) for name, value in row.items()} for row in rows)
    click.echo(held.getvalue().rstrip("\n"))


@seats.command()
@organisation_option
@kind_option
@click.option("--from", "said", default="", metavar="DATE", help="The first day, as 2026-12-31; without one, today.")
@click.option("--released-on", "until", default="", metavar="DATE", help="The day of the release, if there is one.")
@people_argument
@with_appcontext
def assign(organisation: str, kind: str, said: str, until: str, emails: tuple[str, ...]) -> None:
    """Assign a seat to each EMAIL, or to nobody where there are not as many free."""
    with _opened(organisation) as writing:
        first = _day(said, "--from") if said else writing.today
        released_on = _day(until, "--released-on") if until else None
        people = [each.id for each in _people(writing, emails)]
        made = subscription_seats.assign(writing, SeatKind(kind), people, first, released_on)
    click.echo(f"{_many(len(made))} assigned from {first.isoformat()} on.")


@seats.command()
@organisation_option
@kind_option
@click.option("--on", "said", default="", metavar="DATE", help="The day on which they are free; without one, today.")
@people_argument
@with_appcontext
def release(organisation: str, kind: str, said: str, emails: tuple[str, ...]) -> None:
    """Release the seat that each EMAIL has, or none of them where one has none."""
    with _opened(organisation) as writing:
        day = _day(said, "--on") if said else writing.today
        ids = _held(writing, SeatKind(kind), _people(writing, emails))
        subscription_seats.release(writing, ids, day)
    click.echo(f"{_many(len(ids))} released on {day.isoformat()}.")


@contextmanager
def _opened(slug: str, *, writes: bool = True) -> Iterator[Work]:
    """A work in the organisation of that address; what is refused is said in one line."""
    with plainly():
        with work(None, writes=False) as looking:
            home_id = looking.one_or_none(select(Organisation.id).where(Organisation.slug == slug_of(slug)))
        if home_id is None:
            raise RefusedError(f"There is no organisation {slug}.")
        with work(home_id, writes=writes) as opened:
            yield opened


def _people(opened: Work, emails: Sequence[str]) -> list[Person]:
    found = []
    for each in dict.fromkeys(emails):
        person = persons.person_by_email(opened, each)
        if person is None:
            raise RefusedError(f"Nobody signs in with {each}.")
        found.append(person)
    return found


def _held(opened: Work, kind: SeatKind, people: Sequence[Person]) -> list[int]:
    rows: dict[int, SeatAssignment] = {}
    for row in reversed(assignment_rows(opened, kind, opened.today)):
        rows[row.person_id] = row
    lacking = [each.label for each in people if each.id not in rows]
    if lacking:
        raise RefusedError(f"{', '.join(lacking)} {'has' if len(lacking) == 1 else 'have'} no {kind.word} seat.")
    return [rows[each.id].id for each in people]


def _day(said: str, option: str) -> date:
    try:
        return date.fromisoformat(said)
    except ValueError:
        raise RefusedError(f"{option}: {said!r} is no day of the calendar; write it as 2026-12-31.") from None


def _many(count: int) -> str:
    return "1 seat is" if count == 1 else f"{count} seats are"
