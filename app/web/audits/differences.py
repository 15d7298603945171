"""What two people wrote of the same audit, field by field."""

from dataclasses import dataclass
from typing import Any

from app.domain.dates import say
from app.domain.programme.wish import When, Wish
from app.queries.audits import Choices


@dataclass(frozen=True, slots=True)
class Difference:
    """A field on which two versions differ, each in words."""

    name: str
    label: str
    mine: str
    theirs: str


LABELS = {
    "kind": "Kind of audit",
    "title": "Title",
    "when": "Days and times",
    "certificates": "Certificates",
    "counts_as_surveillance": "Counts as a surveillance",
    "time_zone": "Time zone",
    "mode": "Mode",
    "remote_percent": "Remote share in per cent",
    "remote_agreement": "Remote agreement",
    "sites": "Sites",
    "team": "Team",
    "notes": "Notes",
}


def differences(mine: Wish, theirs: Wish, choices: Choices) -> list[Difference]:
    """Every field on which the two differ."""
    return [
        Difference(name, label, _words(name, mine, choices), _words(name, theirs, choices))
        for name, label in LABELS.items()
        if _plain(getattr(mine, name)) != _plain(getattr(theirs, name))
    ]


def _plain(value: Any) -> Any:
    return value.strip().replace("\r\n", "\n") if isinstance(value, str) else value


def _words(name: str, wish: Wish, choices: Choices) -> str:
    value = getattr(wish, name)
    certificates, members = dict(choices.certificates), {**dict(choices.members), **choices.former}
    match name:
        case "when":
            return _when(value)
        case "kind" | "mode":
            return str(value.value.replace("-", " ").capitalize())
        case "certificates":
            return "; ".join(f"{certificates.get(str(k), k)} as {v.value.replace('-', ' ')}" for k, v in value.items())
        case "counts_as_surveillance":
            return "; ".join(str(certificates.get(str(each), each)) for each in sorted(value))
        case "sites":
            sites = {**dict(choices.sites), **choices.closed_sites}
            return ", ".join(str(sites.get(str(each), each)) for each in sorted(value))
        case "team":
            named = ((members.get(str(seat.person_id), seat.name), seat.role.label.lower()) for seat in value)
            return ", ".join(f"{person} ({role})" for person, role in named)
        case _:
            return "" if value is None else str(value)


def _when(when: When) -> str:
    days = say(when.starts_on) if when.starts_on == when.ends_on else f"{say(when.starts_on)} to {say(when.ends_on)}"
    return f"{days}, {when.starts_at:%H:%M} to {when.ends_at:%H:%M}" if when.starts_at and when.ends_at else days
