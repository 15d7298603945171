"""Employees from a file, by their numbers."""

from sqlalchemy import select

from app.domain.itam.rows import Lines
from app.models.employee import Employee
from app.operations.imports.lookup import Sites
from app.operations.imports.plan import Addition, Alteration, Plan, Reader
from app.work import Work

_COLUMNS = ("name", "email", "department", "site_id", "left_on")


def plan(work: Work, lines: Lines) -> Plan:
    """What the lines add, change and leave; an empty cell changes nothing."""
    made = Plan(lines.kind)
    reader, sites = Reader(lines, made), Sites(work)
    rows = select(Employee.id, Employee.number, *(getattr(Employee, name) for name in _COLUMNS))
    known = {number: (row_id, dict(zip(_COLUMNS, rest, strict=True))) for row_id, number, *rest in work.execute(rows)}
    seen: dict[str, int] = {}
    for said in lines.said:
        line = said[0]
        reading = reader.read(said)
        if not reading.required("number"):
            continue
        number = reading.text("number", 40)
        reading.text("name", 200)
        email = reading.text("email", 254)
        if email is not None and ("@" not in email or " " in email):
            reading.fault("email", f"“{email}” is no email address.")
        reading.text("department", 120)
        site_id = reading.read("site", sites.named)
        reading.day("left_on")
        if number is not None and number in seen:
            reading.fault("number", f"{number} stands in line {seen[number]} too.")
        if number is None:
            continue
        seen.setdefault(number, line)
        values = {name: value for name, value in reading.values.items() if name in _COLUMNS}
        if site_id is not None:
            values["site_id"] = site_id
        found = known.get(number)
        if found is None:
            if "name" not in values and not reading.is_faulty:
                reading.fault("name", "It is empty.")
            if not reading.is_faulty:
                made.additions.append(
                    Addition(
                        line,
                        f"{number} {values['name']}",
                        {"number": number, **values, "created_at": work.now, "version": 1},
                    )
                )
            continue
        if reading.is_faulty:
            continue
        row_id, old = found
        new = {name: value for name, value in values.items() if value != old[name]}
        if not new:
            made.left += 1
            continue
        shown = (
            {**old, "site_id": sites.names.get(old["site_id"])},
            {**new, **({"site_id": sites.names[site_id]} if "site_id" in new and site_id else {})},
        )
        differences = tuple(reader.differences(*shown, {"site_id": "Site"}))
        made.alterations.append(
            Alteration(line, f"{number} {old['name']}", row_id, {name: old[name] for name in new}, new, differences)
        )
    return made
