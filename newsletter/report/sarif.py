"""Findings as SARIF 2.1.0 (OASIS), for code hosts and editors: one run with its rules, their pages, and its results.

docs.oasis-open.org/sarif/sarif/v2.1.0. The comments name the sections of the standard that define the properties.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING
from urllib.parse import quote

from newsletter import __version__
from newsletter.diagnostics import Severity
from newsletter.report.base import end_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from newsletter.diagnostics import Diagnostic, Fix, HouseLine
    from newsletter.model import Span
    from newsletter.report.base import Display

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
ROOT = "%SRCROOT%"
"""The folder that all paths are relative to (§3.4.4): the root of the repository."""
FINGERPRINT = "newsletter/v1"
"""The key of fingerprints, by which a code host recognizes a finding (§3.27.17).

A change of the method needs another number.
"""

_CONFIGURATION = ("CF", "HF")
_LANGUAGES = {"md": "markdown", "yaml": "yaml", "mjml": "xml", "html": "html", "css": "css", "json": "json"}


def render_sarif(diagnostics: tuple[Diagnostic, ...], sources: Mapping[str, str], display: Display) -> str:
    """A SARIF log with one run. It is ASCII, so that any terminal and log can show it."""
    paths = list(dict.fromkeys(found.path for found in diagnostics))
    addresses = [{"uri": quote(display.path(path)), "uriBaseId": ROOT} for path in paths]
    codes = sorted({found.code for found in diagnostics})
    artifacts = [
        {"location": address, "roles": ["analysisTarget"], **_language(path)}
        for path, address in zip(paths, addresses, strict=True)
    ]
    results = [
        _result(
            found,
            codes.index(found.code),
            {**addresses[(index := paths.index(found.path))], "index": index},
            text,
            display,
        )
        for found, text in ((found, sources.get(found.path)) for found in diagnostics)
    ]
    for result, fingerprint in zip(results, _fingerprints(diagnostics, sources), strict=True):
        result["partialFingerprints"] = {FINGERPRINT: fingerprint}
    run = {
        "tool": {"driver": {"name": "newsletter", "version": __version__, "rules": _rules(codes)}},
        "invocations": [{"executionSuccessful": not any(code.startswith(_CONFIGURATION) for code in codes)}],
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {ROOT: {"description": {"text": "The root of the repository."}}},
        "artifacts": artifacts,
        "results": results,
    }
    return json.dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2) + "\n"


def _language(path: str) -> dict[str, str]:
    language = _LANGUAGES.get(path.rpartition(".")[2])
    return {"sourceLanguage": language} if language else {}


def _rules(codes: Iterable[str]) -> list[dict[str, object]]:
    """The rules that were broken, each with its page as help (§3.49)."""
    from newsletter.check.families import family_of, help_address, page_of
    from newsletter.check.registry import rule_of
    from newsletter.report.page import first_paragraph, page_as_text, without_local_links

    rules: list[dict[str, object]] = []
    for code in codes:
        rule, family = rule_of(code), family_of(code)
        if rule is None:
            rules.append({"id": code})
            continue
        page = without_local_links(page_of(code))
        rules.append(
            {
                "id": code,
                "name": rule.name,
                "shortDescription": {"text": f"{rule.summary}."},
                "fullDescription": {"text": first_paragraph(page, code)},
                "help": {"text": page_as_text(page), "markdown": page},
                **({"helpUri": address} if (address := help_address(rule)) else {}),
                # A rule that is off by default must have been selected, because it has findings.
                "defaultConfiguration": (
                    {"enabled": False} if rule.severity is Severity.OFF else {"level": str(rule.severity)}
                ),
                "properties": {"tags": [family.title if family else rule.family], "precision": "very-high"},
            }
        )
    return rules


def _result(
    found: Diagnostic, rule_index: int, location: Mapping[str, object], text: str | None, display: Display
) -> dict[str, object]:
    result: dict[str, object] = {
        "ruleId": found.code,
        "ruleIndex": rule_index,
        "level": str(found.severity),
        "message": {"text": _message(found)},
        "locations": [
            {"physicalLocation": {"artifactLocation": location, "region": _shown(found.span, text)}},
        ],
    }
    if found.asked:
        result["relatedLocations"] = [_related(found.asked, display)]
    if found.fix:
        result["fixes"] = [_fix(found.fix, location, text)]
    return result


def _related(asked: HouseLine, display: Display) -> dict[str, object]:
    """The line of house.yaml that sets the requirement (§3.27.22).

    If it is not below the root, as for a bundled kind, only its text is given.
    """
    text = f"asked for in line {asked.span.line} of {_kind_of(asked.path)}: {asked.text}".replace("](", "\\](")
    if asked.path.startswith("/") or ":" in asked.path:
        return {"message": {"text": text}}
    place = {"uri": quote(display.path(asked.path)), "uriBaseId": ROOT}
    return {
        "physicalLocation": {"artifactLocation": place, "region": _region(asked.span, None)},
        "message": {"text": text},
    }


def _kind_of(path: str) -> str:
    return "/".join(path.split("/")[-3:])


def _message(found: Diagnostic) -> str:
    """The message with its fix. Text like `[text](address)` is escaped, because SARIF reads it as a link (§3.11.6)."""
    sentence = found.message + (f": {found.label}" if found.label else "") + "."
    return " ".join(filter(None, (sentence, found.advice))).replace("](", "\\](")


def _shown(span: Span, text: str | None) -> dict[str, object]:
    """A region with its text, for readers who have the log without the files."""
    there = (text or "")[span.start : span.end]
    return {**_region(span, text), **({"snippet": {"text": there}} if there else {})}


def _region(span: Span, text: str | None) -> dict[str, int]:
    end_line, end_column = end_of(span, text)
    return {"startLine": span.line, "startColumn": span.column, "endLine": end_line, "endColumn": end_column}


def _fix(fix: Fix, location: Mapping[str, object], text: str | None) -> dict[str, object]:
    replacements = [
        {"deletedRegion": _region(edit.span, text), "insertedContent": {"text": edit.text}} for edit in fix.edits
    ]
    changes = [{"artifactLocation": location, "replacements": replacements}]
    return {"description": {"text": fix.title}, "artifactChanges": changes}


def _fingerprints(diagnostics: Sequence[Diagnostic], sources: Mapping[str, str]) -> Iterable[str]:
    """A fingerprint that stays the same when lines move or items are renumbered.

    It is made from file, rule, line and message without their numbers. Findings with equal values are counted.
    """
    from hashlib import sha256  # Imported here, because other formats do not need it.

    lines = {path: text.split("\n") for path, text in sources.items()}
    seen: dict[tuple[str, ...], int] = {}
    for found in diagnostics:
        there = lines.get(found.path, ())
        line = there[found.span.line - 1] if found.span.line <= len(there) else ""
        parts = tuple(re.sub(r"\d+", "#", " ".join(part.split())) for part in (line, found.message))
        key = (found.path, found.code, *parts)
        seen[key] = seen.get(key, 0) + 1
        digest = sha256("\0".join(key).encode("utf-8", "surrogatepass")).hexdigest()[:32]
        yield f"{digest}:{seen[key]}"
