from __future__ import annotations

import pytest

from newsletter.config.load import load_workspace
from newsletter.errors import ConfigurationError

HEAD = "title: X\nurl: https://letters.example/\nsender: {name: X, email: x@letters.example}\n"


@pytest.fixture
def email(tmp_path):
    def load(yaml: str):
        (tmp_path / "newsletter.yaml").write_text(HEAD + "email:\n" + yaml, encoding="utf-8")
        return load_workspace(tmp_path).publication.email

    return load


def fault(email, yaml: str) -> tuple[str, str, int]:
    with pytest.raises(ConfigurationError) as caught:
        email(yaml)
    (found,) = caught.value.diagnostics
    return found.message, found.advice, found.span.line


def test_shares_are_read_by_client_and_by_family(email):
    settings = email("  clients: {gmail: 30, outlook-windows: 12}\n  least_readers: 5\n")
    assert settings.clients == {"gmail": 30, "outlook-windows": 12}
    assert settings.least_readers == 5


def test_shares_are_optional(email):
    assert email("  limit: 90\n").clients == {}
    assert email("  limit: 90\n").least_readers == 3


def test_an_unknown_client_is_reported_with_the_nearest(email):
    message, advice, line = fault(email, "  clients:\n    gmail: 30\n    outlook-window: 10\n")
    assert message == "there is no email client `outlook-window`"
    assert advice == "Did you mean `outlook-windows`?"
    assert line == 7


def test_a_share_is_a_whole_percentage(email):
    assert fault(email, "  clients: {gmail: 130}\n")[0] == "`email.clients.gmail` must be at least 0 and at most 100"
    assert "whole number" in fault(email, "  clients: {gmail: most}\n")[0]


def test_shares_add_up_to_at_most_100(email):
    message, _, line = fault(email, "  clients: {gmail: 60, apple-mail: 55}\n")
    assert message == "the shares add up to 115 percent"
    assert line == 5
