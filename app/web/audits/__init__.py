"""Audits: the register, the page of one, planning and moving them, and carrying them to their conclusion."""

from app.web.gate import Area

area = Area("audits", __name__, url_prefix="/audits")

from app.web.audits import agenda, course, looking, plan, planning, register  # noqa: E402

__all__ = ["agenda", "area", "course", "looking", "plan", "planning", "register"]
