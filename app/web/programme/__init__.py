"""The audit programme: as a timeline of three years, as a calendar by month, as a list, and laid out anew."""

from app.web.gate import Area

area = Area("programme", __name__, url_prefix="/programme")

from app.web.programme import calendar, lay_out, table, timeline  # noqa: E402, F401 - they register their routes
