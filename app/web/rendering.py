"""What every template knows: the visitor, the organisation, the day, what may be clicked, and how dates read."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from flask import Flask, g, has_request_context, request, url_for
from flask_login import current_user

from app.domain import dates
from app.domain.permission import Permission
from app.queries.signals import Signals, signals_of
from app.web.gate import came_from, may
from app.web.navigation import faces, navigation

KEEPS_THE_MENU = ("account", "help")
"""Areas of no organisation that keep the menu of the one from which the visitor came."""


def fails_to_render() -> bool:
    """Whether rendering itself has failed in this request, so that an error page must do without templates."""
    failed = bool(g.get("failed_to_render"))
    g.failed_to_render = True
    return failed


def _context() -> dict[str, Any]:
    organisation, granted = g.get("organisation"), g.get("permissions", frozenset())
    work = g.get("work")
    if organisation is None and request.blueprint in KEEPS_THE_MENU:
        standing = came_from()
        if standing is not None:
            organisation, granted = standing.organisation, standing.permissions
    return {
        "current_user": current_user,
        "organisation": organisation,
        "memberships": g.get("standings", ()),
        "may": may,
        "today": work.today if work is not None else None,
        "nav": navigation(organisation, granted) if organisation is not None else (),
        "faces": faces(organisation) if organisation is not None else (),
        "theme": _theme(),
        "bell": _bell,
    }


@dataclass(frozen=True, slots=True)
class Bell:
    """How much is overdue and how many certificates are at risk, and where they stand."""

    count: int
    says: str
    url: str


def _bell() -> Bell | None:
    """The bell of the shell; nothing where the visitor may not see what it counts."""
    work = g.get("work")
    if work is None or g.get("organisation") is None or not may(Permission.SEE_PROGRAMME):
        return None
    # A refused form is shown with what was typed still in the session: counting must not write it, and does not.
    signals: Signals = g.get("signals") or signals_of(work)
    said = [f"{signals.overdue or 'Nothing'} overdue"]
    if signals.at_risk:
        said.append(f"{signals.at_risk} certificate{'s' if signals.at_risk > 1 else ''} at risk")
    anchor = "at-risk" if signals.at_risk and not signals.overdue else "overdue"
    count, says = signals.overdue + signals.at_risk, ", ".join(said)
    if signals.overdue and signals.at_risk:
        # Who says aloud what they see has to be understood: the number shown stands in the name.
        says = f"{count} to see to: {says}"
    return Bell(count, says, url_for("dashboard.show", _anchor=anchor))


def _theme() -> str:
    chosen = request.cookies.get("theme", "system") if has_request_context() else "system"
    return chosen if chosen in ("light", "dark") else "system"


def say_moment(moment: datetime, time_zone: str | None = None) -> str:
    """A moment in the organisation's own time: 14 Mar 2027, 09:30."""
    organisation = g.get("organisation")
    zone = time_zone or (organisation.time_zone if organisation is not None else "UTC")
    local = moment.astimezone(ZoneInfo(zone))
    return f"{dates.say(local.date())}, {local:%H:%M}"


def say_distance(day: date, today: date) -> str:
    """How far a day is, as the screens write it in grey: today, tomorrow, in 12 days, 3 days ago."""
    days = dates.days_between(today, day)
    if -1 <= days <= 1:
        return ("yesterday", "today", "tomorrow")[days + 1]
    return f"in {dates.say_days(days)}" if days > 0 else f"{dates.say_days(-days)} ago"


def drawn_once(macro: Callable[..., Any]) -> Callable[..., Any]:
    """A macro that knows no more than what it is given, drawn once for the same.

    Calling one costs more than finding what it said. It is given what can be compared: words, days, numbers, tuples.
    """
    return lru_cache(maxsize=4096, typed=True)(macro)


def init_app(app: Flask) -> None:
    app.context_processor(_context)
    app.jinja_env.filters.update(say=dates.say, say_days=dates.say_days, moment=say_moment)
    app.jinja_env.globals.update(say_distance=say_distance, nearest_day=dates.nearest_day, drawn_once=drawn_once)
    app.jinja_env.globals.update(has=app.view_functions.__contains__)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True

    @app.url_defaults
    def same_organisation(endpoint: str, values: dict[str, Any]) -> None:
        organisation = g.get("organisation")
        if organisation is not None and "slug" not in values and app.url_map.is_endpoint_expecting(endpoint, "slug"):
            values["slug"] = organisation.slug


__all__ = ["fails_to_render", "init_app", "say_distance", "say_moment", "url_for"]
