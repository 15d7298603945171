"""Previews of texts: they hold up nobody who writes, and what is too long is told in words."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.operations import documents
from app.operations.documents import DocumentDetails
from app.outputs.markdown import LONGEST_BODY, TOO_LONG
from tests.cast import Cast, post, sign_in
from tests.stage import on_stage
from tests.taught import written


@pytest.fixture
def manager(client: FlaskClient, cast: Cast) -> FlaskClient:
    return sign_in(client, cast.quality_manager)


@pytest.fixture(params=["courses/TR-001", "documents/DOC-001"])
def address(request: pytest.FixtureRequest, app: Flask, cast: Cast) -> str:
    with on_stage(app, cast.organisation, cast.quality_manager) as w:
        written(w)
        documents.write(w, DocumentDetails(title="Policy", owner_id=cast.quality_manager.id))
    return f"/o/{cast.organisation.slug}/{request.param}"


def test_a_preview_waits_for_nobody_who_writes(manager: FlaskClient, app: Flask, cast: Cast, address: str) -> None:
    with on_stage(app, cast.organisation, cast.staff):
        # Somebody else's change is under way until the end of this block.
        answer = post(manager, f"{address}/markdown", {"body": "**Hi**"})
    assert answer.status_code == 200
    assert "<strong>Hi</strong>" in answer.text


def test_a_text_that_is_too_long_is_told_so(manager: FlaskClient, address: str) -> None:
    answer = post(manager, f"{address}/markdown", {"body": "[a](b)" * (LONGEST_BODY // 6 + 1)})
    assert answer.status_code == 413
    assert TOO_LONG in answer.text
