"""What was bought, and on which terms."""

from app.domain.words import Word


class EntitlementKind(Word):
    """How an entitlement came to be."""

    PURCHASE = "purchase"
    SUBSCRIPTION = "subscription"
    UPGRADE = "upgrade"
    """Consumes as many units of the entitlement it rests on."""
    TRANSFER = "transfer"
    """Came from another entity of ours; as many units left there."""


class Term(Word):
    """What a licence may allow, forbid or limit, and what can be checked."""

    ALLOWED_SITES = "allowed-sites"
    VIRTUALISATION = "virtualisation"
    SUB_LICENSING = "sub-licensing"
    DOWNGRADE = "downgrade"
    SECOND_USE = "second-use"
    TRANSFER = "transfer"
    REMOTE_ACCESS = "remote-access"
    DISASTER_RECOVERY = "disaster-recovery"


class TermAnswer(Word):
    """What the contract says of a term."""

    YES = "yes"
    NO = "no"
    LIMIT = "limit"
