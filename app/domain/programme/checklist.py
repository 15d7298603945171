"""The verdicts of a checklist, and where its questions come from."""

from enum import StrEnum


class ClauseResult(StrEnum):
    """What an auditor found on one question of the checklist."""

    NOT_ASSESSED = "not-assessed"
    CONFORMS = "conforms"
    MINOR = "minor"
    MAJOR = "major"
    OBSERVATION = "observation"
    OPPORTUNITY = "opportunity"
    NOT_APPLICABLE = "not-applicable"
    NOT_SAMPLED = "not-sampled"

    @property
    def label(self) -> str:
        return {
            ClauseResult.NOT_ASSESSED: "Not yet assessed",
            ClauseResult.MINOR: "Minor nonconformity",
            ClauseResult.MAJOR: "Major nonconformity",
            ClauseResult.OPPORTUNITY: "Opportunity for improvement",
        }.get(self, self.value.replace("-", " ").capitalize())

    @property
    def is_assessed(self) -> bool:
        """Whether the question needs nothing more."""
        return self is not ClauseResult.NOT_ASSESSED


class ItemSource(StrEnum):
    """Where a question of the checklist comes from."""

    CLAUSE = "clause"
    TEMPLATE = "template"
    OPEN_POINT = "open-point"
    PROMPT = "prompt"
    OWN = "own"

    @property
    def label(self) -> str:
        return self.value.replace("-", " ").capitalize()
