"""Who is on the team of an audit."""

from dataclasses import dataclass
from enum import StrEnum


class TeamRole(StrEnum):
    """What a person does in the audit team."""

    LEAD = "lead-auditor"
    AUDITOR = "auditor"
    EXPERT = "technical-expert"
    OBSERVER = "observer"

    @property
    def label(self) -> str:
        return self.value.replace("-", " ").capitalize()


@dataclass(frozen=True, slots=True)
class Seat:
    """A place in the team: a member of the organisation, or somebody outside it by name and mail."""

    role: TeamRole
    person_id: int | None = None
    name: str = ""
    email: str = ""

    @property
    def key(self) -> str:
        """What tells people apart: members by their id, others by their email address, else by their name."""
        return (
            f"member {self.person_id}" if self.person_id is not None else (self.email or self.name).strip().casefold()
        )
