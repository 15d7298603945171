"""The page that ours are measured against: fifty rows from memory, rendered by Flask, and nothing else."""

from flask import Flask, render_template_string

PAGE = """<!doctype html><html lang="en"><title>Bare</title><table>
{% for row in rows %}<tr>{% for cell in row %}<td>{{ cell }}</td>{% endfor %}</tr>
{% endfor %}</table></html>"""
ROWS = [
    (f"C-27001-{n}", "ISO/IEC 27001:2022", "Active", "14 Mar 2027", "Surveillance", "31 Dec 2026", "At risk")
    for n in range(50)
]


def create() -> Flask:
    """One route."""
    app = Flask(__name__)

    @app.get("/")
    def page() -> str:
        return render_template_string(PAGE, rows=ROWS)

    return app
