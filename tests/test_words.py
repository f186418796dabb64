"""The words of docs/vale: the parts of each kind of file that docs/prose.py reads."""

from __future__ import annotations

from pathlib import Path

import pytest

from docs import prose

ROOT = Path(__file__).resolve().parent.parent

SOURCE = '''"""Mends what is broken."""

LIMIT = 3
"""Empty where there is none."""


def mend(text: str) -> str:
    """None where nothing is wrong; `mend` is code."""
    # No mail program shows this.
    return f"The e-mail {text}"


def command() -> None:
    """Sends an e-mail; nothing where it cannot."""
'''

PAGE = """# An e-mail

`e-mail` and [here](e-mail.md) are code.

```yaml house.yaml
mend: x # mended by hand
```

```python
# mended
```
"""


def found(path: Path, styles: tuple[str, ...] = ("Newsletter",)) -> list[tuple[int, str]]:
    """The words that are found in a file, with their lines."""
    everywhere = prose.rules("Newsletter")
    in_source = prose.rules("Source") if "Source" in styles else []
    return [
        (text.number, word[0])
        for text in sorted(prose.texts_of(path))
        for rule in (everywhere + in_source if text.is_source else everywhere)
        for word in rule.pattern.finditer(text.line)
    ]


def test_docstrings_comments_and_messages_are_read(tmp_path: Path):
    path = tmp_path / "source.py"
    path.write_text(SOURCE, encoding="utf-8")
    assert found(path, ("Newsletter", "Source")) == [
        (1, "Mends"),
        (4, "Empty where there "),
        (8, "None where nothing "),
        (9, "mail program"),
        (10, "e-mail"),
        (14, "e-mail"),
    ]


def test_a_docstring_is_checked_from_its_first_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(prose, "ROOT", tmp_path)
    path = tmp_path / "source.py"
    path.write_text(
        '"""What a file has."""\n\n\ndef read():\n    """The text.\n\nWhat it lacks is empty.\n    """\n',
        encoding="utf-8",
    )
    assert prose.main([str(path)]) == 1
    assert [line.partition(": ")[0] for line in capsys.readouterr().out.splitlines()] == ["source.py:1:1"]


def test_pages_are_read_without_code_and_yaml_by_its_comments(tmp_path: Path):
    path = tmp_path / "page.md"
    path.write_text(PAGE, encoding="utf-8")
    assert found(path) == [(1, "e-mail"), (6, "mended")]


def test_comments_of_settings_are_read(tmp_path: Path):
    path = tmp_path / "house.yaml"
    path.write_text('name: "e-mail" # an e-mail\n', encoding="utf-8")
    assert found(path) == [(1, "e-mail")]


@pytest.mark.parametrize("folder", ["newsletter", "docs", "templates"])
def test_each_kind_of_file_is_read(folder: str):
    patterns = (*prose.PAGES, *prose.SOURCES, *prose.SETTINGS)
    assert [path for pattern in patterns for path in ROOT.glob(pattern) if path.relative_to(ROOT).parts[0] == folder]
