"""The address under which the pages of corrective actions stand."""

from app.web.gate import Area

area = Area("corrective_actions", __name__, url_prefix="/corrective-actions")
