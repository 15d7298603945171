"""The address under which the pages of seats stand."""

from app.web.gate import Area

area = Area("subscription_seats", __name__, url_prefix="/subscription/seats")

KIND = '<any("audit-manager",lms):word>'
"""A kind of seat, in an address."""
