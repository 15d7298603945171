"""The area of the client's side of agreements."""

from app.web.gate import Area

area = Area("agreements", __name__, url_prefix="/settings/agreements")
