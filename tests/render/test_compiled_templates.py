"""Each template text is compiled once, across workspaces and processes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from jinja2 import Environment

from newsletter.render import templates
from newsletter.render.templates import make_environment

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def compiled(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[str]:
    """The names of the templates compiled so far, in a process that begins with none."""
    names: list[str] = []
    compile_it = Environment.compile
    monkeypatch.setattr(templates, "_compiled", {})
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.setattr(
        Environment, "compile", lambda self, source, *rest: names.append(rest[0]) or compile_it(self, source, *rest)
    )
    return names


def workspace(folder: Path, text: str) -> Path:
    """A folder with one template."""
    theme = folder / "templates" / "theme" / "page"
    theme.mkdir(parents=True)
    (theme / "page.html").write_text(text)
    return theme


def render_template(folder: Path, *, remember: bool) -> str:
    """The template of a folder, rendered."""
    return make_environment([folder], remember=remember).get_template("page.html").render({"name": "Ada"})


@pytest.mark.parametrize("remember", [False, True])
def test_a_second_workspace_compiles_no_template(tmp_path: Path, compiled: list[str], remember: bool) -> None:
    assert render_template(workspace(tmp_path / "a", "Dear {{ name }}"), remember=remember) == "Dear Ada"
    assert render_template(workspace(tmp_path / "b", "Dear {{ name }}"), remember=remember) == "Dear Ada"
    assert compiled == ["page.html"]
    assert render_template(workspace(tmp_path / "c", "Hello {{ name }}"), remember=remember) == "Hello Ada"
    assert compiled == ["page.html", "page.html"]


def test_a_later_process_compiles_no_template(
    tmp_path: Path, compiled: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    render_template(workspace(tmp_path / "a", "Dear {{ name }}"), remember=True)
    monkeypatch.setattr(templates, "_compiled", {})
    assert render_template(tmp_path / "a/templates/theme/page", remember=True) == "Dear Ada"
    assert compiled == ["page.html"]


def test_the_number_of_kept_templates_is_limited(
    tmp_path: Path, compiled: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(templates, "_MOST_COMPILED", 3)
    for number in range(10):
        render_template(workspace(tmp_path / str(number), f"{number} {{{{ name }}}}"), remember=False)
        assert len(templates._compiled) <= 3
    assert len(compiled) == 10
