"""The forms of agreements, of both sides."""

from wtforms import HiddenField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from app.domain.subscription.agreement import USUAL, Share, shares_of
from app.web.fields import TicksField
from app.web.forms import PageForm


class SharesForm(PageForm):
    """What the provider sees of the client."""

    seen = HiddenField()
    shares = TicksField("The provider sees", choices=[(each.value, each.says) for each in Share])

    @property
    def chosen(self) -> frozenset[Share]:
        """What is ticked."""
        return shares_of(self.shares.data or ())


class ProposalForm(SharesForm):
    """An agreement proposed to the other side."""

    address = StringField(
        "Address",
        [InputRequired("This is needed."), Length(max=200, message="At most 200 characters.")],
        description="The word behind /o/ in the other organisation’s address, or the address of one of its pages.",
    )
    message = TextAreaField("Message", [Optional(), Length(max=2000, message="At most 2000 characters.")])

    def begin(self) -> None:
        """Tick what is usual."""
        self.shares.data = [each.value for each in Share if each in USUAL]
