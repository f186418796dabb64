"""Picture files: found relative to the issue, within the workspace, and pictures indeed."""

from __future__ import annotations

import pytest

HEAD = "---\ntitle: Ports\ndate: 2024-01-31\n---\n\nShips wait.\n\n"


def told(desk, src: str) -> list[tuple[str, str, str]]:
    letter = f"{HEAD}![Ships]({src})\n"
    found = desk.check(letter)
    assert all(letter[one.span.start : one.span.end] == src for one in found)
    return [(one.code, one.message, one.advice) for one in found]


@pytest.mark.parametrize(
    "src", ["stack.jpg", "./stack.jpg", "st%61ck.jpg", "../letter/stack.jpg", "https://example.org/x.jpg"]
)
def test_a_picture_that_is_there_is_right(desk, src: str):
    assert told(desk, src) == []


def test_a_missing_file_is_told_with_the_nearest_name(desk):
    assert told(desk, "stak.jpg") == [("FG104", "there is no file `stak.jpg`", "Did you mean `stack.jpg`?")]


def test_capitals_count(desk):
    assert told(desk, "Stack.jpg") == [("FG104", "there is no file `Stack.jpg`", "Did you mean `stack.jpg`?")]


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
def test_a_way_out_of_the_workspace_is_refused(desk, src: str):
    (desk.root.parent / "stack.jpg").write_bytes(desk.pictures["stack.jpg"])
    ((code, message, advice),) = told(desk, src)
    assert (code, advice) == ("FG105", "Copy the picture into the issue's folder.")
    assert message.endswith("is outside the workspace")


def test_a_link_out_of_the_workspace_is_refused(desk):
    desk.write("issues/letter/index.md", HEAD)
    (desk.root.parent / "secret.jpg").write_bytes(desk.pictures["stack.jpg"])
    (desk.root / "issues/letter/mine.jpg").symlink_to(desk.root.parent / "secret.jpg")
    assert [code for code, _, _ in told(desk, "mine.jpg")] == ["FG105"]


def test_a_link_within_the_workspace_is_right(desk):
    desk.write("issues/other/index.md", HEAD)
    desk.write("issues/letter/index.md", HEAD)
    (desk.root / "issues/letter/theirs.jpg").symlink_to("../other/stack.jpg")
    assert told(desk, "theirs.jpg") == []


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("page.jpg", b"<!doctype html>", "is not a picture"),
        ("icon.svg", b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><rect', "is not a proper SVG"),
        ("empty.png", b"", "is not a picture"),
        ("cut.png", b"\x89PNG\r\n\x1a\n\x00\x00", "is cut off"),
    ],
)
def test_what_is_no_picture_is_told(desk, name: str, content: bytes, why: str):
    desk.write(f"issues/letter/{name}", content)
    ((code, message, _),) = told(desk, name)
    assert code == "FG106"
    assert message.startswith(f"`{name}` {why}")


def test_a_folder_is_no_file(desk):
    (desk.root / "issues/letter/pictures.jpg").mkdir(parents=True)
    assert [code for code, _, _ in told(desk, "pictures.jpg")] == ["FG104"]


def test_a_hint_in_an_address_is_only_a_hint(desk):
    assert [code for code, _, _ in told(desk, "TK(picture.jpg)")] == ["ST112"]


def test_the_cover_is_a_picture_too(desk):
    found = desk.check("---\ntitle: Ports\ncover: {image: nowhere.jpg}\n---\n\nShips wait.\n")
    assert {(one.code, one.message) for one in found} == {
        ("FG101", "the cover has no alt text"),
        ("FG104", "there is no file `nowhere.jpg`"),
    }


def test_a_drawing_that_changes_within_its_size_is_read_again(desk):
    safe = '<svg xmlns="http://www.w3.org/2000/svg" width="600" height="400"><desc>{}</desc></svg>'
    script = "<script>x()</script>"
    for content, told_of in ((" " * len(script), []), (script, ["FG116"]), ("_" * len(script), [])):
        desk.write("issues/letter/plan.svg", safe.replace("<desc>{}</desc>", content))
        found = desk.check(f'{HEAD}![Ships at the quay](plan.svg "Ships. Photo: Jane Roe")\n')
        assert [one.code for one in found if one.code == "FG116"] == told_of
