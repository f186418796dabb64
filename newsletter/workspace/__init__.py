"""A workspace: the folder with newsletter.yaml, what that file says about the publication, and where the issues are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from newsletter.workspace.find import IssueFile, find_root, issue_files

if TYPE_CHECKING:
    from newsletter.workspace.load import load_workspace
    from newsletter.workspace.records import Author, FeedSettings, Publication, Sender, Theme, Workspace

__all__ = [
    "Author",
    "FeedSettings",
    "IssueFile",
    "Publication",
    "Sender",
    "Theme",
    "Workspace",
    "find_root",
    "issue_files",
    "load_workspace",
]


def __getattr__(name: str) -> Any:
    """All but finding things is imported when it is asked for: a build with nothing to do needs no YAML."""
    if name == "load_workspace":
        from newsletter.workspace.load import load_workspace

        return load_workspace
    if name in __all__:
        from newsletter.workspace import records

        return getattr(records, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
