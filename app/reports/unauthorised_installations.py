"""Software that is installed, and nobody authorised or accepted it."""

from typing import Any

from app.domain.document import Column, Shape, Table
from app.domain.itam.batch import InstallationSource
from app.domain.itam.change import Authorisation
from app.queries.installations import InstallationFilters, InstallationRow, all_installations
from app.queries.software import publishers_of
from app.reports.report import Asked, Body, Choices, Option, Report, say_count, words_of
from app.work import Work

COLUMNS = (
    Column("Product", breadth=5),
    Column("Publisher", breadth=4),
    Column("Version", breadth=2),
    Column("Asset"),
    Column("Name of the asset", breadth=5),
    Column("Source"),
    Column("Found on", Shape.DAY),
    Column("Last seen on", Shape.DAY),
    Column("Last used on", Shape.DAY),
)


def _publishers(work: Work) -> Choices:
    return [(str(id_), name) for id_, name in publishers_of(work)]


def _cells(row: InstallationRow) -> tuple[Any, ...]:
    product = f"{row.product} {row.edition}".strip()
    seen = (row.found_on, row.last_seen_on, row.last_used_on)
    return (product, row.publisher, row.version, row.tag, row.asset, row.source.label, *seen)


def tell(work: Work, asked: Asked) -> Body:
    """One line an installation, the longest known first."""
    said = asked.values
    wanted = InstallationFilters(
        authorisation=Authorisation.UNAUTHORISED,
        publisher_id=int(said["publisher"]) if said["publisher"] else None,
        source=said["source"] or None,
    )
    rows: list[InstallationRow] = asked.take(all_installations(work, wanted))
    assets = len({row.asset_id for row in rows})
    says = (
        f"{say_count(len(rows), 'installation')} on {say_count(assets, 'asset')} with no authorisation behind."
        if rows
        else "Every installation is authorised, or was accepted with a reason."
    )
    return Body(says, (Table("Installations", COLUMNS, list(map(_cells, rows)), "There is none."),))


REPORT = Report(
    "unauthorised-installations",
    "Unauthorised installations",
    "Shows software that was found installed, and that nobody authorised beforehand or accepted since.",
    (1, 2),
    tell,
    (Option("publisher", "Publisher", _publishers), Option("source", "Source", words_of(InstallationSource))),
)
