"""The learner's own pages: home, course, lesson, quiz."""

from app.web.my_training import competence, course, home, quiz
from app.web.my_training.area import area

__all__ = ["area", "competence", "course", "home", "quiz"]
