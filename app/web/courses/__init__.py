"""Courses: the list, the page of one, and the editor of its drafts."""

from app.web.courses import details, drafts, files, lesson_editor, preview, questions, register, sections
from app.web.courses.area import area

__all__ = ["area", "details", "drafts", "files", "lesson_editor", "preview", "questions", "register", "sections"]
