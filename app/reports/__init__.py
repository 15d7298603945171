"""The register of reports: a file of this folder, a line here and a test make one."""

from importlib import import_module

from app.reports.report import Report

NAMES = (
    "asset_register",
    "ownership_gaps",
    "unauthorised_installations",
    "licence_position",
    "reconciliation",
    "training",
    "competence",
    "coverage",
    "document_register",
    "implementation",
    "plan",
    "account",
)


def reports() -> tuple[Report, ...]:
    """Every report, in the order of the register."""
    return tuple(import_module(f"app.reports.{name}").REPORT for name in NAMES)


def report_named(name: str) -> Report | None:
    """The report of a name."""
    return next((report for report in reports() if report.name == name), None)
