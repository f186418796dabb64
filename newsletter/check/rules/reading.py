"""The codes that are given while reading, before there is anything to check: their records, for people to look up."""

from __future__ import annotations

from newsletter.check.rule import Rule
from newsletter.diagnostics import Severity

YAML = (
    ("001", "not-yaml", "can be read as YAML"),
    ("002", "duplicate-key", "gives each name once"),
    ("003", "alias", "has no anchors, aliases or merge keys"),
    ("004", "tag", "has no YAML tags"),
    ("005", "bad-date", "has only dates that exist"),
    ("006", "tab-indentation", "is indented with spaces"),
    ("007", "unclosed-block", "ends where it should"),
    ("008", "not-utf-8", "is UTF-8 text"),
    ("009", "no-names", "is made of `name: value` lines"),
    ("010", "several-documents", "is one YAML document without directives"),
    ("011", "unknown-key", "has only keys that mean something"),
    ("012", "wrong-value", "has values of the right type and range"),
    ("013", "cut-by-comment", "has no value cut short by a `#`"),
)
"""Number, name and what is asked, shared by front matter, newsletter.yaml and house.yaml."""


def _sentence(text: str) -> str:
    # A file's name stays as it is written.
    return text if text.partition(" ")[0].endswith(".yaml") else text[0].upper() + text[1:]


def _yaml_rules(family: str, file: str, page: str = "") -> tuple[Rule, ...]:
    return tuple(
        Rule(f"{family}{number}", name, _sentence(f"{file} {asks}"), file.removeprefix("the "), page=page)
        for number, name, asks in YAML
        if page or number not in {"011", "012"}
    )


FRONT_MATTER = _yaml_rules("FM", "the front matter")

CONFIGURATION = (
    *_yaml_rules("CF", "newsletter.yaml", page="CF.md"),
    Rule("CF014", "missing-key", "newsletter.yaml has what every publication needs", "newsletter.yaml", page="CF.md"),
    Rule("CF015", "file-missing", "The files that newsletter.yaml names are there", "newsletter.yaml", page="CF.md"),
    Rule("CF016", "no-picture", "The pictures that newsletter.yaml names can be read", "newsletter.yaml", page="CF.md"),
    Rule("CF101", "mjml-component", "The e-mail's templates have components that exist", "templates", page="CF.md"),
    Rule("CF102", "mjml-attribute", "The e-mail's templates have attributes that exist", "templates", page="CF.md"),
    Rule("CF103", "mjml-place", "The components stand where MJML has a place for them", "templates", page="CF.md"),
    Rule("CF104", "template-broken", "The templates can be read and filled", "templates", page="CF.md"),
    *_yaml_rules("HF", "house.yaml", page="HF.md"),
    Rule("HF101", "contradiction", "The house format can be obeyed", "house.yaml", page="HF.md"),
    Rule("HF102", "heading-pattern", "The headings of house.yaml can be read", "house.yaml", page="HF.md"),
    Rule("HF103", "said-twice", "The house format says each thing once", "house.yaml", page="HF.md"),
    Rule("HF104", "snippet-missing", "Each snippet that house.yaml names is there", "house.yaml", page="HF.md"),
    Rule("HF105", "unknown-place", "Standing matter has a place that exists", "house.yaml", page="HF.md"),
    Rule("HF106", "expression", "The regular expressions of house.yaml can be read", "house.yaml", page="HF.md"),
    Rule("HF107", "snippet-field", "Snippets have only fields that exist", "house.yaml", page="HF.md"),
    Rule("HF108", "unknown-name", "Names in house.yaml are those of something in it", "house.yaml", page="HF.md"),
    Rule("HF109", "era", "Eras begin and end with the number or date of an issue", "house.yaml", page="HF.md"),
    Rule("HF110", "unknown-base", "The kind that a kind is built on is there", "house.yaml", page="HF.md"),
    Rule("HF111", "variant", "Each variant says when it holds", "house.yaml", page="HF.md"),
)

TEXT = (
    Rule("ST116", "raw-html", "The text has no raw HTML, unless the house format allows it", "text"),
    Rule(
        "ST117",
        "type-parameter",
        "What looks like HTML but is not, as `Vec<T>`, stands in code",
        "text",
        severity=Severity.WARNING,
    ),
    Rule("ST118", "unknown-directive", "Each directive is one that exists", "text"),
    Rule("ST119", "unclosed-directive", "Each directive is closed", "text"),
    Rule("ST120", "stray-closing", "No `:::` closes what was never opened", "text"),
    Rule(
        "ST121",
        "unknown-personal-field",
        "Each personal field is one that the publication knows",
        "text",
        severity=Severity.WARNING,
    ),
    Rule("ST122", "incomplete-directive", "Each directive has what it needs", "text"),
    Rule("ST126", "unclosed-comment", "Each comment is closed", "text"),
    Rule("ST127", "too-deep", "Lists and quotations are not nested too deep to be read", "text"),
    Rule(
        "ST129",
        "unused-footnote",
        "The text refers to each footnote, and each has a label of its own",
        "text",
        severity=Severity.WARNING,
    ),
    Rule(
        "ST130",
        "undefined-footnote",
        "Each footnote that the text refers to is there",
        "text",
        severity=Severity.WARNING,
    ),
    Rule("ST131", "surplus-cells", "No row of a table has more cells than its head", "text"),
)
