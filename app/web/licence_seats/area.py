"""The area itself."""

from app.web.gate import Area

area = Area("licence_seats", __name__, url_prefix="/licences/seats")
