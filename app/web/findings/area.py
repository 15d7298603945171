"""The area of findings."""

from app.web.gate import Area

area = Area("findings", __name__, url_prefix="/findings")
