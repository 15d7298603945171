"""The area of the settings; its views register themselves on it."""

from app.web.gate import Area

area = Area("settings", __name__, url_prefix="/settings")
