"""What a licence counts."""

from app.domain.words import Word


class Metric(Word):
    """What one unit of a licence lets one have. The contract defines it; these are the usual ones."""

    NAMED_USER = "named-user"
    CONCURRENT_USER = "concurrent-user"
    DEVICE = "device"
    PROCESSOR = "processor"
    CORE = "core"
    SITE = "site"
    SUBSCRIPTION = "subscription"
    CONSUMPTION = "consumption"
