"""Near misses of personal fields, and fields that are addresses."""

from __future__ import annotations

import pytest

FRONT = "---\ntitle: Ports\ndate: 2024-01-31\n---\n\n"
HOUSE = "name: Letter\nother_fields: true\n"


@pytest.fixture
def found(checker):
    """The findings of ST189 and ST190 in an issue, as (code, text, advice)."""

    def check(text: str, *, html: bool = False):
        checker.house(HOUSE + ("allow_html: true\n" if html else ""))
        text = text if text.startswith("---") else FRONT + text + "\n"
        return [
            (one.code, text[one.span.start : one.span.end], one.advice)
            for one in checker.check(text)
            if one.code in {"ST189", "ST190", "ST121", "EM108"}
        ]

    return check


FOREIGN = [
    ('{{ first_name | capitalize | default: "there" }}', "Write `{{ first_name | there }}`."),
    ("{{ first_name || 'there' }}", "Write `{{ first_name | there }}`."),
    ('{{ subscriber.first_name or "there" }}', "Write `{{ first_name | there }}`."),
    ("{{ contact.FIRSTNAME }}", "Write `{{ first_name }}`"),
    ("{{ user.email }}", "Write `{{ email }}`"),
    ('{{var:firstname:"there"}}', "Write `{{ first_name | there }}`."),
    ("{{ page.title | strip }}", "Fields are"),
    ("{{#if first_name}}", "Write `{{ first_name }}`"),
    ("{{ .FirstName }}", "Write `{{ first_name }}`"),
    ("{first_name}", "Write `{{ first_name }}`"),
    ("{First Name}", "Write `{{ first_name }}`"),
    ("{$name}", "Write `{{ name }}`"),
    ("{$email}", "Write `{{ email }}`"),
    ("${firstName}", "Write `{{ first_name }}`"),
    ("{!Contact.FirstName}", "Write `{{ first_name }}`"),
    ("{% if first_name %}", "Conditions and loops are not supported"),
    ("{%- endif -%}", "Conditions and loops are not supported"),
    ("%recipient.first_name%", "Write `{{ first_name }}`"),
    ("%recipient.plan%", "Fields are"),
    ("%recipient_email%", "Write `{{ email }}`"),
    ("%FIRSTNAME%", "Write `{{ first_name }}`"),
    ("%first_name%", "Write `{{ first_name }}`"),
    ("[firstname,fallback=x]", "Write `{{ first_name | x }}`."),
    ("[Name, fallback=dear reader]", "Write `{{ name | dear reader }}`."),
    ("[First name]", "Write `{{ first_name }}`"),
    ("[FNAME]", "Write `{{ first_name }}`"),
    ("[[data:firstname]]", "Write `{{ first_name }}`"),
    ("<%= first_name %>", "Write `{{ first_name }}`"),
    ("<%= user.plan %>", "Fields are"),
    ("##first_name##", "Write `{{ first_name }}`"),
    ("{unsubscribe}", "the footer of the email has the unsubscribe link"),
    ("{$unsubscribe}", "the footer of the email has the unsubscribe link"),
    ("%UNSUBSCRIBELINK%", "the footer of the email has the unsubscribe link"),
    ("{{ contact.unsubscribe_link }}", "the footer of the email has the unsubscribe link"),
    ("[webversion,fallback=x]", "links to its web page"),
]


@pytest.mark.parametrize(("tag", "advice"), FOREIGN)
@pytest.mark.parametrize(
    "around",
    ["Dear {}, hello.", "- a\n- {} b", "> {}", "## For {}\n\nText.", "| a | b |\n|---|---|\n| c | d {} |", "::: callout For {}\nText.\n:::"],
    ids=["paragraph", "list", "quotation", "heading", "cell", "directive"],
)  # fmt: skip
def test_a_near_miss_of_a_field_is_reported_with_the_intended_field(found, tag, advice, around):
    if "|" in tag and "|---" in around:
        tag = tag.replace("|", "\\|")
    ((code, at, reported),) = found(around.replace("{}", tag))
    assert (code, at.replace("\\", "")) == ("ST189", tag.replace("\\", ""))
    assert advice in reported


