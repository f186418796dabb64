"""Converts findings for an editor."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from lsprotocol import types

from newsletter.check.families import help_address, pages_folder
from newsletter.check.registry import rule_of
from newsletter.diagnostics import Severity
from newsletter.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable

    from newsletter.diagnostics import Diagnostic, HouseLine
    from newsletter.errors import NewsletterError
    from newsletter.lsp.buffer import Buffer

SOURCE = "newsletter"
_SEVERITIES = {
    Severity.ERROR: types.DiagnosticSeverity.Error,
    Severity.WARNING: types.DiagnosticSeverity.Warning,
}
_UNNEEDED = frozenset({"LK111", "ST128"})
"""Rules about text that is not needed. Editors show it faded."""


@dataclass(frozen=True, slots=True)
class EditorSupport:
    """The features that an editor supports."""

    tags: bool = False
    pages: bool = False
    """Whether it shows links to the pages of rules."""
    data: bool = False
    related: bool = False
    version: bool = False
    """Whether it accepts the version of the text that findings are about."""
    snippets: bool = False
    """Whether it supports completions with placeholders."""
    versioned_edits: bool = False
    tree: bool = False
    """Whether it supports an outline with levels."""
    actions: bool = False
    """Whether it supports code actions as objects, and not only as commands."""
    watches: bool = False
    """Whether it can be asked to watch files."""


def client_of(capabilities: types.ClientCapabilities) -> EditorSupport:
    """The client, from its capabilities. Nothing is assumed that it does not declare."""
    text = capabilities.text_document or types.TextDocumentClientCapabilities()
    workspace = capabilities.workspace or types.WorkspaceClientCapabilities()
    published = text.publish_diagnostics or types.PublishDiagnosticsClientCapabilities()
    completion = text.completion and text.completion.completion_item
    symbols = text.document_symbol or types.DocumentSymbolClientCapabilities()
    actions = text.code_action or types.CodeActionClientCapabilities()
    watching = workspace.did_change_watched_files or types.DidChangeWatchedFilesClientCapabilities()
    edits = workspace.workspace_edit or types.WorkspaceEditClientCapabilities()
    return EditorSupport(
        tags=published.tag_support is not None,
        pages=bool(published.code_description_support),
        data=bool(published.data_support),
        related=bool(published.related_information),
        version=bool(published.version_support),
        snippets=bool(completion and completion.snippet_support),
        versioned_edits=bool(edits.document_changes),
        tree=bool(symbols.hierarchical_document_symbol_support),
        actions=actions.code_action_literal_support is not None,
        watches=bool(watching.dynamic_registration),
    )


Places = Callable[["HouseLine"], "types.Location | None"]
"""A function that gives the position of a line of house.yaml; None if its file cannot be read."""


def shown(found: Diagnostic, buffer: Buffer, client: EditorSupport, places: Places | None = None) -> types.Diagnostic:
    """A finding in a buffer: the problem, the expected text and the fix, one line each, and the line of house.yaml behind it."""
    rule = rule_of(found.code)
    page = help_address(rule) or (pages_folder() / rule.page_name).as_uri() if client.pages and rule else ""
    return types.Diagnostic(
        range=buffer.range_of(found.span),
        message="\n".join(filter(None, (found.message, found.label, found.advice))),
        severity=_SEVERITIES[found.severity],
        code=found.code,
        code_description=types.CodeDescription(page) if page else None,
        source=SOURCE,
        tags=[types.DiagnosticTag.Unnecessary] if client.tags and found.code in _UNNEEDED else None,
        data=_fix(found, buffer) if client.data and found.fix else None,
        related_information=_related(found, places) if client.related and places else None,
    )


def _related(found: Diagnostic, places: Places) -> list[types.DiagnosticRelatedInformation] | None:
    place = places(found.asked) if found.asked else None
    if place is None or found.asked is None:
        return None
    return [types.DiagnosticRelatedInformation(place, f"asked for here: {found.asked.text}")]


def all_shown(
    found: Iterable[Diagnostic], buffer: Buffer, client: EditorSupport, places: Places | None = None
) -> list[types.Diagnostic]:
    """Findings in a buffer."""
    return [shown(each, buffer, client, places) for each in found]


def _fix(found: Diagnostic, buffer: Buffer) -> dict[str, object] | None:
    """The fix of a finding, for clients that show or apply it by themselves."""
    if found.fix is None:
        return None
    edits = [buffer.text_edit(edit) for edit in found.fix.edits]
    return {"fix": {"title": found.fix.title, "edits": edits}}


def not_checked(error: NewsletterError, related: list[types.DiagnosticRelatedInformation]) -> types.Diagnostic:
    """The message on the first line of an issue that could not be checked."""
    start = types.Position(0, 0)
    message = f"not checked: {error}"
    return types.Diagnostic(
        range=types.Range(start, start),
        message=f"{message}\n{error.hint}" if error.hint else message,
        severity=types.DiagnosticSeverity.Information,
        source=SOURCE,
        related_information=related or None,
    )
