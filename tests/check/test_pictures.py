"""Picture files must be pictures within the workspace, relative to the issue."""

from __future__ import annotations

import pytest

HEAD = "---\ntitle: Ports\ndate: 2024-01-31\n---\n\nShips wait.\n\n"


def found_in(checker, src: str) -> list[tuple[str, str, str]]:
    letter = f"{HEAD}![Ships]({src})\n"
    found = checker.check(letter)
    assert all(letter[one.span.start : one.span.end] == src for one in found)
    return [(one.code, one.message, one.advice) for one in found]


@pytest.mark.parametrize(
    "src", ["stack.jpg", "./stack.jpg", "st%61ck.jpg", "../letter/stack.jpg", "https://example.org/x.jpg"]
)
def test_an_existing_picture_has_no_finding(checker, src: str):
    assert found_in(checker, src) == []


def test_a_missing_file_is_reported_with_the_nearest_name(checker):
    assert found_in(checker, "stak.jpg") == [("FG104", "there is no file `stak.jpg`", "Did you mean `stack.jpg`?")]


def test_file_names_are_case_sensitive(checker):
    assert found_in(checker, "Stack.jpg") == [("FG104", "there is no file `Stack.jpg`", "Did you mean `stack.jpg`?")]


@pytest.mark.parametrize(
    "src",
    [
        "../../../stack.jpg",
        "../../../../../../../../etc/hostname",
        "/etc/hostname",
        "C:/pictures/stack.jpg",
        "..%2f..%2f..%2fstack.jpg",
    ],
)
def test_a_path_outside_the_workspace_is_refused(checker, src: str):
    (checker.root.parent / "stack.jpg").write_bytes(checker.pictures["stack.jpg"])
    ((code, message, advice),) = found_in(checker, src)
    assert (code, advice) == ("FG105", "Copy the picture into the issue's folder.")
    assert message.endswith("is outside the workspace")


def test_a_symbolic_link_out_of_the_workspace_is_refused(checker):
    checker.write("issues/letter/index.md", HEAD)
    (checker.root.parent / "secret.jpg").write_bytes(checker.pictures["stack.jpg"])
    (checker.root / "issues/letter/mine.jpg").symlink_to(checker.root.parent / "secret.jpg")
    assert [code for code, _, _ in found_in(checker, "mine.jpg")] == ["FG105"]


def test_a_symbolic_link_within_the_workspace_has_no_finding(checker):
    checker.write("issues/other/index.md", HEAD)
    checker.write("issues/letter/index.md", HEAD)
    (checker.root / "issues/letter/theirs.jpg").symlink_to("../other/stack.jpg")
    assert found_in(checker, "theirs.jpg") == []


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("page.jpg", b"<!doctype html>", "is not a picture"),
        ("icon.svg", b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><rect', "is not a proper SVG"),
        ("empty.png", b"", "is not a picture"),
        ("cut.png", b"\x89PNG\r\n\x1a\n\x00\x00", "is cut off"),
    ],
)
def test_a_file_that_is_not_a_picture_is_reported(checker, name: str, content: bytes, why: str):
    checker.write(f"issues/letter/{name}", content)
    ((code, message, _),) = found_in(checker, name)
    assert code == "FG106"
    assert message.startswith(f"`{name}` {why}")


def test_a_folder_is_not_a_picture_file(checker):
    (checker.root / "issues/letter/pictures.jpg").mkdir(parents=True)
    assert [code for code, _, _ in found_in(checker, "pictures.jpg")] == ["FG104"]


def test_a_placeholder_in_an_address_is_reported_only_as_placeholder(checker):
    assert [code for code, _, _ in found_in(checker, "TK(picture.jpg)")] == ["ST112"]


def test_the_cover_is_checked_like_a_picture(checker):
    found = checker.check("---\ntitle: Ports\ncover: {image: nowhere.jpg}\n---\n\nShips wait.\n")
    assert {(one.code, one.message) for one in found} == {
        ("FG101", "the cover has no alt text"),
        ("FG104", "there is no file `nowhere.jpg`"),
    }


def test_a_changed_svg_of_the_same_size_is_read_again(checker):
    safe = '<svg xmlns="http://www.w3.org/2000/svg" width="600" height="400"><desc>{}</desc></svg>'
    script = "<script>x()</script>"
    for content, told_of in ((" " * len(script), []), (script, ["FG116"]), ("_" * len(script), [])):
        checker.write("issues/letter/plan.svg", safe.replace("<desc>{}</desc>", content))
        found = checker.check(f'{HEAD}![Ships at the quay](plan.svg "Ships. Photo: Jane Roe")\n')
        assert [one.code for one in found if one.code == "FG116"] == told_of
