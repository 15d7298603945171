"""The page that ours are measured against: fifty rows from memory (or 400), rendered by Flask, and nothing else."""

from flask import Flask, render_template_string

PAGE = """<!doctype html><html lang="en"><title>Bare</title><table>
{% for row in rows %}<tr>{% for cell in row %}<td>{{ cell }}</td>{% endfor %}</tr>
{% endfor %}</table></html>"""
ROWS = [
    (f"C-27001-{n}", "ISO/IEC 27001:2022", "Active", "14 Mar 2027", "Surveillance", "31 Dec 2026", "At risk")
    for n in range(50)
]
LONG = [
    (f"A.8.{n}", f"Is ‘Topic {n}’ in place and working? What shows it?", "Conforms", "Bench, 14 Mar 2027")
    for n in range(400)
]


def create() -> Flask:
    """One route for each length."""
    app = Flask(__name__)

    @app.get("/")
    def page() -> str:
        return render_template_string(PAGE, rows=ROWS)

    @app.get("/long")
    def long_page() -> str:
        return render_template_string(PAGE, rows=LONG)

    return app
