"""The demonstration: three organisations that never were and their provider, dated from the day they are loaded."""

from sqlalchemy import func, select

from app.demonstration.cast import PASSWORD, SIGN_INS, people
from app.demonstration.fjordlicht import fjordlicht
from app.demonstration.harbour import harbour
from app.demonstration.meridian import meridian
from app.demonstration.northwind import northwind
from app.domain.explained import RefusedError
from app.models.organisation import Organisation
from app.models.person import Person
from app.operations.verdicts import judge_again
from app.work import Work

__all__ = ["PASSWORD", "SIGN_INS", "is_empty", "is_loaded", "load"]


def is_empty(work: Work) -> bool:
    """Whether nothing at all has been recorded yet."""
    counts = [work.session.scalar(select(func.count()).select_from(noun)) for noun in (Person, Organisation)]
    return not any(counts)


def is_loaded(work: Work) -> bool:
    """Whether the people of the demonstration are here."""
    return bool(work.session.scalar(select(func.count()).select_from(Person).where(Person.email == SIGN_INS[0][0])))


def load(work: Work) -> None:
    """Load the demonstration into an empty installation, in one transaction; any other is refused."""
    if not is_empty(work):
        raise RefusedError("The database already holds people or organisations; the demonstration needs an empty one.")
    cast = people(work)
    clients = [tell(work, cast) for tell in (northwind, fjordlicht, harbour)]
    for organisation in (*clients, meridian(work, cast, clients)):
        with work.within(organisation.id) as inside:
            judge_again(inside)
