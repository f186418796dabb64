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
from newsletter.render.email import compiler, load_theme, render_email
from newsletter.render.email.inspection import COMPONENTS, find_faults, template_faults
from newsletter.render.email.postprocessing import join_comments, mark_layout, tidy
from tests.render.email.conftest import BUNDLED
from tests.render.letters import PUBLICATION, bare_letter, full_letter, p


def look(own, name, text):
    """A look of the workspace's own."""
    folder = own.parent / "looks"
    folder.mkdir()
    (folder / f"{name}.json").write_text(text, encoding="utf-8")


def test_a_workspace_changes_one_block_and_keeps_the_others(own):
    (own / "heading.mjml").write_text('<mj-text css-class="t"><h2>§ {{ title }}</h2></mj-text>', encoding="utf-8")
    html = render_email(full_letter(), load_theme(PUBLICATION, (own, BUNDLED)))
    assert "<h2>§ Sea news\u00a0– March 2026</h2>" in html
    assert "<h3" in html


def test_a_block_that_is_html_is_changed_in_the_same_way(own):
    (own / "button.html").write_text('<p><a href="{{ href }}">→ {{ label }}</a></p>', encoding="utf-8")
    html = render_email(full_letter(), load_theme(PUBLICATION, (own, BUNDLED)))
    assert '<p><a href="https://letters.example/subscribe?from=box&amp;n=1">→ Subscribe, it’s free</a></p>' in html


def test_a_block_may_take_a_row_of_its_own(own):
    row = "<mj-section><mj-column><mj-text>{{ title }}</mj-text></mj-column></mj-section>"
    (own / "heading.mjml").write_text(row, encoding="utf-8")
    html = render_email(full_letter(), load_theme(PUBLICATION, (own, BUNDLED)))
    assert html.count("Sea news\u00a0– March 2026") == 1


def test_an_unknown_component_is_found_with_file_line_and_column(own):
    (own / "heading.mjml").write_text("{# a note\n of two lines #}\n  <mj-txt>{{ title }}</mj-txt>\n", encoding="utf-8")
    with pytest.raises(ConfigurationError) as caught:
        load_theme(PUBLICATION, (own, BUNDLED))
    (found,) = caught.value.diagnostics
    assert found.path == "templates/theme/email/heading.mjml"
    assert (found.span.line, found.span.column, found.code) == (3, 3, "CF101")
    assert found.message == "<mj-txt> is not an MJML component"
    assert found.advice == "Did you mean <mj-text>?"


def test_a_template_that_is_not_utf_8_is_found_with_its_place(own):
    (own / "heading.mjml").write_text("<mj-text>{{ title }}</mj-text>", encoding="utf-16")
    with pytest.raises(ConfigurationError) as caught:
        load_theme(PUBLICATION, (own, BUNDLED))
    (found,) = caught.value.diagnostics
    assert (found.path, found.code) == ("templates/theme/email/heading.mjml", "CF008")


@pytest.mark.parametrize("sheet", ["p { margin: ", "p { color red }", "p + p { color: red; } }"])
def test_a_style_sheet_that_cannot_be_read_is_refused_and_nothing_else_is_said(sheet, own, capfd):
    (own / "prose.css").write_text(sheet, encoding="utf-8")
    with pytest.raises(ConfigurationError, match=r"templates/theme/email/prose\.css cannot be used"):
        render_email(full_letter(), load_theme(PUBLICATION, (own, BUNDLED)))
    assert capfd.readouterr() == ("", "")


def test_a_colour_that_the_theme_does_not_have_is_refused(own):
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
def test_what_the_compiler_would_pass_over_is_said(source, message):
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
def test_what_is_right_is_left_alone(source):
    assert template_faults(source, "x.mjml") == ()


def test_the_bundled_templates_have_no_fault():
    for path in sorted(BUNDLED.glob("*.mjml")):
        assert template_faults(path.read_text(encoding="utf-8"), path.name) == ()


def test_every_component_stands_in_one_that_there_is():
    names = {component.name for component in COMPONENTS}
    assert all(set(component.parents) <= names for component in COMPONENTS)
    assert len(names) == len(COMPONENTS)


def test_what_only_shows_when_filled_names_the_template(own):
    (own / "item.mjml").write_text("{% set tag = 'mj-foo' %}<{{ tag }}>{{ title }}</{{ tag }}>", encoding="utf-8")
    loaded = load_theme(PUBLICATION, (own, BUNDLED))
    with pytest.raises(
        ConfigurationError, match=r"templates/theme/email/item\.mjml: <mj-foo> is not an MJML component"
    ):
        render_email(full_letter(), loaded)


def test_tags_that_do_not_close_name_the_template(own):
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
def test_what_goes_wrong_in_a_template_has_its_line(own, source, line, message):
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


def test_a_workspace_may_have_tokens_of_its_own_in_part(own):
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
def test_tokens_that_cannot_be_used_are_named(own, kept):
    look(own, "letter", kept)
    with pytest.raises(ConfigurationError, match=r"templates/theme/looks/letter\.json"):
        load_theme(PUBLICATION, (own, BUNDLED))


def test_a_workspace_may_have_a_look_of_its_own_which_begins_from_the_first(own):
    look(own, "mine", '{"light": {"accent": "#123456"}, "size": 20, "serif": "Charter, serif"}')
    loaded = load_theme(replace(PUBLICATION, theme=Theme(look="mine")), (own, BUNDLED)).design
    assert (loaded.light["accent"], loaded.light["ink"], loaded.size) == ("#123456", "#1d2126", 20)
    assert (loaded.serif, loaded.leading, loaded.radius) == ("Charter, serif", 29, 4)


