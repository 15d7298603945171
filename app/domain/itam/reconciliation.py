"""What a comparison with another register may find, and what a person decides of it."""

from app.domain.explained import Clause
from app.domain.words import Word

RECONCILIATION = Clause("ISO/IEC 19770-1:2017", "8.3")


class SourceKind(Word):
    """Which other register is compared with."""

    LEDGER = "ledger"
    INVOICES = "invoices"
    CONFIGURATION = "configuration"
    LEAVERS = "leavers"

    @property
    def label(self) -> str:
        return {
            "ledger": "Fixed-asset ledger",
            "invoices": "Software invoices",
            "configuration": "Configuration database",
            "leavers": "List of leavers",
        }[self.value]


class Finding(Word):
    """How a line of the other register stands to ours."""

    MATCHED = "matched"
    ONLY_HERE = "only-here"
    ONLY_THERE = "only-there"
    DIFFERENT = "different"
    UNCLEAR = "unclear"
    """Several carry the same identifier, and nothing tells which is which."""

    @property
    def label(self) -> str:
        return "Not told apart" if self is Finding.UNCLEAR else self.value.replace("-", " ").capitalize()

    @property
    def needs_decision(self) -> bool:
        """Whether a person has to say something about it."""
        return self is not Finding.MATCHED


class MatchedBy(Word):
    """By what a line was matched, the surest first."""

    TAG = "tag"
    NUMBER = "number"
    """The personnel number."""
    SERIAL = "serial"
    EMAIL = "email"
    INVOICE = "invoice"
    PURCHASE_ORDER = "purchase-order"
    SIMILARITY = "similarity"

    @property
    def label(self) -> str:
        return {"number": "Personnel number", "email": "Email address"}.get(
            self.value, self.value.replace("-", " ").capitalize()
        )


class Settlement(Word):
    """What a person decided of a difference."""

    OURS_IS_RIGHT = "ours-is-right"
    THEIRS_IS_RIGHT = "theirs-is-right"
    BOTH_ARE_RIGHT = "both-are-right"
    TO_FOLLOW_UP = "to-follow-up"

    @property
    def is_final(self) -> bool:
        """Whether it still holds in the next run.

        What is to be followed up is asked again, and so is what is right there as long as ours has not followed.
        """
        return self in (Settlement.OURS_IS_RIGHT, Settlement.BOTH_ARE_RIGHT)


class SinceLast(Word):
    """What became of a line since the run before it of the same source."""

    NEW = "new"
    """It was not there, or it agreed, and now it is a difference."""
    STILL_OPEN = "still-open"
    """It was there already, and nobody has settled it for good."""
    SETTLED = "settled"
    """It was settled, and the values decided on are the same."""
    REOPENED = "reopened"
    """It was settled, and a value has changed since."""
    RESOLVED = "resolved"
    """It was a difference, and now the two agree."""
    SAME = "same"
    """The two agree, and nobody had anything to decide."""
