"""The learner's own pages: home, course, lesson, quiz."""

from app.web.my_training import asking, competence, course, home, quiz
from app.web.my_training.area import area

__all__ = ["area", "asking", "competence", "course", "home", "quiz"]
