"""How far each process area of IT asset management has come, by the organisation's own judgement."""

from app.domain.words import Word


class Attainment(Word):
    """How far a process area is in place."""

    NOT = "not"
    PARTLY = "partly"
    LARGELY = "largely"
    FULLY = "fully"

    @property
    def label(self) -> str:
        return {"not": "Not in place", "partly": "Partly", "largely": "Largely", "fully": "Fully"}[self.value]
