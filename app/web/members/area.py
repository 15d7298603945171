"""The area itself, apart from its views, so that each of them can hang itself on it."""

from app.web.gate import Area

area = Area("members", __name__, url_prefix="/settings/members")
