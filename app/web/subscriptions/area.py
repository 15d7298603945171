"""The address under which the pages of what was sold stand."""

from app.web.gate import Area

area = Area("subscriptions", __name__, url_prefix="/subscriptions")
