"""The people of the demonstration, and how they sign in."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date

from argon2 import PasswordHasher

from app.domain.permission import Role
from app.models.organisation import Organisation
from app.models.person import Person
from app.operations import organisations
from app.work import Work, journal

PASSWORD = "three calm years"  # noqa: S105 - printed at the start, for a demonstration alone


@dataclass(frozen=True, slots=True)
class Player:
    """A person of the demonstration and what they are in Northwind."""

    key: str
    name: str
    email: str
    role: Role | None


PLAYERS = (
    Player("ingrid", "Ingrid Falk", "ingrid@northwind.example", Role.QUALITY_MANAGER),
    Player("mateo", "Mateo Ruiz", "mateo@northwind.example", Role.AUDITOR),
    Player("priya", "Priya Nair", "priya@northwind.example", Role.ASSET_MANAGER),
    Player("tom", "Tom Becker", "tom@northwind.example", Role.STAFF),
    Player("helena", "Helena Vos", "helena@assessor.example", Role.ASSESSOR),
    Player("jonas", "Jonas Weber", "jonas@northwind.example", Role.ADMINISTRATOR),
    Player("carla", "Carla Mendes", "carla@meridian.example", None),
    Player("sunniva", "Sunniva Dahl", "sunniva@fjordlicht.example", None),
    Player("owen", "Owen Lane", "owen@harbour.example", None),
)

SIGN_INS: tuple[tuple[str, str], ...] = (
    ("ingrid@northwind.example", "quality manager"),
    ("mateo@northwind.example", "auditor"),
    ("priya@northwind.example", "asset manager"),
    ("tom@northwind.example", "staff"),
    ("helena@assessor.example", "external assessor"),
    ("jonas@northwind.example", "administrator"),
    ("carla@meridian.example", "quality manager of all three organisations, and staff of their provider"),
)


def people(work: Work) -> dict[str, Person]:
    """Everybody, by a short name."""
    # One hash for all: the password is printed anyway, and nine hashes would take seconds.
    kept = PasswordHasher().hash(PASSWORD)
    return {
        player.key: work.add(
            Person(
                email=player.email,
                name=player.name,
                password_hash=kept,
                password_changed_at=work.now,
                created_at=work.now,
            )
        )
        for player in PLAYERS
    }


def employ(work: Work, organisation: Organisation, cast: dict[str, Person]) -> None:
    """Northwind has one person of each role."""
    for player in PLAYERS:
        if player.role is not None:
            organisations.join(work, organisation, cast[player.key], frozenset({player.role}))


@contextmanager
def acting(work: Work, person: Person, on: date | None = None) -> Iterator[None]:
    """Within it, what is done is done by a person of the story: the journal names them, and their duties bind them.

    With a day, it is done on that day; nothing is done on one that has not come.
    """
    if on is not None and on > work.today:
        raise ValueError(f"{on} has not come yet")
    journal.chain_pending(work.session)
    before = work.actor_id, work.now, work.today, work.reason
    work.actor_id = person.id
    if on is not None:
        work.now, work.today = work.now - (work.today - on), on
    try:
        yield
        journal.chain_pending(work.session)
    finally:
        work.actor_id, work.now, work.today, work.reason = before
