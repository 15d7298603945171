"""One's own account: signing in and out, password, second factor, theme, and the end of it."""

from app.web.account import arrival, erasure, forgotten, invitation, own, second_factor, throttling
from app.web.account.area import area

__all__ = ["area", "arrival", "erasure", "forgotten", "invitation", "own", "second_factor", "throttling"]
