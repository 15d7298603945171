"""Where the bytes of attachments lie: one file for each content, named by its hash, below one folder."""

from app.storage.files import Stored, keep, path_of, stray
from app.storage.kinds import KINDS, Kind, kind_of, safe_name

__all__ = ["KINDS", "Kind", "Stored", "keep", "kind_of", "path_of", "safe_name", "stray"]
