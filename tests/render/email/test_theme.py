from __future__ import annotations

import json
import re
import sys
import tempfile
from dataclasses import replace
from types import ModuleType

import pytest

from newsletter.config.publication import Theme
from newsletter.errors import ConfigurationError
from newsletter.render import templates
from newsletter.render.email import compiler, load_theme, render_email
from newsletter.render.email.inspection import COMPONENTS, find_faults, template_faults
from newsletter.render.email.postprocessing import join_comments, mark_layout, tidy
from tests.render.email.conftest import BUNDLED
from tests.render.letters import PUBLICATION, bare_letter, full_letter, p


def look(own, name, text):
    """Writes a look of the workspace."""
    folder = own.parent / "looks"
    folder.mkdir()
    (folder / f"{name}.json").write_text(text, encoding="utf-8")


def test_a_workspace_can_replace_one_template_and_keep_the_others(own):
    (own / "heading.mjml").write_text('<mj-text css-class="t"><h2>§ {{ title }}</h2></mj-text>', encoding="utf-8")
    html = render_email(full_letter(), load_theme(PUBLICATION, (own, BUNDLED)))
    assert "<h2>§ Sea news\u00a0– March 2026</h2>" in html
    assert "<h3" in html


def test_an_html_template_can_be_replaced_too(own):
    (own / "button.html").write_text('<p><a href="{{ href }}">→ {{ label }}</a></p>', encoding="utf-8")
    html = render_email(full_letter(), load_theme(PUBLICATION, (own, BUNDLED)))
    assert '<p><a href="https://letters.example/subscribe?from=box&amp;n=1">→ Subscribe, it’s free</a></p>' in html


def test_a_template_may_use_its_own_row(own):
    row = "<mj-section><mj-column><mj-text>{{ title }}</mj-text></mj-column></mj-section>"
    (own / "heading.mjml").write_text(row, encoding="utf-8")
    html = render_email(full_letter(), load_theme(PUBLICATION, (own, BUNDLED)))
    assert html.count("Sea news\u00a0– March 2026") == 1


def test_an_unknown_component_is_reported_with_file_line_and_column(own):
    (own / "heading.mjml").write_text("{# a note\n of two lines #}\n  <mj-txt>{{ title }}</mj-txt>\n", encoding="utf-8")
    with pytest.raises(ConfigurationError) as caught:
        load_theme(PUBLICATION, (own, BUNDLED))
    (found,) = caught.value.diagnostics
    assert found.path == "templates/theme/email/heading.mjml"
    assert (found.span.line, found.span.column, found.code) == (3, 3, "CF101")
    assert found.message == "<mj-txt> is not an MJML component"
    assert found.advice == "Did you mean <mj-text>?"


def test_a_template_that_is_not_utf_8_is_reported_with_its_place(own):
    (own / "heading.mjml").write_text("<mj-text>{{ title }}</mj-text>", encoding="utf-16")
    with pytest.raises(ConfigurationError) as caught:
        load_theme(PUBLICATION, (own, BUNDLED))
    (found,) = caught.value.diagnostics
    assert (found.path, found.code) == ("templates/theme/email/heading.mjml", "CF008")


@pytest.mark.parametrize("sheet", ["p { margin: ", "p { color red }", "p + p { color: red; } }"])
def test_an_unreadable_style_sheet_is_the_only_error(sheet, own, capfd):
    (own / "prose.css").write_text(sheet, encoding="utf-8")
    with pytest.raises(ConfigurationError, match=r"templates/theme/email/prose\.css cannot be used"):
        render_email(full_letter(), load_theme(PUBLICATION, (own, BUNDLED)))
    assert capfd.readouterr() == ("", "")


def test_an_unknown_colour_is_refused(own):
    look(own, "letter", '{"dark": {"acent": "#123456"}}')
    with pytest.raises(ConfigurationError, match="`acent` is not a token of the theme") as caught:
        load_theme(PUBLICATION, (own, BUNDLED))
    assert caught.value.hint == "Did you mean `accent`?"


