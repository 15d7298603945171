"""Reports: what there is to hand an assessor, looked at first, then taken as paper or as a workbook."""

from app.web.reports import pages, prints
from app.web.reports.area import area

__all__ = ["area", "pages", "prints"]
