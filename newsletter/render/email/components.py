"""The components of MJML 4 that a theme may use: what each one may stand in and which attributes it takes.

The compiler accepts unknown tags, attributes and nesting in silence, so a slip of the pen would only be seen in a
reader's mail. This list follows the MJML 4 documentation, less what cannot work here: `mj-carousel` and the hamburger of
`mj-navbar` (random ids: no two builds would be alike), `mj-include`, `mj-html-attributes` and `mj-style inline` (the
compiler does not know them).
"""

from __future__ import annotations

from newsletter.records import dataclass


@dataclass(frozen=True, slots=True)
class Component:
    """One tag of MJML."""

    name: str
    parents: tuple[str, ...]
    attributes: frozenset[str]
    """Its own, besides `COMMON`."""
    free: bool = False
    """Whether its content is HTML rather than components."""


COMMON = frozenset({"css-class", "mj-class"})
"""What every component of the body takes."""

IN_COLUMN = ("mj-column", "mj-hero")
_PADDING = "padding padding-top padding-right padding-bottom padding-left"
_BOX = f"{_PADDING} container-background-color"
_BORDER = "border border-top border-right border-bottom border-left"
_FONT = "color font-family font-size font-style font-weight letter-spacing line-height text-decoration text-transform"
_BACKGROUND = (
    "background-color background-url background-repeat background-size background-position background-position-x "
    "background-position-y"
)


def _component(name: str, parents: tuple[str, ...], attributes: str = "", *, free: bool = False) -> Component:
    return Component(name, parents, frozenset(attributes.split()), free)


COMPONENTS = (
    _component("mjml", (), "lang dir owa"),
    # The head.
    _component("mj-head", ("mjml",)),
    _component("mj-attributes", ("mj-head",)),
    _component("mj-all", ("mj-attributes",)),
    _component("mj-class", ("mj-attributes",), "name"),
    _component("mj-breakpoint", ("mj-head",), "width"),
    _component("mj-font", ("mj-head",), "name href"),
    _component("mj-preview", ("mj-head",), free=True),
    _component("mj-style", ("mj-head",), free=True),
    _component("mj-title", ("mj-head",), free=True),
    # The body and its rows.
    _component("mj-body", ("mjml",), "width background-color"),
    _component(
        "mj-wrapper",
        ("mj-body",),
        f"{_BACKGROUND} {_BORDER} {_PADDING} border-radius direction full-width text-align",
    ),
    _component(
        "mj-section",
        ("mj-body", "mj-wrapper"),
        f"{_BACKGROUND} {_BORDER} {_PADDING} border-radius direction full-width text-align",
    ),
    _component(
        "mj-hero",
        ("mj-body", "mj-wrapper"),
        f"{_BOX} background-color background-height background-position background-url background-width "
        "border-radius height inner-background-color inner-padding mode vertical-align width",
    ),
    _component("mj-group", ("mj-section",), "width vertical-align background-color direction"),
    _component(
        "mj-column",
        ("mj-section", "mj-group"),
        f"{_BORDER} {_PADDING} background-color border-radius direction inner-background-color inner-border "
        "inner-border-top inner-border-right inner-border-bottom inner-border-left inner-border-radius "
        "vertical-align width",
    ),
    # What stands in a column.
    _component("mj-text", IN_COLUMN, f"{_BOX} {_FONT} align height vertical-align", free=True),
    _component(
        "mj-table",
        IN_COLUMN,
        f"{_BOX} align border cellpadding cellspacing color font-family font-size line-height role table-layout "
        "vertical-align width",
        free=True,
    ),
    _component(
        "mj-image",
        IN_COLUMN,
        f"{_BOX} {_BORDER} align alt border-radius fluid-on-mobile font-size height href max-height name rel sizes "
        "src srcset target title usemap width",
    ),
    _component(
        "mj-button",
        IN_COLUMN,
        f"{_BOX} {_BORDER} {_FONT} align background-color border-radius height href inner-padding name rel target "
        "text-align title vertical-align width",
        free=True,
    ),
    _component(
        "mj-divider",
        IN_COLUMN,
        f"{_BOX} align border-color border-style border-width width",
    ),
    _component("mj-spacer", IN_COLUMN, f"{_BOX} height"),
    _component(
        "mj-social",
        IN_COLUMN,
        f"{_BOX} align border-radius color font-family font-size font-style font-weight icon-height icon-padding "
        "icon-size inner-padding line-height mode table-layout text-decoration text-padding",
    ),
    _component(
        "mj-social-element",
        ("mj-social",),
        f"{_PADDING} align alt background-color border-radius color font-family font-size font-style font-weight href "
        "icon-height icon-padding icon-size line-height name rel sizes src srcset target text-decoration text-padding "
        "title vertical-align",
        free=True,
    ),
    _component("mj-navbar", IN_COLUMN, f"{_PADDING} align base-url"),
    _component(
        "mj-navbar-link",
        ("mj-navbar",),
        f"{_PADDING} {_FONT} href name rel target",
        free=True,
    ),
    _component(
        "mj-accordion",
        IN_COLUMN,
        f"{_BOX} border font-family icon-align icon-height icon-position icon-unwrapped-alt icon-unwrapped-url "
        "icon-width icon-wrapped-alt icon-wrapped-url",
    ),
    _component(
        "mj-accordion-element",
        ("mj-accordion",),
        "background-color border font-family icon-align icon-height icon-position icon-unwrapped-alt "
        "icon-unwrapped-url icon-width icon-wrapped-alt icon-wrapped-url",
    ),
    _component(
        "mj-accordion-title",
        ("mj-accordion-element",),
        f"{_PADDING} background-color color font-family font-size font-weight",
        free=True,
    ),
    _component(
        "mj-accordion-text",
        ("mj-accordion-element",),
        f"{_PADDING} background-color color font-family font-size font-weight letter-spacing line-height",
        free=True,
    ),
    _component(
        "mj-raw",
        ("mjml", "mj-head", "mj-body", "mj-wrapper", "mj-section", "mj-group", *IN_COLUMN, "mj-social", "mj-navbar"),
        "position",
        free=True,
    ),
)

BY_NAME = {component.name: component for component in COMPONENTS}

REFUSED = {
    "mj-carousel": "the compiler gives it random ids, so that no two builds would be alike",
    "mj-carousel-image": "the compiler gives mj-carousel random ids, so that no two builds would be alike",
    "mj-include": "templates are joined by Jinja: use {% include %}",
    "mj-html-attributes": "the compiler does not know it",
    "mj-selector": "the compiler does not know it",
    "mj-html-attribute": "the compiler does not know it",
}
"""Tags of MJML that are left out on purpose, and why."""

REFUSED_ATTRIBUTES = {
    ("mj-style", "inline"): "the compiler prints it as an ordinary style: put the rule into prose.css",
    ("mj-navbar", "hamburger"): "the compiler gives it random ids, so that no two builds would be alike",
}


def attributes_of(component: Component) -> frozenset[str]:
    """All that `component` may carry."""
    return component.attributes | COMMON
