"""A workspace: the folder with newsletter.yaml, what that file says about the publication, and where the issues are."""

from __future__ import annotations

from newsletter.workspace.find import find_root, issue_files
from newsletter.workspace.load import load_workspace
from newsletter.workspace.records import (
    Author,
    FeedSettings,
    IssueFile,
    Publication,
    Sender,
    Theme,
    Workspace,
)

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
