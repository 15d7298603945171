"""The area, by itself so that its pages can be told from it."""

from app.web.gate import Area

area = Area("audit_reports", __name__, url_prefix="/audits")
