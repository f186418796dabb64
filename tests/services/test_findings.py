"""EX: an issue that a service cannot accept is refused with the author's line, and nothing is written."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from newsletter.check import RULES, page_of
from newsletter.cli import run
from tests.sample_values import OPTIONS

if TYPE_CHECKING:
    from pathlib import Path

FRONT = "---\ntitle: A letter\ndate: 2026-11-27\nsummary: What it is about.\n---\n\n"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = tmp_path / "letters"
    assert run(["init", str(root), "--kind", "essay", *OPTIONS]) == 0
    configuration = root / "newsletter.yaml"
    lines = [line for line in configuration.read_text(encoding="utf-8").splitlines() if not line.startswith("address:")]
    configuration.write_text(
        "\n".join([*lines, "address: Sluisweg 7, Ghent", "fields: {site: https://letters.example/}", ""])
    )
    return root


def export(root: Path, capsys, service: str, body: str, *more: str) -> tuple[int, str, list[str]]:
    issue = root / "issues" / "2026-11-27-a-letter" / "index.md"
    issue.parent.mkdir(parents=True, exist_ok=True)
    issue.write_text(FRONT + body, encoding="utf-8")
    capsys.readouterr()
    code = run(["export", "a-letter", "--for", service, "-o", str(root / "out"), "-C", str(root), *more])
    output = capsys.readouterr()
    return code, output.out + output.err, sorted(path.name for path in root.glob("out/*.*"))


@pytest.mark.parametrize("rule", [rule for rule in RULES if rule.family == "EX"], ids=lambda rule: rule.code)
def test_every_rule_has_a_section_on_the_page(rule):
    assert f"\n## {rule.code} · {rule.name}\n" in page_of(rule.code)


@pytest.mark.parametrize(
    ("service", "fallback", "column"),
    [
        ("html", """my "dear" friend's friend""", 6),
        ("mailerlite", "captain's friend", 6),
        ("campaign-monitor", "you [there]", 6),
        ("beehiiv", "there", 6),
    ],
)
def test_a_fallback_that_cannot_be_written_is_reported_with_its_line(root, capsys, service, fallback, column):
    body = (
        f"Hello.\n\n`{{{{ first_name | {fallback} }}}}` is meant.\n\nDear {{{{ first_name | {fallback} }}}}, hello.\n"
    )
    code, output, written = export(root, capsys, service, body)
    assert (code, written) == (1, [])
    assert f"issues/2026-11-27-a-letter/index.md:11:{column}: EX102" in output
    assert output.count("EX102 ") == 1


def test_a_part_of_an_address_that_cannot_be_encoded_is_reported_at_the_address(root, capsys):
    body = "Dear {{ first_name | you }}, [go](https://letters.example/?who={{ first_name | you }}).\n"
    code, output, written = export(root, capsys, "sendgrid", body)
    assert (code, written) == (1, [])
    assert "index.md:7:64: EX102 SendGrid cannot encode `first_name` as part of an address" in output
    code, _, written = export(root, capsys, "sendgrid", body.replace("who={{ first_name | you }}", "who={{ email }}"))
    assert (code, {"a-letter.html", "a-letter.txt"} <= set(written)) == (0, True)


def test_a_field_that_is_a_whole_address_is_not_encoded(root, capsys):
    body = "[Your site]({{ site | https://letters.example/?a=1&b=2 }}) and [more](https://letters.example/?u={{ site }}).\n"
    assert export(root, capsys, "html-django", body)[0] == 0
    html = (root / "out/a-letter.html").read_text(encoding="utf-8")
    assert """href="{{ site|default:'https://letters.example/?a=1&amp;b=2' }}\"""" in html
    assert """href="https://letters.example/?u={{ site|default:''|urlencode:'' }}\"""" in html
    text = (root / "out/a-letter.txt").read_text(encoding="utf-8")
    assert '{{ site|default:"https://letters.example/?a=1&b=2"|safe }}' in text
    assert "https://letters.example/?u={{ site|default:''|urlencode:'' }}" in text


@pytest.mark.parametrize(
    "tag",
    [
        "*|FNAME|*",
        "*|IF:FNAME|*",
        "{% unsubscribe_link %}",
        "{{ subscriber.first_name }}",
        "{{ contact.FIRSTNAME }}",
        "{{ .Subscriber.FirstName }}",
        "{{{ pm:unsubscribe }}}",
        "{$name|default('there')}",
        "%recipient.first_name%",
        "[firstname,fallback=there]",
        '%%{first_name, "reader"}%%',
        '{{ first_name|default:"there" }}',
        "https://letters.example/@TrackLink",
        "<%asm_group_unsubscribe_url%>",
    ],
)
@pytest.mark.parametrize("service", ["html", "mailchimp", "ghost"])
def test_a_tag_of_a_service_in_the_text_is_reported_except_in_code(root, capsys, service, tag):
    code, output, written = export(root, capsys, service, f"Hello.\n\nDear {tag}, hello.\n")
    assert (code, written) == (1, [])
    assert "index.md:9:6: EX103" in output
    meant = f"Dear `{tag}`, hello.\n\n```\n{tag}\n```\n\n<!-- {tag} -->\n"
    assert export(root, capsys, service, meant)[0] == 0
    ignored = f"<!-- check: ignore EX103 -->\nDear {tag}, hello.\n"
    assert export(root, capsys, service, ignored)[0] == 0


def test_a_tag_in_a_snippet_is_reported_there(root, capsys):
    snippet = next(iter(sorted(root.glob("templates/*/snippets/*.md"))), None)
    assert snippet is not None
    snippet.write_text("Write to *|EMAIL|*.\n", encoding="utf-8")
    code, output, _ = export(root, capsys, "html", "Hello.\n")
    assert code == 1
    assert f"{snippet.relative_to(root).as_posix()}:1:10: EX103" in output


def test_an_email_without_the_postal_address_has_that_of_the_service_or_is_refused(root, capsys):
    configuration = root / "newsletter.yaml"
    text = configuration.read_text(encoding="utf-8")
    configuration.write_text(text.replace("address: Sluisweg 7, Ghent\n", ""), encoding="utf-8")
    assert export(root, capsys, "mailchimp", "Hello.\n")[0] == 0
    for name in ("a-letter.html", "a-letter.txt"):
        assert "*|LIST:ADDRESSLINE|*" in (root / "out" / name).read_text(encoding="utf-8")
    configuration.write_text(text, encoding="utf-8")
    assert export(root, capsys, "mailchimp", "Hello.\n")[0] == 0
    assert "*|LIST" not in (root / "out/a-letter.html").read_text(encoding="utf-8")


def test_a_footer_without_a_link_to_unsubscribe_is_refused(root, capsys):
    footer = root / "templates/theme/email/footer.mjml"
    footer.parent.mkdir(parents=True)
    footer.write_text(
        "<mj-section><mj-column><mj-text>{{ reason }}</mj-text></mj-column></mj-section>\n", encoding="utf-8"
    )
    code, output, written = export(root, capsys, "listmonk", "Hello.\n")
    assert (code, written) == (1, [])
    assert "templates/theme/email/footer.mjml:1:1: EX101 the email has no unsubscribe link" in output


def test_all_findings_are_reported_at_once(root, capsys):
    body = "Dear *|FNAME|*,\n\n{{ first_name | captain's }} and {{ last_name | o'clock }}\n\n{$name}\n"
    code, output, _ = export(root, capsys, "mailerlite", body)
    assert code == 1
    assert [output.count(f"{place}: EX") for place in (":7:6", ":9:1", ":9:34", ":11:1")] == [1, 1, 1, 1]
