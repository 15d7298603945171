"""The form of what is chosen about audits and nonconformities: a whole number for each choice."""

from wtforms import SelectField
from wtforms.validators import NumberRange

from app.domain.findings.choices import CHOICES
from app.domain.training.competence import OnGap
from app.models.organisation import Organisation
from app.web.fields import WholeField
from app.web.settings.forms import NEEDED, SeenForm


class AuditChoicesForm(SeenForm):
    """One number for each choice, and what a gap in competence does."""

    competence_gap = SelectField(
        "A gap in the competence of an auditor",
        choices=[(each.value, each.label) for each in OnGap],
        default=OnGap.REFUSE.value,
        description="When somebody is put on the team of an internal audit, or it is moved, and on one of its days "
        "they do not meet what is asked of their place. By default it is refused.",
    )

    def tell(self, row: Organisation) -> None:
        """Show what is kept."""
        self.seen.data = str(row.version)
        for choice in CHOICES:
            self[choice.name].data = getattr(row, choice.name)
        self.competence_gap.data = row.competence_gap

    @property
    def values(self) -> dict[str, int]:
        """What was typed."""
        return {choice.name: int(self[choice.name].data) for choice in CHOICES}


for _choice in CHOICES:
    setattr(
        AuditChoicesForm,
        _choice.name,
        WholeField(
            f"{_choice.label} ({_choice.unit})",
            [
                NEEDED,
                NumberRange(_choice.least, _choice.most, f"From {_choice.least} to {_choice.most} {_choice.unit}."),
            ],
            render_kw={"inputmode": "numeric"},
        ),
    )
