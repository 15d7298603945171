"""Seats of the subscription: pools, who has a seat, who waits for one, who is suspended first, and use by day."""

from app.web.subscription_seats import giving, mine, ordering, overview, pools
from app.web.subscription_seats.area import area

__all__ = ["area", "giving", "mine", "ordering", "overview", "pools"]
