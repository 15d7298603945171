"""The area of a provider's clients."""

from app.web.gate import Area

area = Area("clients", __name__, url_prefix="/clients")
