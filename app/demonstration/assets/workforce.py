"""The people of Northwind, most of whom never sign in here."""

from typing import TYPE_CHECKING, Any

from app.demonstration.cast import PLAYERS
from app.demonstration.telling import ago
from app.models.employee import Employee

if TYPE_CHECKING:
    from app.demonstration.assets import Estate

FIRST = (
    "Anke", "Bruno", "Clara", "Dirk", "Elif", "Femke", "Georg", "Hanna", "Ivo", "Jule", "Kai", "Lotte",
    "Marten", "Nele", "Omar", "Paula", "Quirin", "Ruth", "Sven", "Tilda", "Uwe", "Vera", "Wim", "Yara", "Zeno",
    "Amir", "Birte", "Coen", "Dana", "Erik",
)  # fmt: skip
LAST = (
    "Albers", "Brandt", "Cordes", "Dijkstra", "Ebert", "Fischer", "Groen", "Harms", "Ihde", "Jansen", "Koops",
    "Lorenz", "Meyer", "Nolte", "Oltmanns", "Peters", "Ruge", "Smit", "Thoms", "Ulrich", "Visser", "Wolters",
    "Yilmaz", "Zander",
)  # fmt: skip
DEPARTMENTS = (
    ("Service desk", 1),
    ("Infrastructure", 2),
    ("Engineering", 0),
    ("Sales", 0),
    ("Finance", 0),
    ("Customer success", 1),
    ("Operations", 2),
    ("People", 0),
)
COUNT = 170
GONE = {31: 40, 77: 12, 118: 200, 149: 5}
"""Who has left, and how many days ago; the second and the last still hold a laptop."""


def workforce(estate: "Estate") -> None:
    """A hundred and seventy people; those of the cast are among them."""
    work, rows = estate.work, []
    players = [player for player in PLAYERS if player.email.endswith("@northwind.example")]
    for number in range(COUNT):
        department, site = DEPARTMENTS[number % len(DEPARTMENTS)]
        # Thirty and twenty-four: no two of the first hundred and twenty have the same name.
        first, last = FIRST[number % len(FIRST)], LAST[(number + number // 120) % len(LAST)]
        row: dict[str, Any] = {
            "number": f"P-{1001 + number}",
            "name": f"{first} {last}",
            "email": f"{first}.{last}{number if number >= 120 else ''}@northwind.example".lower(),
            "department": department,
            "site_id": estate.sites[site].id,
            "person_id": None,
            "left_on": ago(estate.today, days=GONE[number]) if number in GONE else None,
            "created_at": work.now,
            "version": 1,
        }
        if number < len(players):
            person = estate.cast[players[number].key]
            row |= {"name": person.name, "email": person.email or "", "person_id": person.id}
        rows.append(row)
    for row, employee_id in zip(rows, work.insert_many(Employee, rows), strict=True):
        estate.employees.append({**row, "id": employee_id})
