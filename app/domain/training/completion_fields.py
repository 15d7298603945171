"""What the columns of a file of past completions may mean."""

from app.domain.itam.mapping import Field

COMPLETIONS = (
    Field(
        "email",
        "E-mail",
        required=True,
        heads=("email", "mail", "email address", "e-mail address", "learner", "user", "user name"),
        says="Of a member, in any case.",
    ),
    Field("course", "Course", required=True, heads=("course title", "training", "title", "course name", "course id")),
    Field(
        "completed_on",
        "Completed on",
        required=True,
        heads=("completed", "completion date", "passed on", "date", "date completed", "finished on"),
        says="2026-03-14",
    ),
    Field("valid_until", "Valid until", heads=("expires", "expiry", "expiry date", "valid through", "expires on")),
    Field("provider", "Provider", heads=("given by", "trainer", "vendor", "institute", "school")),
    Field("evidence", "Evidence", heads=("certificate", "certificate number", "proof", "note", "notes")),
)
