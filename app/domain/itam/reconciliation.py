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


class MatchedBy(Word):
    """By what a line was matched, the surest first."""

    TAG = "tag"
    SERIAL = "serial"
    PURCHASE_ORDER = "purchase-order"
    SIMILARITY = "similarity"


class Settlement(Word):
    """What a person decided of a difference."""

    OURS_IS_RIGHT = "ours-is-right"
    THEIRS_IS_RIGHT = "theirs-is-right"
    BOTH_ARE_RIGHT = "both-are-right"
    TO_FOLLOW_UP = "to-follow-up"
