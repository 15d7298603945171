"""Software: the catalogue of products, what is installed where, and what nobody authorised."""

from app.web.software import cataloguing, installed, products, unauthorised
from app.web.software.area import area

__all__ = ["area", "cataloguing", "installed", "products", "unauthorised"]
