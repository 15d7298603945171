"""The address under which the pages of changes stand."""

from app.web.gate import Area

area = Area("changes", __name__, url_prefix="/changes")
