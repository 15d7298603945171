"""What Meridian sells: four plans, one of them running, one offered, and one that has ended."""

from dataclasses import replace
from datetime import timedelta

from sqlalchemy import select

from app.demonstration.cast import acting
from app.demonstration.telling import ago
from app.domain.subscription.plan import Allowances
from app.models.organisation import Organisation
from app.models.person import Person
from app.models.plan import Plan
from app.models.seat import SeatPool
from app.operations import plans as operation
from app.operations import subscriptions
from app.operations.plans import TermsDetails
from app.operations.subscriptions import StartDetails
from app.work import Work


def _terms(name: str, months: int, price_minor: int, allowances: Allowances) -> TermsDetails:
    return TermsDetails(
        name=name,
        months=months,
        price_minor=price_minor,
        currency="EUR",
        tax_rate=1900,
        allowances=allowances,
        audit_manager_seat_minor=4900,
        lms_seat_minor=1200,
    )


PREMIER = _terms("Premier", 36, 2_999_000, Allowances(2, 2, 1, 2, 6, 90, None))
EXPRESS = _terms("Express", 12, 1_249_000, Allowances(1, 1, 1, 0, 1, 90, 6))
AUDIT_ONLY = _terms("Audit only", 36, 1_190_000, Allowances(1, 0, 1, 2, 0, None, 2))
TRAINING_ONLY = _terms("Training only", 12, 149_500, Allowances(0, 5, 0, 0, 0, None, 2))
SAMPLES = (
    (
        PREMIER,
        "All of it for three years: implementation, seats, audits by others and by yourselves, support.",
    ),
    (EXPRESS, "To a first certificate within a year."),
    (AUDIT_ONLY, "The audits of three years, for who runs the system themselves."),
    (TRAINING_ONLY, "Seats for learners, and the courses with them."),
)
BEGAN = 17
"""So many months ago Premier began for Northwind, with the seats that it includes."""


def plans(ours: Work, cast: dict[str, Person], clients: dict[str, Organisation]) -> None:
    """Northwind is on Premier, Fjordlicht is offered Express, and what Harbour had ended with its certificate."""
    with acting(ours, cast["carla"], ago(ours.today, months=37)):
        sold: dict[str, Plan] = {terms.name: operation.record(ours, terms, summary) for terms, summary in SAMPLES}
    began = ago(ours.today, months=36, days=8)
    with acting(ours, cast["carla"], began):
        past = subscriptions.offer(
            ours, clients["harbour"].id, AUDIT_ONLY, StartDetails(starts_on=began), sold["Audit only"].id
        )
    with ours.within(clients["harbour"].id) as theirs, acting(theirs, cast["owen"], began):
        subscriptions.accept(theirs, past.id)
    _premier(ours, cast, clients["northwind"], sold["Premier"])
    with acting(ours, cast["carla"], ours.today - timedelta(days=3)):
        start = StartDetails(starts_on=ago(ours.today, months=-1), deposit_minor=249_000)
        subscriptions.offer(ours, clients["fjordlicht"].id, EXPRESS, start, sold["Express"].id)


def _premier(ours: Work, cast: dict[str, Person], client: Organisation, plan: Plan) -> None:
    began = ago(ours.today, months=BEGAN)
    with acting(ours, cast["carla"], began - timedelta(days=14)):
        terms = replace(PREMIER, price_minor=2_888_888)
        row = subscriptions.offer(ours, client.id, terms, StartDetails(starts_on=began), plan.id)
    with ours.within(client.id) as theirs:
        # The seats of the plan were handed out in the story of the client: these are its pools.
        for pool in theirs.all(select(SeatPool).where(SeatPool.note == "Premier plan")):
            pool.subscription_id = row.id
        theirs.flush()
        with acting(theirs, cast["jonas"], began - timedelta(days=7)):
            subscriptions.accept(theirs, row.id)
