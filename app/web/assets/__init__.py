"""The register of assets: found, recorded, carried through their life, and labelled."""

from app.web.assets import gaps, labels, owning, page, photograph, recording, register
from app.web.assets.area import area

__all__ = ["area", "gaps", "labels", "owning", "page", "photograph", "recording", "register"]
