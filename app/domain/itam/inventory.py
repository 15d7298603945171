"""What an inventory check may find, and how a difference is resolved. Never called an audit."""

from app.domain.words import Word


class Difference(Word):
    """How what was found differs from the register."""

    MISSING = "missing"
    """The register has it here, and nobody found it."""
    UNKNOWN = "unknown"
    """It was found, and the register does not know its tag."""
    ELSEWHERE = "elsewhere"
    """It was found here, and the register has it at another site."""
    NOT_EXPECTED = "not-expected"
    """It was found, and the register says that it is gone or not yet here."""


class Resolution(Word):
    """What was done about a difference."""

    REGISTER_CORRECTED = "register-corrected"
    FOUND_LATER = "found-later"
    DECLARED_LOST = "declared-lost"
    RECORDED = "recorded"
    ACCEPTED = "accepted"
