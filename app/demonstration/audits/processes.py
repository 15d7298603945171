"""What Northwind does, who owns it, who works in it, and which clauses it serves."""

from functools import partial
from typing import TYPE_CHECKING

from app.demonstration.telling import ago
from app.operations.processes import ProcessDetails, create

if TYPE_CHECKING:
    from app.demonstration.audits.diary import Diary

SECURITY, SERVICES, ASSETS = "ISO/IEC 27001:2022", "ISO/IEC 20000-1:2018", "ISO/IEC 19770-1:2017"
# name, what for, who owns it, who works in it, the clauses it serves
TOLD: tuple[tuple[str, str, str, tuple[str, ...], tuple[tuple[str, str], ...]], ...] = (
    ("Risk and policy", "Risks are known, weighed and treated; everybody knows the rules that follow.", "ingrid", (),
     ((SECURITY, "5"), (SECURITY, "6"), (SERVICES, "5"), (SERVICES, "6"))),
    ("Asset and licence management", "What there is, whose it is and what it may run is known on every day.", "priya",
     ("tom",), ((SECURITY, "A.5.9"), (SECURITY, "A.5.32"), (SERVICES, "8.2.5"), (ASSETS, "F2"), (ASSETS, "F3"))),
    ("Access control", "Who joins, moves or leaves has the access of their work, and no more.", "jonas", ("tom",),
     ((SECURITY, "A.5.15"), (SECURITY, "A.5.16"), (SECURITY, "A.5.18"), (SECURITY, "A.8.2"))),
    ("Patching and vulnerabilities", "What runs is kept up to date, and what cannot be is watched.", "tom", ("jonas",),
     ((SECURITY, "A.8.8"), (ASSETS, "F4"))),
    ("Change and release", "Nothing changes that nobody asked for, authorised and checked.", "priya", ("tom", "mateo"),
     ((SECURITY, "A.8.32"), (SERVICES, "8.5.1"), (SERVICES, "8.5.3"), (ASSETS, "F1"))),
    ("Incidents and requests", "Who calls the service desk is helped in the time that was agreed.", "tom", (),
     ((SECURITY, "A.5.26"), (SERVICES, "8.6.1"), (SERVICES, "8.6.2"))),
    ("Suppliers", "Suppliers do what was agreed, and it is seen when they do not.", "ingrid", ("priya",),
     ((SECURITY, "A.5.19"), (SECURITY, "A.5.22"), (SERVICES, "8.3.4"))),
    ("Internal audit", "The management systems are looked at by people who do not run them.", "mateo", ("ingrid",),
     ((SECURITY, "9.2"), (SERVICES, "9.2"), (ASSETS, "9.2"))),
)  # fmt: skip


def processes(diary: "Diary") -> None:
    """The quality manager wrote them down before the first internal audit."""
    for name, purpose, owner, performers, clauses in TOLD:
        details = ProcessDetails(
            name=name,
            purpose=purpose,
            owner_id=diary.cast[owner].id,
            performers=frozenset(diary.cast[each].id for each in performers),
            clauses=frozenset(clauses),
        )
        diary.on(ago(diary.today, months=15), "ingrid", partial(create, diary.work, details))
