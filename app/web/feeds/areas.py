"""The area of one's own addresses and downloads; the addresses themselves are of no organisation."""

from app.web.gate import Area

area = Area("feeds", __name__, url_prefix="/calendar")
