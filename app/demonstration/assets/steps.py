"""What people decided by themselves: an emergency change that was refused afterwards, and how far areas have come."""

from typing import TYPE_CHECKING

from app.demonstration.cast import acting
from app.demonstration.telling import ago
from app.domain.itam.change import ChangeAction
from app.domain.itam.tier import Attainment
from app.operations import changes
from app.operations.changes import Asked
from app.operations.tiers import Judgement, assess

if TYPE_CHECKING:
    from app.demonstration.assets import Estate

NOT, PARTLY, LARGELY, FULLY = Attainment.NOT, Attainment.PARTLY, Attainment.LARGELY, Attainment.FULLY
# area, months ago, how far, by what it can be seen
JUDGED: tuple[tuple[str, int, Attainment, str], ...] = (
    ("F1", 9, PARTLY, "Changes of servers go through requests; those of laptops were made by word of mouth."),
    (
        "F1",
        1,
        LARGELY,
        "All requests since the spring are in the register; what was found without one is being settled.",
    ),
    ("F2", 9, PARTLY, "A spreadsheet of laptops and one of servers, with different numbers."),
    ("F2", 1, LARGELY, "One register, checked against the ledger of finance; the differences have reasons."),
    ("F3", 1, LARGELY, "Every pool has its entitlements; the proof of one is being looked for."),
    ("F4", 1, PARTLY, "Somebody answers for the security of nearly all assets; patching has gaps that are listed."),
    ("F5", 1, PARTLY, "Contracts of subscriptions have their notice in the register; those of leases are in a folder."),
    ("F6", 1, NOT, ""),
)


def steps(estate: "Estate") -> None:
    """Let the people of the story take them, each in their own name."""
    _refused_emergency(estate)
    with acting(estate.work, estate.cast["priya"]):
        for area, months, attainment, evidence in JUDGED:
            assess(estate.work, area, Judgement(attainment, evidence, ago(estate.today, months=months)))


def _refused_emergency(estate: "Estate") -> None:
    """Done at once, refused afterwards: it waits to be undone."""
    work, cast = estate.work, estate.cast
    with acting(work, cast["tom"]):
        asked = changes.ask(
            work,
            Asked(
                action=ChangeAction.INSTALL,
                title="Paperfold Pro for the tender, at once",
                reason="The tender closes tonight and has to be marked up.",
                software="Paperfold Pro",
                version="12.0",
                tags=("LT-0054",),
                is_emergency=True,
            ),
        )
        note = "Installed while the service desk was on the telephone."
        changes.do(work, asked.reference, None, on=estate.today, by=cast["mateo"].id, note=note)
    with acting(work, cast["priya"]):
        why = "Marking up a tender is no emergency: a seat is free and can be had in an hour. Take it off again."
        changes.refuse(work, asked.reference, None, why)
    estate.changes["refused-emergency"] = asked.id
