"""The actions that an editor offers for findings: fix one, fix all, or ignore one here."""

from __future__ import annotations

from difflib import SequenceMatcher
from typing import TYPE_CHECKING

from lsprotocol import types

from newsletter.check.fixes import splice
from newsletter.check.kept import choose_kept
from newsletter.commands.fix import ROUNDS
from newsletter.diagnostics import Edit
from newsletter.lsp.findings import shown
from newsletter.lsp.front_matter import front_end
from newsletter.model import Span

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from newsletter.diagnostics import Diagnostic
    from newsletter.lsp.buffer import Buffer
    from newsletter.lsp.documents import CheckedIssue
    from newsletter.lsp.findings import EditorSupport
    from newsletter.model import Issue

QUICK = types.CodeActionKind.QuickFix
FIX_ALL = "source.fixAll.newsletter"
KINDS = (QUICK, FIX_ALL)


def actions(look: CheckedIssue, client: EditorSupport, params: types.CodeActionParams) -> list[types.CodeAction] | None:
    """The actions for the findings in a range."""
    if not client.actions:
        return None
    only = params.context.only
    found: list[types.CodeAction] = []
    if _wanted(QUICK, only):
        start, end = look.buffer.offset(params.range.start), look.buffer.offset(params.range.end)
        here = [one for one in look.findings if one.span.start <= end and start <= max(one.span.end, one.span.start)]
        found += [_fix_one(look, client, one) for one in here if one.fix and _keeps(look, one)]
        found += _ignores(look, client, here)
    if _wanted(FIX_ALL, only) and (action := _fix_all(look, client)):
        found.append(action)
    return found


def _wanted(kind: str, only: Sequence[str] | None) -> bool:
    """Whether a kind of action was requested. A request for `source` includes `source.fixAll`."""
    return only is None or any(kind == wanted or kind.startswith(f"{wanted}.") or not wanted for wanted in only)


def _fix_one(look: CheckedIssue, client: EditorSupport, found: Diagnostic) -> types.CodeAction:
    edits = found.fix.edits if found.fix else ()
    title = found.fix.title if found.fix else ""
    return types.CodeAction(
        title=title[:1].upper() + title[1:],
        kind=QUICK,
        diagnostics=[shown(found, look.buffer, client)],
        edit=_change(look, client, edits),
        is_preferred=True,
    )


def _keeps(look: CheckedIssue, found: Diagnostic) -> bool:
    """Whether the fix of one finding changes nothing else that readers get."""
    return bool(choose_kept(look.parsed.issue, look.buffer.text, (found,), _reader(look))[0])


def _reader(look: CheckedIssue) -> Callable[[str], Issue]:
    """A reader for the issue with another text."""
    project = look.workspace.project
    return lambda text: project.read(look.parsed.file, text).issue if project else look.parsed.issue


def _change(look: CheckedIssue, client: EditorSupport, edits: Sequence[Edit]) -> types.WorkspaceEdit:
    made = [look.buffer.text_edit(edit) for edit in edits]
    if not client.versioned_edits:
        return types.WorkspaceEdit(changes={look.buffer.uri: made})
    text = types.OptionalVersionedTextDocumentIdentifier(look.buffer.uri, look.buffer.version)
    return types.WorkspaceEdit(document_changes=[types.TextDocumentEdit(text, [*made])])


def _fix_all(look: CheckedIssue, client: EditorSupport) -> types.CodeAction | None:
    """Applies all safe fixes in the issue, checking and fixing in turn until none is left."""
    text = after = look.buffer.text
    issue, found, read = look.parsed.issue, look.findings, _reader(look)
    for _ in range(ROUNDS):
        edits, _fixed = choose_kept(issue, after, found, read)
        if not edits:
            break
        after = splice(after, edits)
        issue, found = read(after), _findings_in(look, after)
    else:
        return None  # If the fixes never settle, the text stays unchanged.
    if after == text:
        return None
    edit = _change(look, client, list(_differences(text, after)))
    return types.CodeAction("Apply all safe fixes", kind=FIX_ALL, edit=edit)


def _findings_in(look: CheckedIssue, text: str) -> tuple[Diagnostic, ...]:
    """The findings that the issue would have with this text."""
    return look.workspace.findings_in(look.parsed.file, text)


def _differences(before: str, after: str) -> Iterator[Edit]:
    """The edits, line by line, that turn one text into the other."""
    old, new = before.splitlines(keepends=True), after.splitlines(keepends=True)
    starts = [0]
    for line in old:
        starts.append(starts[-1] + len(line))
    for tag, first, last, begin, end in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag != "equal":
            yield Edit(Span(starts[first], starts[last]), "".join(new[begin:end]))


def _ignores(look: CheckedIssue, client: EditorSupport, here: Sequence[Diagnostic]) -> Iterator[types.CodeAction]:
    """One action per code: the smallest comment that ignores only this finding."""
    for code, found in {one.code: one for one in reversed(here)}.items():
        for title, edit in _comments(look.buffer, found):
            if _ignores_only(look, found, edit):
                yield types.CodeAction(
                    title=title.format(code=code),
                    kind=QUICK,
                    diagnostics=[shown(found, look.buffer, client)],
                    edit=_change(look, client, [edit]),
                )
                break


def _comments(buffer: Buffer, found: Diagnostic) -> Iterator[tuple[str, Edit]]:
    """Possible comments, from the one with the smallest scope: on its line, above its block, for the file."""
    text, span = buffer.text, found.span
    body = front_end(text)
    if span.start >= body:
        start, end = buffer.line_at(span.start)
        here = f"<!-- check: ignore {found.code} -->"
        yield (
            "Ignore {code} here",
            Edit(_at(len(text[:end].rstrip()) if text[start:end].strip() else start), f" {here}"),
        )
        block = text.rfind("\n\n", 0, span.start) + 2
        if block > 1:
            yield "Ignore {code} here", Edit(_at(max(block, body)), f"{here}\n\n")
    whole = f"<!-- check: ignore-file {found.code} -->"
    yield "Ignore {code} in this issue", Edit(_at(body), f"\n\n{whole}" if body else f"{whole}\n\n")


def _at(offset: int) -> Span:
    return Span(offset, offset)


def _ignores_only(look: CheckedIssue, found: Diagnostic, edit: Edit) -> bool:
    """Whether an edit removes findings of this code, including this one, and adds no others."""
    after = _findings_in(look, splice(look.buffer.text, [edit]))
    before = _codes(look.findings)
    then = _codes(after)
    return then.count(found.code) < before.count(found.code) and [code for code in then if code != found.code] == [
        code for code in before if code != found.code
    ]


def _codes(found: Sequence[Diagnostic]) -> list[str]:
    return sorted(one.code for one in found)
