"""Help for everybody, and addresses under which browsers may keep a file for a year."""

import re

from flask.testing import FlaskClient


def test_the_shortcuts_are_a_page_that_needs_no_sign_in(client: FlaskClient) -> None:
    answer = client.get("/help/keyboard")
    assert answer.status_code == 200
    assert "<kbd>g</kbd> <kbd>d</kbd>" in answer.text


def test_the_address_of_a_style_sheet_changes_with_its_content(client: FlaskClient) -> None:
    text = client.get("/help/keyboard").text
    assert re.search(r'/static/css/tokens\.css\?v=[0-9a-f]{10}"', text)
    assert '/bootstrap.min.css"' in text
