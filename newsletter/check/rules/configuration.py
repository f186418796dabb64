"""CF and HF: newsletter.yaml and house.yaml, and the rules they share with front matter.

All findings are made while reading, so this module has only records.
"""

from __future__ import annotations

from newsletter.check.rule import Rule
from newsletter.config.invented import CODE as INVENTED

YAML = (
    ("001", "not-yaml", "is valid YAML"),
    ("002", "duplicate-key", "has each name once"),
    ("003", "alias", "has no anchors, aliases or merge keys"),
    ("004", "tag", "has no YAML tags"),
    ("005", "bad-date", "has only dates that exist"),
    ("006", "tab-indentation", "is indented with spaces"),
    ("007", "unclosed-block", "ends where it should"),
    ("008", "not-utf-8", "is UTF-8 text"),
    ("009", "no-names", "is made of `name: value` lines"),
    ("010", "several-documents", "is one YAML document without directives"),
    ("011", "unknown-key", "has only keys that exist"),
    ("012", "wrong-value", "has values of the right type and range"),
    ("013", "cut-by-comment", "has no value cut short by a `#`"),
)
"""Number, name and requirement of each rule shared by front matter, newsletter.yaml and house.yaml."""


def yaml_rules(family: str, file: str, page: str = "") -> tuple[Rule, ...]:
    """The rules about YAML for one kind of file.

    Rules about keys are included only if the file has a page of its own.
    """
    # A file name keeps its capitals.
    subject = file if file.endswith(".yaml") else file.capitalize()
    return tuple(
        Rule(f"{family}{number}", name, f"{subject} {asks}", file.removeprefix("the "), page=page)
        for number, name, asks in YAML
        if page or number not in {"011", "012"}
    )


def _rules(reads: str, page: str, *rows: tuple[str, str, str]) -> tuple[Rule, ...]:
    return tuple(Rule(code, name, summary, reads, page=page) for code, name, summary in rows)


CONFIGURATION = (
    *yaml_rules("CF", "newsletter.yaml", page="CF.md"),
    *_rules(
        "newsletter.yaml",
        "CF.md",
        ("CF014", "missing-key", "newsletter.yaml has what every publication needs"),
        ("CF015", "file-missing", "The files that newsletter.yaml names exist"),
        ("CF016", "no-picture", "The pictures that newsletter.yaml names are valid"),
    ),
    Rule(
        INVENTED, "invented-value", "newsletter.yaml has no invented values", "newsletter.yaml", gap=True, page="CF.md"
    ),
    *_rules(
        "templates",
        "CF.md",
        ("CF101", "mjml-component", "The email's templates have components that exist"),
        ("CF102", "mjml-attribute", "The email's templates have attributes that exist"),
        ("CF103", "mjml-place", "The components are where MJML allows them"),
        ("CF104", "template-broken", "The templates are valid"),
    ),
    *yaml_rules("HF", "house.yaml", page="HF.md"),
    *_rules(
        "house.yaml",
        "HF.md",
        ("HF101", "contradiction", "The house format does not contradict itself"),
        ("HF102", "heading-pattern", "The headings of house.yaml are valid"),
        ("HF103", "said-twice", "The house format says each thing once"),
        ("HF104", "snippet-missing", "Each snippet that house.yaml names exists"),
        ("HF105", "unknown-place", "Standing matter has a place that exists"),
        ("HF106", "expression", "The regular expressions of house.yaml are valid"),
        ("HF107", "snippet-field", "Snippets have only fields that exist"),
        ("HF108", "unknown-name", "Names in house.yaml refer to something in it"),
        ("HF109", "era", "Eras begin and end with the number or date of an issue"),
        ("HF110", "unknown-base", "The kind that a kind extends exists"),
        ("HF111", "variant", "Each variant says when it applies"),
    ),
)
