"""Who belongs to the organisation: inviting, roles, leaving, coming back, and erasing a person."""

from app.web.members import invitations, members
from app.web.members.area import area

__all__ = ["area", "invitations", "members"]
