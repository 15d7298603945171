"""Who belongs to the organisation: inviting one or a whole file, roles, leaving, coming back, and erasing a person."""

from app.web.members import importing, invitations, members
from app.web.members.area import area

__all__ = ["area", "importing", "invitations", "members"]
