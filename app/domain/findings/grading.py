"""The grades of findings, and which an audit can give."""

from enum import StrEnum

from app.domain.certification.facts import AuditKind


class FindingGrade(StrEnum):
    """What a finding weighs. An opportunity is never a nonconformity in disguise. [ISO/IEC 17021-1:2015, 9.4.5.2]"""

    MAJOR = "major"
    MINOR = "minor"
    CONCERN = "area-of-concern"
    OBSERVATION = "observation"
    OPPORTUNITY = "opportunity"
    GOOD_PRACTICE = "good-practice"

    @property
    def label(self) -> str:
        return {
            FindingGrade.MAJOR: "Major nonconformity",
            FindingGrade.MINOR: "Minor nonconformity",
            FindingGrade.OPPORTUNITY: "Opportunity for improvement",
        }.get(self, self.value.replace("-", " ").capitalize())

    def counted(self, count: int) -> str:
        """So many of it, in words: 1 minor nonconformity, 2 opportunities for improvement."""
        one = self.label.lower()
        many = {
            FindingGrade.CONCERN: "areas of concern",
            FindingGrade.OPPORTUNITY: "opportunities for improvement",
            FindingGrade.GOOD_PRACTICE: "good practices",
        }.get(self, one.replace("nonconformity", "nonconformities") if self.is_nonconformity else f"{one}s")
        return f"{count} {one if count == 1 else many}"

    @property
    def is_nonconformity(self) -> bool:
        """Whether a requirement was not met."""
        return self in (FindingGrade.MAJOR, FindingGrade.MINOR)


def grades_at(kind: AuditKind) -> tuple[FindingGrade, ...]:
    """The grades that an audit of this kind can give: a stage 1 knows areas of concern and no nonconformities.

    [ISO/IEC 17021-1:2015, 9.3.1.2.3]
    """
    graded = kind is not AuditKind.STAGE_1
    return tuple(
        grade
        for grade in FindingGrade
        if (graded or not grade.is_nonconformity) and (grade is not FindingGrade.CONCERN or not graded)
    )
