"""Northwind's IT assets: what there is, what runs on it, what was bought, and where that does not agree."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from app.demonstration.assets.comparisons import comparisons
from app.demonstration.assets.fleet import fleet
from app.demonstration.assets.installations import installations
from app.demonstration.assets.licences import licences
from app.demonstration.assets.machines import machines
from app.demonstration.assets.requests import requests
from app.demonstration.assets.software import software
from app.demonstration.assets.steps import steps
from app.demonstration.assets.workforce import workforce
from app.models.organisation import Site
from app.models.person import Person
from app.work import Work


@dataclass(slots=True)
class Estate:
    """What the chapters of the story tell each other."""

    work: Work
    sites: list[Site]
    cast: dict[str, Person]
    employees: list[dict[str, Any]] = field(default_factory=list)
    assets: dict[str, dict[str, Any]] = field(default_factory=dict)
    """By tag."""
    clusters: dict[str, int] = field(default_factory=dict)
    products: dict[str, int] = field(default_factory=dict)
    publishers: dict[str, int] = field(default_factory=dict)
    changes: dict[str, int] = field(default_factory=dict)

    @property
    def today(self) -> date:
        """The day on which the story is told."""
        return self.work.today


def assets(work: Work, sites: list[Site], cast: dict[str, Person]) -> Estate:
    """Tell all of it."""
    estate = Estate(work, sites, cast)
    for chapter in (workforce, fleet, machines, software, requests, installations, licences, comparisons, steps):
        chapter(estate)
    return estate
