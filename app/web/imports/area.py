"""The area itself."""

from app.web.gate import Area

area = Area("imports", __name__, url_prefix="/imports")
