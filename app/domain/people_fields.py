"""What the columns of a file of people may mean, and how their roles and seats are read."""

import re
from typing import TypeVar

from app.domain.explained import RefusedError
from app.domain.itam.mapping import Field
from app.domain.permission import Role
from app.domain.subscription.seats import SeatKind

T = TypeVar("T")

PEOPLE = (
    Field(
        "email",
        "E-mail",
        required=True,
        heads=("email", "mail", "email address", "e-mail address", "user name"),
        says="In any case; it is what tells people apart.",
    ),
    Field("name", "Name", heads=("full name", "person", "display name", "employee", "member")),
    Field("roles", "Roles", heads=("role", "permissions", "groups"), says="Auditor; Staff"),
    Field("seats", "Seats", heads=("seat", "licences", "licenses", "licence", "license"), says="LMS; Audit-manager"),
    Field("access_until", "Access until", heads=("until", "expires", "expires on", "access ends"), says="2026-03-14"),
)


def roles_of(text: str) -> frozenset[Role]:
    """The roles of a cell, one or several; refused where one of them is none of ours."""
    named = {_folded(name): role for role in Role for name in (role.value, role.label)}
    return frozenset(_each(text, named, "role", [role.label for role in Role]))


def seats_of(text: str) -> frozenset[SeatKind]:
    """The kinds of seats of a cell; refused where one of them is none of ours."""
    named = {_folded(kind.value + more): kind for kind in SeatKind for more in ("", " seat")}
    return frozenset(_each(text, named, "kind of seat", [kind.label for kind in SeatKind]))


def _each(text: str, named: dict[str, T], what: str, ours: list[str]) -> list[T]:
    found = []
    for word in filter(None, (part.strip() for part in re.split(r"[,;|/\n]", text))):
        if _folded(word) not in named:
            raise RefusedError(f"“{word[:80]}” is no {what}. There are: {', '.join(ours)}.")
        found.append(named[_folded(word)])
    return found


def _folded(text: str) -> str:
    return "".join(sign for sign in text.casefold() if sign.isalnum())
