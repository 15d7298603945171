"""The report and the evidence of an audit: two faces of its page."""

from app.web.audit_reports.area import area

from app.web.audit_reports import evidence, report  # isort: skip

__all__ = ["area", "evidence", "report"]
