"""Who, which organisation, which day, in one transaction: the first argument of every operation and query.

Three kinds of session event stand behind a `Work`, and nowhere else: tenancy (`tenancy.py`), the journal (`journal.py`)
and the one commit at the end.
"""

from app.work import journal, tenancy
from app.work.tenancy import ACROSS
from app.work.unit import Work, begin, now_utc, today_in, work

__all__ = ["ACROSS", "Work", "begin", "listen", "now_utc", "today_in", "work"]

_listening = False


def listen() -> None:
    """Let tenancy and the journal stand behind every session; once is enough however often it is called."""
    global _listening
    if not _listening:
        tenancy.listen()
        journal.listen()
        _listening = True
