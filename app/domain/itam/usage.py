"""Records of resource utilisation by period. [ISO/IEC 19770-4:2017]"""

from app.domain.words import Word


class UsageMetric(Word):
    """What was measured."""

    PEAK_SESSIONS = "peak-sessions"
    UNITS_CONSUMED = "units-consumed"
    LAST_USED = "last-used"
