"""The browser reaches the running server, under the server's own policy."""

import pytest

pytestmark = pytest.mark.one_database


def test_the_browser_reaches_the_running_server(page):
    assert page.goto("/healthz").status == 200