def test_all_faults_of_all_templates_are_shown_at_once(own):
    (own / "item.mjml").write_text('<mj-text colour="red">{{ title }}</mj-text>', encoding="utf-8")
    (own / "row.mjml").write_text("<mj-column><mj-section>{{ blocks }}</mj-section></mj-column>", encoding="utf-8")
    with pytest.raises(ConfigurationError) as caught:
        load_theme(PUBLICATION, (own, BUNDLED))
    assert [found.message for found in caught.value.diagnostics] == [
        "<mj-text> has no attribute `colour`",
        "<mj-section> is not allowed in <mj-column>",
    ]


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("<mj-carousel></mj-carousel>", "<mj-carousel> cannot be used: the compiler gives it random ids"),
        ('<mj-style inline="inline">p{}</mj-style>', "`inline` of <mj-style> cannot be used: the compiler prints it"),
        ("<mj-section><p>lost</p></mj-section>", "<p> is not allowed in <mj-section>: it would be lost"),
        ("<mj-text><mj-button>x</mj-button></mj-text>", "<mj-button> is not allowed in <mj-text>"),
        ("<mj-body>\n<mj-text>x</mj-text></mj-body>", "<mj-text> is not allowed in <mj-body>"),
    ],
)
def test_unsupported_mjml_is_reported(source, message):
    assert next(found.message for found in template_faults(source, "x.mjml")).startswith(message)


@pytest.mark.parametrize(
    "source",
    [
        '{% if a %}<mj-text color="{{ light["ink"] }}">a > b</mj-text>{% endif %}',
        "<mj-attributes><mj-class name='x' anything='1' /><mj-all color='red' /><mj-text padding='0' /></mj-attributes>",
        "<!-- <mj-nothing> --><mj-raw><!--[if mso]><table><![endif]--></mj-raw>",
        "{# <mj-old> #}<mj-text>{{ '<mj-x>' }}</mj-text>",
    ],
)
def test_correct_templates_have_no_faults(source):
    assert template_faults(source, "x.mjml") == ()


def test_the_bundled_templates_have_no_faults():
    for path in sorted(BUNDLED.glob("*.mjml")):
        assert template_faults(path.read_text(encoding="utf-8"), path.name) == ()


def test_the_parents_of_every_component_exist():
    names = {component.name for component in COMPONENTS}
    assert all(set(component.parents) <= names for component in COMPONENTS)
    assert len(names) == len(COMPONENTS)


def test_a_fault_that_appears_only_when_rendered_names_the_template(own):
    (own / "item.mjml").write_text("{% set tag = 'mj-foo' %}<{{ tag }}>{{ title }}</{{ tag }}>", encoding="utf-8")
    loaded = load_theme(PUBLICATION, (own, BUNDLED))
    with pytest.raises(
        ConfigurationError, match=r"templates/theme/email/item\.mjml: <mj-foo> is not an MJML component"
    ):
        render_email(full_letter(), loaded)


def test_the_error_for_unclosed_tags_names_the_template(own):
    (own / "item.mjml").write_text("<mj-text>{{ title }}<br></mj-text>", encoding="utf-8")
    loaded = load_theme(PUBLICATION, (own, BUNDLED))
    with pytest.raises(ConfigurationError, match=r"item\.mjml: its tags do not close in order") as caught:
        render_email(full_letter(), loaded)
    assert "<br />" in caught.value.hint


@pytest.mark.parametrize(
    ("source", "line", "message"),
    [
        ("<mj-text>\n{{ titel }}</mj-text>", 2, "the template has no value `titel`"),
        ("\n\n{% if %}", 3, "Expected an expression"),
        ("<mj-text>\n\n{{ 1 / 0 }}</mj-text>", 3, "division by zero"),
        ("{{ title.__class__.__mro__ }}", 1, "unsafe"),
        ("{% include 'nowhere.mjml' %}", 1, "nowhere.mjml"),
    ],
)
def test_an_error_in_a_template_has_its_line(own, source, line, message):
    (own / "heading.mjml").write_text(source, encoding="utf-8")
    loaded = load_theme(PUBLICATION, (own, BUNDLED))
    with pytest.raises(ConfigurationError) as caught:
        render_email(full_letter(), loaded)
    (found,) = caught.value.diagnostics
    assert found.path == "templates/theme/email/heading.mjml"
    assert found.span.line == line
    assert message in found.message


def test_a_template_that_is_not_utf_8_is_named(own):
    (own / "heading.mjml").write_bytes(b"<mj-text>\xff</mj-text>")
    with pytest.raises(ConfigurationError, match=r"heading\.mjml"):
        load_theme(PUBLICATION, (own, BUNDLED))


def test_a_workspace_may_set_some_tokens(own):
    look(own, "letter", '{"light": {"accent": "#123456"}}')
    loaded = load_theme(PUBLICATION, (own, BUNDLED))
    assert loaded.design.light["accent"] == "#123456"
    assert loaded.design.light["ink"] == "#1d2126"


