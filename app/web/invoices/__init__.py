"""A seller's invoices: issued with a preview, credited, paid; the account of each client."""

from app.web.invoices import issuing, lists, settling
from app.web.invoices.area import area

__all__ = ["area", "issuing", "lists", "settling"]
