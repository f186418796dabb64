"""What the email of an open issue brings up, there and in the files that it is made with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.lsp.conftest import HOUSE, LETTER

if TYPE_CHECKING:
    from tests.lsp.conftest import Room
    from tests.lsp.editor import Editor

WITH_MAIL = HOUSE.replace("severity: {EM: off}\n", "")


def test_what_the_e_mail_has_is_told_while_typing(editor: Editor, room: Room):
    editor.notice(room.write("templates/letter/house.yaml", WITH_MAIL))
    editor.open(room.letter)
    editor.wait_for(room.letter, "EM109")
    text = LETTER.replace(
        "title: The locks",
        "title: The locks\nsubject: 'Re: the locks'\nsummary: Of locks and their keepers, who sleep.",
    )
    version = editor.write(room.letter, text)
    (found,) = editor.wait_for(room.letter, "EM117", version=version)
    assert found["range"]["start"]["line"] == 2


def test_what_other_files_do_to_it_is_told_there_and_taken_back(editor: Editor, room: Room):
    editor.notice(room.write("templates/letter/house.yaml", WITH_MAIL))
    configuration = room.root / "newsletter.yaml"
    editor.open(room.letter)
    editor.wait_for(configuration, "EM105")
    editor.close(room.letter)
    editor.wait_for(configuration)


def test_a_template_that_cannot_be_used_is_told_there_and_the_issue_is_still_checked(editor: Editor, room: Room):
    editor.notice(room.write("templates/letter/house.yaml", WITH_MAIL))
    footer = room.write("templates/theme/email/footer.mjml", "<mj-section><mj-colum></mj-colum></mj-section>")
    editor.open(room.letter, LETTER.replace("[A river turns](https://water.example/river)", "A river turns"))
    editor.wait_for(footer, "CF101")
    editor.wait_for(room.letter, "ST104")