@pytest.mark.parametrize(
    "kept",
    [
        *("{", "[]", '{"light": []}', '{"light": {"accent": 1}}', '{"light": {"accent": "red"}}', '{"lihgt": {}}'),
        *('{"size": "18px"}', '{"radius": true}', '{"serif": 3}'),
    ],
)
def test_invalid_tokens_are_named(own, kept):
    look(own, "letter", kept)
    with pytest.raises(ConfigurationError, match=r"templates/theme/looks/letter\.json"):
        load_theme(PUBLICATION, (own, BUNDLED))


def test_an_own_look_inherits_from_the_default_look(own):
    look(own, "mine", '{"light": {"accent": "#123456"}, "size": 20, "serif": "Charter, serif"}')
    loaded = load_theme(replace(PUBLICATION, theme=Theme(look="mine")), (own, BUNDLED)).design
    assert (loaded.light["accent"], loaded.light["ink"], loaded.size) == ("#123456", "#1d2126", 20)
    assert (loaded.serif, loaded.leading, loaded.radius) == ("Charter, serif", 29, 4)


def test_newsletter_yaml_overrides_the_look():
    theme = Theme(look="plain", light={"accent": "#123456"}, sans="Verdana", radius=0, width=600)
    design = load_theme(replace(PUBLICATION, theme=theme), (BUNDLED,)).design
    assert (design.light["accent"], design.sans, design.radius, design.width) == ("#123456", "Verdana", 0, 600)


def test_an_unknown_look_is_reported_with_the_existing_ones(own):
    with pytest.raises(ConfigurationError, match="there is no look `fancy`") as caught:
        load_theme(replace(PUBLICATION, theme=Theme(look="fancy")), (own, BUNDLED))
    assert caught.value.hint == "Choose one of: letter, plain."


def test_a_font_cannot_close_its_style():
    publication = replace(PUBLICATION, theme=Theme(serif="x;}</style><script>"))
    with pytest.raises(ConfigurationError, match="serif"):
        load_theme(publication, (BUNDLED,))


def test_compiled_templates_are_stored_in_the_users_cache_not_the_workspace(tmp_path, monkeypatch):
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    monkeypatch.setattr(templates, "_compiled", {})
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    cache = tmp_path / "cache"
    first = render_email(full_letter(), load_theme(PUBLICATION, (BUNDLED,), cache))
    assert list(temporary.rglob("newsletter_*.cache"))
    assert not cache.exists()
    assert render_email(full_letter(), load_theme(PUBLICATION, (BUNDLED,), cache)) == first


def test_without_a_cache_folder_the_email_is_rendered(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "nowhere"))
    assert render_email(bare_letter(p("Hi.")), load_theme(PUBLICATION, (BUNDLED,), tmp_path))


def test_an_unwritable_cache_is_ignored(own, tmp_path):
    (own / "prose.css").write_text("p { margin: 3px }", encoding="utf-8")
    (tmp_path / "file").write_text("", encoding="utf-8")
    loaded = load_theme(PUBLICATION, (own, BUNDLED), tmp_path / "file" / "cache")
    assert loaded.attributes["ltr"]["p", ""] == ' style="margin:3px"'


def test_another_module_named_mjml_is_reported_clearly(monkeypatch):
    compiler._compiler.cache_clear()
    monkeypatch.setitem(sys.modules, "mjml", ModuleType("mjml"))
    with pytest.raises(ConfigurationError, match="is not that of mjml-python") as caught:
        compiler.compile_mjml("<mjml></mjml>")
    assert "pip uninstall mjml" in caught.value.hint
    compiler._compiler.cache_clear()


def test_a_missing_compiler_is_reported_clearly(monkeypatch):
    compiler._compiler.cache_clear()
    monkeypatch.setitem(sys.modules, "mjml", None)
    with pytest.raises(ConfigurationError, match="not installed"):
        compiler.compile_mjml("<mjml></mjml>")
    compiler._compiler.cache_clear()


def test_mjml_that_is_not_xml_is_reported():
    with pytest.raises(compiler.MjmlError):
        compiler.compile_mjml("<mjml><mj-body><mj-section></mjml>")


def test_no_web_font_is_linked_by_default(theme):
    assert "fonts.googleapis" not in render_email(full_letter(), theme)


