"""How the pages call decisions: the deed that is recorded, and what it meant for the certificate."""

from app.domain.certification.facts import DecisionKind

DEEDS: dict[DecisionKind, str] = {
    DecisionKind.GRANTED: "Grant certification",
    DecisionKind.REFUSED: "Refuse certification",
    DecisionKind.MAINTAINED: "Maintain certification",
    DecisionKind.RENEWED: "Renew after recertification",
    DecisionKind.RESTORED: "Restore after expiry",
    DecisionKind.SUSPENDED: "Suspend",
    DecisionKind.SUSPENSION_LIFTED: "Lift the suspension",
    DecisionKind.WITHDRAWN: "Withdraw",
    DecisionKind.SCOPE_REDUCED: "Reduce the scope",
    DecisionKind.SCOPE_EXTENDED: "Extend the scope",
    DecisionKind.TRANSFERRED: "Transfer to another body",
    DecisionKind.TRANSITIONED: "Move to another edition",
}

OUTCOMES: dict[DecisionKind, str] = {
    DecisionKind.GRANTED: "Granted",
    DecisionKind.REFUSED: "Refused",
    DecisionKind.MAINTAINED: "Maintained",
    DecisionKind.RENEWED: "Renewed",
    DecisionKind.RESTORED: "Restored",
    DecisionKind.SUSPENDED: "Suspended",
    DecisionKind.SUSPENSION_LIFTED: "Suspension lifted",
    DecisionKind.WITHDRAWN: "Withdrawn",
    DecisionKind.SCOPE_REDUCED: "Scope reduced",
    DecisionKind.SCOPE_EXTENDED: "Scope extended",
    DecisionKind.TRANSFERRED: "Transferred",
    DecisionKind.TRANSITIONED: "Moved to another edition",
}

CONCERNING_DETAILS = frozenset(
    {DecisionKind.SCOPE_REDUCED, DecisionKind.SCOPE_EXTENDED, DecisionKind.TRANSFERRED, DecisionKind.GRANTED}
)
"""After these the scope, the body or the number that is kept may need a change too."""
