"""Control of what is done to software and assets: asked for, authorised by another, done, checked."""

from app.domain.explained import Clause
from app.domain.words import Word

CHANGE_MANAGEMENT = Clause("ISO/IEC 19770-1:2017", "8.2")


class ChangeAction(Word):
    """What is to be done to software or to an asset."""

    INSTALL = "install"
    MODIFY = "modify"
    COPY = "copy"
    DISTRIBUTE = "distribute"
    MOVE = "move"
    REMOVE = "remove"


class ChangeStatus(Word):
    """How far a request has come."""

    REQUESTED = "requested"
    AUTHORISED = "authorised"
    REFUSED = "refused"
    DONE = "done"
    CHECKED = "checked"
    WITHDRAWN = "withdrawn"


class CheckKind(Word):
    """By what the result was checked afterwards."""

    VERSION = "version"
    HASH = "hash"
    SIGHT = "sight"


class Authorisation(Word):
    """What stands behind an installation."""

    AUTHORISED = "authorised"
    """A change request that somebody else authorised."""
    ACCEPTED = "accepted"
    """Found without one, and accepted by somebody with a reason."""
    UNAUTHORISED = "unauthorised"
    """Found, and nothing stands behind it."""