def test_adjacent_equal_conditional_comments_are_joined():
    both = "<!--[if mso | IE]>"
    assert join_comments(f"{both}<a><![endif]-->{both}<b><![endif]-->") == f"{both}<a><b><![endif]-->"
    other = "<!--[if mso]>"
    assert (
        join_comments(f"{other}<a><![endif]-->{both}<b><![endif]-->") == f"{other}<a><![endif]-->{both}<b><![endif]-->"
    )
    shown = "<!--[if !mso]><!--><a><!--<![endif]-->"
    assert join_comments(f"{shown}{both}<b><![endif]-->") == f"{shown}{both}<b><![endif]-->"


def test_tidying_removes_only_white_space_between_tags():
    assert tidy("<a>\n\n  <b>\n x <i>y</i> z\n</b>\n") == "<a><b>\nx <i>y</i> z\n</b>"


def test_layout_tables_get_their_role_again_after_compiling():
    assert mark_layout('<table border="0"><table role="table">') == (
        '<table role="presentation" border="0"><table role="table">'
    )


def test_a_component_must_fit_its_known_parent():
    assert [fault.message for fault in find_faults("<mj-column></mj-column>", "mj-column")] == [
        "<mj-column> is not allowed in <mj-column>"
    ]


def test_every_bundled_template_lists_its_values():
    for path in (*BUNDLED.glob("*.mjml"), *BUNDLED.glob("*.html")):
        assert re.match(r"\{# .+ -?#\}", path.read_text(encoding="utf-8")), path.name


def test_the_guide_names_every_template_and_token():
    guide = (BUNDLED.parents[2] / "docs" / "guide" / "theme.md").read_text(encoding="utf-8")
    named = [path.name for path in BUNDLED.iterdir() if path.suffix in {".mjml", ".html", ".css"}]
    assert [name for name in named if f"`{name}`" not in guide] == []
    looks = {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in BUNDLED.parent.glob("looks/*.json")}
    assert [name for name in (*looks, *looks["letter"], *looks["letter"]["light"]) if f"`{name}`" not in guide] == []
    assert all(look["light"].keys() == look["dark"].keys() == looks["letter"]["dark"].keys() for look in looks.values())


@pytest.mark.parametrize(
    ("name", "source", "line", "message"),
    [
        (
            "heading.mjml",
            "\n<mj-column><mj-text>{{ title }}</mj-text></mj-column>",
            2,
            "<mj-column> is not allowed in <mj-column>",
        ),
        ("footer.mjml", "<mj-text>{{ address }}</mj-text>", 1, "<mj-text> is not allowed in <mj-body>"),
        ("head.mjml", "<mj-text>x</mj-text>", 1, "<mj-text> is not allowed in <mj-head>"),
        ("row.mjml", "<mj-text>{{ blocks }}</mj-text>", 1, "<mj-text> is not allowed in <mj-wrapper>"),
        (
            "row.mjml",
            "<mj-section>\n{{ blocks }}</mj-section>",
            2,
            "`blocks` is not allowed in <mj-section>: it would be lost",
        ),
        (
            "prose.mjml",
            "{% if html %}<p>{{ html }}</p>{% endif %}",
            1,
            "<p> is not allowed in <mj-column>: it would be lost",
        ),
    ],
)
def test_the_first_component_of_a_template_must_fit_its_place_in_the_frame(own, name, source, line, message):
    (own / name).write_text(source, encoding="utf-8")
    with pytest.raises(ConfigurationError) as caught:
        load_theme(PUBLICATION, (own, BUNDLED))
    found = caught.value.diagnostics[0]
    assert (found.path, found.span.line, found.code) == (f"templates/theme/email/{name}", line, "CF103")
    assert found.message == message


def test_an_own_frame_determines_the_places_of_its_templates(own):
    (own / "letter.mjml").write_text(
        '<mjml><mj-body><mj-section><mj-column>{% include "footer.mjml" %}</mj-column></mj-section>{{ rows }}</mj-body></mjml>',
        encoding="utf-8",
    )
    (own / "footer.mjml").write_text("<mj-text>{{ address }}</mj-text>", encoding="utf-8")
    load_theme(PUBLICATION, (own, BUNDLED))


def test_the_error_for_unclosed_tags_of_the_frame_names_the_template(own):
    (own / "footer.mjml").write_text("<mj-section><mj-column></mj-section>", encoding="utf-8")
    with pytest.raises(ConfigurationError) as caught:
        render_email(full_letter(), load_theme(PUBLICATION, (own, BUNDLED)))
    assert [found.path for found in caught.value.diagnostics] == ["templates/theme/email/footer.mjml"]
