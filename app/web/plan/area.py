"""The address under which the pages of the plan stand."""

from app.web.gate import Area

area = Area("plan", __name__, url_prefix="/plan")