@pytest.mark.parametrize("tag", ["*|SURVEY|*", "%%survey%%", "{{ subscriber.survey }}", "%recipient.survey%", "{% if x %}", "%UNSUBSCRIBE%"])  # fmt: skip
@pytest.mark.parametrize(
    "around",
    ["[a](<@>)", "[a](<https://e.example/?m=@>)", "![A ship](<https://e.example/@.png>)", "[a][b]\n\n[b]: <@>", "![A @ ship](p.png)", '[a](https://e.example "For @")', '![A ship](p.png "For @")'],
)  # fmt: skip
def test_a_near_miss_in_addresses_titles_and_alt_texts_is_reported(found, tag, around):
    ((code, at, _),) = found(around.replace("@", tag))
    assert (code, at) == ("ST189", tag)


@pytest.mark.parametrize("key", ["subject", "summary", "preheader", "title"])
def test_a_near_miss_in_the_front_matter_is_reported(found, key):
    front = {"title": "Ports", "date": "2024-01-31"} | {key: "'Dear {first_name}, hello'"}
    text = "---\n" + "".join(f"{name}: {value}\n" for name, value in front.items()) + "---\n\nText.\n"
    assert [(code, at) for code, at, _ in found(text)] == [("ST189", "{first_name}")]


@pytest.mark.parametrize("tag", ["{first_name}", "{{ page.title | strip }}", "{{ nobody }}", "<%= name %>"])
@pytest.mark.parametrize("around", ["<div>@</div>", '<div><a href="https://e.example/" title="@">a</a></div>', 'In <b title="@">b</b>.'])  # fmt: skip
def test_a_near_miss_in_html_is_reported(found, tag, around):
    if "<" in tag and "title" in around:
        tag = "{first_name}"
    assert [(code, at) for code, at, _ in found(around.replace("@", tag), html=True)] == [("ST189", tag)]


@pytest.mark.parametrize(
    "text",
    [
        "`{{ page.title | strip }}`",
        "    {{ page.title | strip }}",
        "```\n{% if x %}\n<%= y %>\n```",
        r"\{{ page.title | strip }} and \{first_name}",
        "<!-- {{ page.title | strip }} -->",
        "{{ first_name | there }}",
        '{{ subscriber.first_name | default: "there" }}',
        "{{{ first_name }}}",
        "the set {1, 2}, {x}, {a: b}, $x{y}, 50% off, 10%, and 5% of names%",
        "[name](https://e.example) and [email][1]\n\n[1]: https://e.example",
        "“[name] told us”, he said [sic]",
        "[x] and [First name]: no",
        "%PATH% and %APPDATA%",
        "https://e.example/a%20name%20b",
        "Ask {name of the person}",
        "**{{ name }}**",
    ],
)
def test_code_escapes_fields_and_plain_words_are_not_tags(found, text):
    assert found(text) == []


def test_code_in_html_is_not_a_tag(found):
    assert found("<div>\n<pre>{{ page.title | strip }}</pre>\n<code>{% if x %}</code>\n</div>", html=True) == []


# ── Fields that are addresses ───────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("around", ["[a](@)", "![A ship](@)", "[a][b]\n\n[b]: @", "::: button [a](@)\n:::"])
def test_a_field_that_is_an_address_needs_one_as_its_fallback(found, around):
    ((code, at, advice),) = found(around.replace("@", "{{ email }}"))
    assert (code, at) == ("ST190", "{{ email }}")
    assert "{{ email | https://… }}" in advice
    ((code, at, _),) = found(around.replace("@", "{{ email | there }}"))
    assert (code, at) == ("ST190", "{{ email | there }}")
    assert found(around.replace("@", "{{ email | https://e.example/ }}")) == []
    assert found(around.replace("@", "https://e.example/?m={{ email }}")) == []


def test_in_content_only_for_email_a_fallback_is_not_required(found):
    assert found("::: only email\n[a]({{ email }})\n:::") == []
    assert found("[a](mailto:{{ email }})") == []
