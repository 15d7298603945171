"""A plan is offered to a client; it counts once the client has accepted it."""

from collections.abc import Sequence
from dataclasses import replace
from uuid import uuid4

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import HiddenField, SelectField, StringField
from wtforms.validators import InputRequired, Length, Optional

from app.domain.dates import say
from app.domain.explained import RefusedError
from app.domain.permission import Permission
from app.models.plan import Plan
from app.models.subscription import Subscription
from app.operations import subscriptions as operation
from app.operations.plans import TermsDetails, terms_of
from app.operations.received import once
from app.operations.subscriptions import StartDetails, renewal_of
from app.queries.agreements import Passage, passages_to_clients
from app.queries.subscriptions import plan_by, plans_of, sold_by, subscription_by, term_of
from app.web.fields import DayField, row_id
from app.web.forms import PageForm, show_refusal
from app.web.licence_fields import minor_of
from app.web.subscriptions.area import area
from app.work import Work


class OfferForm(PageForm):
    """Which plan, to whom, from when, and how it is paid."""

    entry_key = HiddenField()
    client = SelectField("Client", validators=[InputRequired("Choose the client.")], validate_choice=False)
    plan = SelectField("Plan", validators=[InputRequired("Choose the plan.")], validate_choice=False)
    starts_on = DayField("First day", [InputRequired("Give the first day.")])
    price = StringField(
        "Price without tax", [Optional(), Length(max=40)], description="Empty: as the plan says, in its currency."
    )
    deposit = StringField("Deposit", [Optional(), Length(max=40)], description="Due on the first day; empty for none.")
    first_due_on = DayField(
        "First instalment", [Optional()], description="Where payment is deferred. Empty: on the first day."
    )
    continues = SelectField(
        "Continues or replaces",
        validators=[Optional()],
        validate_choice=False,
        description="A subscription that is running then ends the day before, once the offer is accepted.",
    )

    def offer(self, clients: Sequence[Passage], plans: Sequence[Plan], sold: Sequence[Subscription]) -> None:
        """Fill the lists."""
        self.client.choices = [("", "Choose"), *((str(each.client_id), each.client) for each in clients)]
        self.plan.choices = [("", "Choose"), *((str(each.id), each.name) for each in plans)]
        self.continues.choices = [
            ("", "None"),
            *((str(each.id), f"{each.client.name}: {each.reference} {each.name}") for each in sold),
        ]

    def terms(self, plan: Plan) -> TermsDetails:
        """What is offered: the plan's terms, for this price where one is given."""
        minor = minor_of(self.price.data, plan.currency, "price")
        return terms_of(plan) if minor is None else replace(terms_of(plan), price_minor=minor)

    def start(self, plan: Plan) -> StartDetails:
        """From when, and how it is paid."""
        return StartDetails(
            starts_on=self.starts_on.data,
            deposit_minor=minor_of(self.deposit.data, plan.currency, "deposit") or 0,
            first_due_on=self.first_due_on.data,
        )


@area.form("/offer", needs=Permission.SELL_PLANS)
def offer(work: Work) -> ResponseReturnValue:
    """Offer a plan to a client."""
    clients, plans = passages_to_clients(work), plans_of(work, offered=True)
    running = [
        each for each in sold_by(work) if each.accepted_at is not None and term_of(each).ends_on.value >= work.today
    ]
    form = OfferForm()
    form.offer(clients, plans, running)
    if request.method == "GET":
        form.client.data = request.args.get("client", "")
        form.starts_on.data, form.entry_key.data = work.today, str(uuid4())
        continued = next((each for each in running if str(each.id) == request.args.get("continues")), None)
        if continued is not None:
            form.continues.data, form.client.data = str(continued.id), str(continued.client_id)
            form.starts_on.data = renewal_of(continued)
            form.plan.data = str(continued.plan_id or "")
        return render_template("subscriptions/offer.html", form=form, clients=clients, plans=plans)
    if form.validate():
        try:
            said = {name: str(value) for name, value in form.data.items() if name not in ("entry_key", "csrf_token")}
            came = once(
                work,
                form.entry_key.data or "",
                str(request.endpoint),
                said,
                lambda: str(_offered(work, form, clients, running).id),
            )
        except RefusedError as refusal:
            told = show_refusal(form, refusal)
            page = render_template("subscriptions/offer.html", form=form, clients=clients, plans=plans, refused=told)
            return page, 422
        row = subscription_by(work, int(came.result))
        if row is not None:
            flash(f"{row.reference} is offered from {say(row.starts_on)}.", "success")
        return redirect(url_for("subscriptions.show", subscription_id=int(came.result)), 303)
    return render_template("subscriptions/offer.html", form=form, clients=clients, plans=plans), 422


def _offered(work: Work, form: OfferForm, clients: Sequence[Passage], running: Sequence[Subscription]) -> Subscription:
    client = next((each for each in clients if str(each.client_id) == form.client.data), None)
    if client is None:
        raise RefusedError("Choose a client from the list.", "client")
    plan = plan_by(work, row_id(form.plan.data))
    if plan is None or plan.retired_on is not None:
        raise RefusedError("Choose a plan from the list.", "plan")
    continued = next((each for each in running if str(each.id) == form.continues.data), None)
    if form.continues.data and (continued is None or continued.client_id != client.client_id):
        raise RefusedError("Choose a subscription of this client.", "continues")
    replaces_id = continued.id if continued is not None else None
    return operation.offer(work, client.client_id, form.terms(plan), form.start(plan), plan.id, replaces_id)
