"""Findings: the register, raising and changing one, and what it concerns."""

from app.web.findings import linking, raising, register
from app.web.findings.area import area

__all__ = ["area", "linking", "raising", "register"]
