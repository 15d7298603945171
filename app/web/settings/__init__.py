"""Settings: the organisation, the rules where the standards leave room, its places and days, and the catalogue."""

from app.web.settings import audits, blackouts, catalogue, organisation, overview, rules, sites
from app.web.settings.area import area

__all__ = ["area", "audits", "blackouts", "catalogue", "organisation", "overview", "rules", "sites"]
