"""Templates of a workspace cannot loop endlessly or make gigabytes."""

from __future__ import annotations

import pytest

from newsletter.errors import ConfigurationError
from newsletter.render.templates import fill_template, make_environment

ENDLESS = {
    "loops in loops": "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}",
    "a loop of a list": "{% set l = range(9999)|list %}{% for a in l %}{% for b in l %}{% endfor %}{% endfor %}",
    "a macro that calls itself": "{% macro m(n) %}{{ m(n) }}{% endmacro %}{{ m(3) }}",
    "a macro that calls itself twice": "{% macro m(n) %}a{% if n %}{{ m(n-1) }}{{ m(n-1) }}{% endif %}{% endmacro %}{{ m(30) }}",
    "it brings itself in": '{% include "t.html" %}',
    "it brings itself in twice": '{% include "t.html" %}{% include "t.html" %}',
    "it is built on itself": '{% extends "t.html" %}',
    "a block in itself": "{% block a %}{{ self.a() }}{% endblock %}",
    "a recursive loop": "{% for a in [1, 2] recursive %}{{ loop([1, 2]) }}{% endfor %}",
    "brackets": "{{ " + "(" * 5_000 + "1" + ")" * 5_000 + " }}",
}
HUGE = {
    "times": '{{ "a" * 10**10 }}',
    "a list, times": "{{ [0] * 10**9 }}",
    "doubled": '{% set n = namespace(s="aa") %}{% for a in range(60) %}{% set n.s = n.s ~ n.s %}{% endfor %}',
    "doubled by plus": '{% set n = namespace(s="aa") %}{% for a in range(60) %}{% set n.s = n.s + n.s %}{% endfor %}',
    "lists in lists": "{% set n = namespace(s=[1]) %}{% for a in range(60) %}{% set n.s = [n.s, n.s] %}{% endfor %}{{ n.s }}",
    "lists in lists, as JSON": "{% set n = namespace(s=[1]) %}{% for a in range(60) %}{% set n.s = [n.s, n.s] %}{% endfor %}{{ n.s|tojson }}",
    "filled up": '{{ "a".ljust(10**10) }}',
    "replaced": '{{ ("a" * 1000000).replace("a", "b" * 1000000) }}',
    "replaced by a filter": '{{ ("a" * 1000000)|replace("a", "b" * 1000000) }}',
    "formatted": '{{ "{:1000000000}".format(1) }}',
    "formatted by a filter": '{{ "%1000000000d"|format(1) }}',
    "formatted by an operator": '{{ "%1000000000d" % 1 }}',
    "centred": '{{ "a"|center(1000000000) }}',
    "indented": '{{ ("a\n" * 10000)|indent(1000000000) }}',
    "joined": '{{ range(99999)|map("string")|join("," * 100000) }}',
    "wrapped": '{{ ("a" * 100000)|wordwrap(1, wrapstring="b" * 10000) }}',
    "in batches": '{{ range(99)|list|batch(10**9, "a")|list }}',
    "written": '{% for a in range(99999) %}{{ "a" * 1000000 }}{% endfor %}',
    "kept": '{% set x %}{% for a in range(99999) %}{{ "a" * 1000000 }}{% endfor %}{% endset %}',
    "a text many times": '{% set x = "a" * 19000000 %}{% set y %}{% for a in range(999) %}{{ x }}{% endfor %}{% endset %}',
    "a number": "{{ 2 ** 10000000 }}",
}


def fill(folder, text):
    (folder / "t.html").write_text(text, "utf-8")
    return fill_template(
        make_environment([folder]), "t.html", {"words": ["a", "<"], "text": "b"}, home="templates/theme/page"
    )


@pytest.mark.parametrize("text", (ENDLESS | HUGE).values(), ids=(ENDLESS | HUGE).keys())
def test_an_excessive_template_fails_with_its_place_and_reason(tmp_path, text):
    with pytest.raises(ConfigurationError) as told:
        fill(tmp_path, text)
    (found,) = told.value.diagnostics
    assert found.code == "CF104"
    assert found.span.line >= 1
    assert any(
        part in found.message
        for part in ("repeats itself", "without end", "makes more than", "cannot be used", "memory")
    )


@pytest.mark.parametrize(
    ("text", "filled"),
    [
        ("{% for word in words %}{{ loop.index }}{{ word }}{% else %}none{% endfor %}", "1a2&lt;"),
        ("{% for word in words|reverse %}{{ loop.length }}{{ word }}{% endfor %}", "2&lt;2a"),
        ("{% for word in [] %}{% else %}none{% endfor %}", "none"),
        ('{{ text ~ words[1] ~ 7 ~ "<b>"|safe }}', "b&lt;7<b>"),
        ('{{ words|join(", ") }}', "a, &lt;"),
        ('{{ text|replace("b", "c") }}{{ "a"|center(5) }}{{ 3 * 4 + 2 ** 3 }}', "c  a  20"),
        ("{% for a in [[1, [2]], [3]] recursive %}{{ loop(a) if a is iterable else a }}{% endfor %}", "123"),
        ("{% macro m(a) %}<i>{{ a }}</i>{% endmacro %}{{ m(words[1]) }}", "<i>&lt;</i>"),
        ('{{ "%d of %s"|format(1, text) }}', "1 of b"),
        ("{{ words[5] is defined }}{{ none }}{{ true }}", "FalseNoneTrue"),
    ],
)
def test_ordinary_templates_work(tmp_path, text, filled):
    assert fill(tmp_path, text) == filled


def test_the_limit_is_counted_for_each_render(tmp_path):
    (tmp_path / "t.html").write_text("{% for a in range(9999) %}{{ a }}{% endfor %}", "utf-8")
    environment = make_environment([tmp_path])
    for _ in range(150):
        fill_template(environment, "t.html", {}, home="templates/theme/page")
