"""Findings about the email of an open issue, in the issue and in the files of the theme."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.lsp.conftest import HOUSE, LETTER

if TYPE_CHECKING:
    from tests.lsp.conftest import WorkspaceFolder
    from tests.lsp.editor import Editor

WITH_MAIL = HOUSE.replace("severity: {EM: off}\n", "")


def test_findings_about_the_email_are_reported_while_typing(editor: Editor, folder: WorkspaceFolder):
    editor.notice(folder.write("templates/letter/house.yaml", WITH_MAIL))
    editor.open(folder.letter)
    editor.wait_for(folder.letter, "EM109")
    text = LETTER.replace(
        "title: The locks",
        "title: The locks\nsubject: 'Re: the locks'\nsummary: Of locks and their keepers, who sleep.",
    )
    version = editor.write(folder.letter, text)
    (found,) = editor.wait_for(folder.letter, "EM117", version=version)
    assert found["range"]["start"]["line"] == 2


def test_findings_about_the_email_in_other_files_are_reported_and_removed(editor: Editor, folder: WorkspaceFolder):
    editor.notice(folder.write("templates/letter/house.yaml", WITH_MAIL))
    configuration = folder.root / "newsletter.yaml"
    editor.open(folder.letter)
    editor.wait_for(configuration, "EM105")
    editor.close(folder.letter)
    editor.wait_for(configuration)


def test_an_invalid_template_is_reported_and_the_issue_is_still_checked(editor: Editor, folder: WorkspaceFolder):
    editor.notice(folder.write("templates/letter/house.yaml", WITH_MAIL))
    footer = folder.write("templates/theme/email/footer.mjml", "<mj-section><mj-colum></mj-colum></mj-section>")
    editor.open(folder.letter, LETTER.replace("[A river turns](https://water.example/river)", "A river turns"))
    editor.wait_for(footer, "CF101")
    editor.wait_for(folder.letter, "ST104")