def test_what_newsletter_yaml_says_wins_over_the_look():
    theme = Theme(look="plain", light={"accent": "#123456"}, sans="Verdana", radius=0, width=600)
    design = load_theme(replace(PUBLICATION, theme=theme), (BUNDLED,)).design
    assert (design.light["accent"], design.sans, design.radius, design.width) == ("#123456", "Verdana", 0, 600)


def test_a_look_that_is_not_there_is_said_with_those_that_are(own):
    with pytest.raises(ConfigurationError, match="there is no look `fancy`") as caught:
        load_theme(replace(PUBLICATION, theme=Theme(look="fancy")), (own, BUNDLED))
    assert caught.value.hint == "Choose one of: letter, plain."


def test_a_font_cannot_end_the_style_it_stands_in():
    publication = replace(PUBLICATION, theme=Theme(serif="x;}</style><script>"))
    with pytest.raises(ConfigurationError, match="serif"):
        load_theme(publication, (BUNDLED,))


def test_compiled_templates_are_kept_for_the_user_and_never_in_the_workspace(tmp_path, monkeypatch):
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    cache = tmp_path / "cache"
    first = render_email(full_letter(), load_theme(PUBLICATION, (BUNDLED,), cache))
    assert list(temporary.rglob("newsletter_*.cache"))
    assert not cache.exists()
    assert render_email(full_letter(), load_theme(PUBLICATION, (BUNDLED,), cache)) == first


def test_where_nothing_can_be_kept_the_letter_is_made_all_the_same(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "nowhere"))
    assert render_email(bare_letter(p("Hi.")), load_theme(PUBLICATION, (BUNDLED,), tmp_path))


def test_a_cache_that_cannot_be_written_is_done_without(own, tmp_path):
    (own / "prose.css").write_text("p { margin: 3px }", encoding="utf-8")
    (tmp_path / "file").write_text("", encoding="utf-8")
    loaded = load_theme(PUBLICATION, (own, BUNDLED), tmp_path / "file" / "cache")
    assert loaded.attributes["ltr"]["p", ""] == ' style="margin:3px"'


def test_the_wrong_module_of_the_name_mjml_is_said_plainly(monkeypatch):
    compiler._compiler.cache_clear()
    monkeypatch.setitem(sys.modules, "mjml", ModuleType("mjml"))
    with pytest.raises(ConfigurationError, match="is not that of mjml-python") as caught:
        compiler.compile_mjml("<mjml></mjml>")
    assert "pip uninstall mjml" in caught.value.hint
    compiler._compiler.cache_clear()


def test_a_missing_compiler_is_said_plainly(monkeypatch):
    compiler._compiler.cache_clear()
    monkeypatch.setitem(sys.modules, "mjml", None)
    with pytest.raises(ConfigurationError, match="not installed"):
        compiler.compile_mjml("<mjml></mjml>")
    compiler._compiler.cache_clear()


def test_mjml_that_is_no_xml_is_no_crash():
    with pytest.raises(compiler.MjmlError):
        compiler.compile_mjml("<mjml><mj-body><mj-section></mjml>")


def test_no_web_font_is_linked_unasked(theme):
    assert "fonts.googleapis" not in render_email(full_letter(), theme)


def test_conditional_comments_that_meet_become_one():
    both = "<!--[if mso | IE]>"
    assert join_comments(f"{both}<a><![endif]-->{both}<b><![endif]-->") == f"{both}<a><b><![endif]-->"
    other = "<!--[if mso]>"
    assert (
        join_comments(f"{other}<a><![endif]-->{both}<b><![endif]-->") == f"{other}<a><![endif]-->{both}<b><![endif]-->"
    )
    shown = "<!--[if !mso]><!--><a><!--<![endif]-->"
    assert join_comments(f"{shown}{both}<b><![endif]-->") == f"{shown}{both}<b><![endif]-->"


def test_tidying_takes_only_white_space_between_tags():
    assert tidy("<a>\n\n  <b>\n x <i>y</i> z\n</b>\n") == "<a><b>\nx <i>y</i> z\n</b>"


def test_layout_tables_get_the_role_that_the_compiler_drops():
    assert mark_layout('<table border="0"><table role="table">') == (
        '<table role="presentation" border="0"><table role="table">'
    )


def test_a_parent_that_is_known_is_kept_to():
    assert [fault.message for fault in find_faults("<mj-column></mj-column>", "mj-column")] == [
        "<mj-column> is not allowed in <mj-column>"
    ]


def test_every_bundled_template_says_what_it_gets():
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
def test_what_a_template_begins_with_is_held_to_where_the_frame_puts_it(own, name, source, line, message):
    (own / name).write_text(source, encoding="utf-8")
    with pytest.raises(ConfigurationError) as caught:
        load_theme(PUBLICATION, (own, BUNDLED))
    found = caught.value.diagnostics[0]
    assert (found.path, found.span.line, found.code) == (f"templates/theme/email/{name}", line, "CF103")
    assert found.message == message


def test_a_letter_of_ones_own_says_where_its_templates_go(own):
    (own / "letter.mjml").write_text(
        '<mjml><mj-body><mj-section><mj-column>{% include "footer.mjml" %}</mj-column></mj-section>{{ rows }}</mj-body></mjml>',
        encoding="utf-8",
    )
    (own / "footer.mjml").write_text("<mj-text>{{ address }}</mj-text>", encoding="utf-8")
    load_theme(PUBLICATION, (own, BUNDLED))


def test_tags_of_the_frame_that_do_not_close_name_their_template(own):
    (own / "footer.mjml").write_text("<mj-section><mj-column></mj-section>", encoding="utf-8")
    with pytest.raises(ConfigurationError) as caught:
        render_email(full_letter(), load_theme(PUBLICATION, (own, BUNDLED)))
    assert [found.path for found in caught.value.diagnostics] == ["templates/theme/email/footer.mjml"]
