"""How a checklist asks: questions in words of our own, by the short title of a clause."""

from app.domain.programme.checklist import ItemSource, Question

_GUIDANCE = (
    (("policy", "policies"), "Which version is in force, who approved it, and do the people it concerns know it?"),
    (("competence", "training", "awareness"), "Take a few people: what must they be able to do, and what shows it?"),
    (("internal audit",), "Programme, reports and follow-up since the last audit; who audited what?"),
    (("review",), "The latest record: what went in, what was decided, who does it until when?"),
    (("risk",), "Method, latest result, who decided what is done; follow one risk to its treatment and back."),
    (("objective",), "Which are set, how are they measured, and what happened where one was missed?"),
    (("change",), "Take two recent changes: who asked, who authorised, who checked afterwards?"),
    (("document", "record"), "Follow one document from draft to withdrawal; look for one that is out of date."),
    (("incident", "event"), "Take the last one: when was it seen, who was told, what was learnt?"),
    (("supplier", "cloud", "external"), "Take one: the agreement, how it is watched, what happens when it ends."),
    (("access", "identit", "password"), "Take somebody who joined, moved, left: what was given, what taken back?"),
    (("licen", "intellectual"), "Compare one product: what is entitled, what is installed, and who reconciled it."),
    (("inventory", "asset"), "Take some from the register to the shelf, and some from the shelf to the register."),
    (("nonconformity", "corrective"), "Take one: cause, action, and what shows that it worked."),
    (("backup", "continuity", "disruption"), "When was it last tried out, and what came of it?"),
    (("scope", "context", "interested", "stakeholder"), "Is it written, and does it fit what is done today?"),
)  # fmt: skip
_ALWAYS = "Ask who does it and how, see a recent example, and write down what you saw and where."


def guidance_on(title: str) -> str:
    """What to look for, by a word of the title."""
    lower = title.casefold()
    return next((says for words, says in _GUIDANCE if any(word in lower for word in words)), _ALWAYS)


def on_clause(standard: str, number: str, title: str) -> Question:
    """The question on a clause; on a control or a process area, whether it is in place."""
    if number[:1].isdigit():
        asks = f"Is ‘{title}’ ({number}) met? What shows it?" if title else f"Is {number} met? What shows it?"
    elif number.startswith("A."):
        asks = f"Is ‘{title}’ ({number}) in place and working? If it is left out, why? What shows it?"
    else:
        asks = f"Does ‘{title}’ ({number}) work as it is meant to? What shows it?"
    return Question(ItemSource.CLAUSE, standard, number, asks, guidance_on(title))


def on_topic(standard: str, topic: str, clause: str) -> Question:
    """A mandatory topic of an external audit, as a prompt for planning. [ISO/IEC 17021-1:2015, 9.6.2.2]"""
    asks = f"{topic}: what has happened since the last audit, and what shows it?"
    return Question(ItemSource.PROMPT, standard, "", asks, f"Has to be covered: {clause}.")


def on_open_point(standard: str, clause: str, reference: str, what: str, of: str) -> Question:
    """A finding that is still open: whether what was decided on it is done and works."""
    asks = f"{reference}, open from {of}: what was done, and did it work?"
    return Question(ItemSource.OPEN_POINT, standard, clause, asks, what)
