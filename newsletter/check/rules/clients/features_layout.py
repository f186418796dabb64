"""Declarations that say where things stand and how large they are: how each is known, and what a letter loses without it."""

from __future__ import annotations

from newsletter.check.rules.clients.signs import Feature, Harm, properties, word

_LOST, _LOOKS, _LESS = Harm.LOST, Harm.LOOKS, Harm.LESS
_TABLE = "Lay it out with a table, or with mj-column."
_SIDES = "Write left, right, top and bottom out; templates get `start` and `end`."
_DROPPED = "the whole declaration is passed over"
_PIXELS = "Write it in pixels."
_STACKED = "what should stand side by side stands as it comes"
_TOLD = "the layout that it belongs to is told"

LAYOUT = (
    Feature("css-display-flex", _LOST, (properties("display", r"\bflex\b|\binline-flex\b"),), _STACKED, _TABLE),
    Feature("css-display-grid", _LOST, (properties("display", r"\bgrid\b|\binline-grid\b"),), _STACKED, _TABLE),
    Feature(
        "css-grid-template",
        _LOST,
        (properties("grid grid-template grid-template-areas grid-template-columns grid-template-rows"),),
        _STACKED,
        _TABLE,
    ),
    Feature(
        "css-flex-direction",
        _LOST,
        (properties("flex-direction flex-flow", r"\bcolumn"),),
        "what should stand in a column stands in a row",
        _TABLE,
    ),
    Feature(
        "css-flex-wrap",
        _LOST,
        (properties("flex-wrap flex-flow", r"\bwrap"),),
        "the row runs out of the letter",
        _TABLE,
    ),
    Feature(
        "css-align-items",
        _LOOKS,
        (properties("align-items"),),
        "things do not stand on one line",
        "Use `valign` and `vertical-align` in a table.",
    ),
    Feature(
        "css-justify-content",
        _LOOKS,
        (properties("justify-content"),),
        "things stand at the start",
        "Use `align` in a table.",
    ),
    Feature(
        "css-gap", _LOOKS, (properties("gap column-gap row-gap grid-gap"),), "things touch each other", "Use `padding`."
    ),
    Feature(
        "css-position",
        _LOST,
        (properties("position", r"absolute|fixed|sticky"),),
        "it stands where it comes in the text, not where it was put",
        _TABLE,
    ),
    Feature("css-left-right-top-bottom", _LESS, (properties("left right top bottom"),), _TOLD),
    Feature(
        "css-inset",
        _LESS,
        (
            properties(
                "inset inset-block inset-inline inset-inline-start inset-inline-end inset-block-start inset-block-end"
            ),
        ),
        _TOLD,
    ),
    Feature("css-z-index", _LESS, (properties("z-index"),), _TOLD),
    Feature(
        "css-float",
        _LOOKS,
        (properties("float", r"left|right|inline"),),
        "text stands under it, not beside it",
        "Use a table, or the attribute `align`.",
    ),
    Feature("css-clear", _LESS, (properties("clear"),), "text stands beside what it should stand under"),
    Feature("css-display-none", _LOST, (properties("display", r"\bnone\b"),), "what is hidden is shown"),
    Feature(
        "css-display",
        _LOOKS,
        (properties("display", r"block|inline|table|list-item|contents"),),
        "boxes stand otherwise",
    ),
    Feature(
        "css-visibility",
        _LOST,
        (properties("visibility", r"hidden|collapse"),),
        "what is hidden is shown",
        "Hide it by `display: none`.",
    ),
    Feature("css-column-count", _LESS, (properties("column-count columns"),), "one column, which is read as well"),
    Feature(
        "css-column-layout-properties",
        _LESS,
        (
            properties(
                "columns column-count column-fill column-rule column-rule-color column-rule-style column-rule-width column-span column-width"
            ),
        ),
        "one column, which is read as well",
    ),
    Feature("css-orphans", _LESS, (properties("orphans"),), "it is about columns and paper"),
    Feature("css-widows", _LESS, (properties("widows"),), "it is about columns and paper"),
    Feature("css-table-layout", _LESS, (properties("table-layout"),), "columns are as wide as their words ask"),
    Feature("css-border-collapse", _LESS, (properties("border-collapse"),), "lines of cells stand apart"),
    Feature("css-border-spacing", _LESS, (properties("border-spacing"),), "cells stand closer"),
    Feature("css-empty-cells", _LESS, (properties("empty-cells"),), "empty cells have lines"),
    Feature("css-caption-side", _LESS, (properties("caption-side"),), "the caption stands above"),
    Feature("css-vertical-align", _LOOKS, (properties("vertical-align"),), "things do not stand on one line"),
    Feature(
        "css-transform",
        _LOOKS,
        (properties("transform"),),
        "it is not turned, moved or scaled",
        "Put the picture into the form it should have.",
    ),
    Feature("css-writing-mode", _LOOKS, (properties("writing-mode"),), "lines run as in any other text"),
    Feature("css-text-orientation", _LESS, (properties("text-orientation"),), "it is about lines that run downwards"),
    Feature(
        "css-direction",
        _LOOKS,
        (properties("direction", "rtl"),),
        "text runs from the wrong side",
        "Set `dir` on the element, too.",
    ),
    Feature("css-shape-outside", _LESS, (properties("shape-outside"),), "text runs along a straight edge"),
    Feature("css-shape-margin", _LESS, (properties("shape-margin"),), "text runs along a straight edge"),
    Feature(
        "css-scroll-snap",
        _LESS,
        (properties("scroll-snap-type scroll-snap-align scroll-margin scroll-padding scroll-snap-stop"),),
        "it scrolls smoothly",
    ),
    Feature(
        "css-overflow",
        _LESS,
        (properties("overflow overflow-x overflow-y overflow-block overflow-inline"),),
        "what is larger than its box is seen whole",
    ),
    Feature("css-resize", _LESS, (properties("resize"),), "it keeps its size"),
)

SIZES = (
    Feature("css-width", _LOOKS, (properties("width"),), "it is as wide as it happens to be"),
    Feature("css-height", _LESS, (properties("height"),), "it is as high as what it holds"),
    Feature("css-max-width", _LESS, (properties("max-width"),), "it is as wide as its `width` says"),
    Feature("css-min-width", _LESS, (properties("min-width"),), "it is as wide as what it holds"),
    Feature("css-max-height", _LESS, (properties("max-height"),), "it is as high as what it holds"),
    Feature("css-min-height", _LESS, (properties("min-height"),), "it is as high as what it holds"),
    Feature(
        "css-block-inline-size",
        _LOOKS,
        (properties("block-size inline-size"),),
        "it has another size",
        "Write `width` and `height`.",
    ),
    Feature("css-inline-size", _LESS, (properties("inline-size"),), "as css-block-inline-size, which is told"),
    Feature("css-max-block-size", _LESS, (properties("max-block-size"),), "it is as high as what it holds"),
    Feature("css-max-inline-size", _LESS, (properties("max-inline-size"),), "it is as wide as its line"),
    Feature("css-min-block-size", _LESS, (properties("min-block-size"),), "it is as high as what it holds"),
    Feature("css-min-inline-size", _LESS, (properties("min-inline-size"),), "it is as wide as what it holds"),
    Feature("css-intrinsic-size", _LOOKS, (word("fit-content", "min-content", "max-content"),), _DROPPED, _PIXELS),
    Feature(
        "css-aspect-ratio", _LOOKS, (properties("aspect-ratio"),), "it has another height", "Give width and height."
    ),
    Feature("css-box-sizing", _LESS, (properties("box-sizing"),), "the box is wider by its padding"),
    Feature(
        "css-object-fit",
        _LOOKS,
        (properties("object-fit"),),
        "the picture is stretched or squeezed",
        "Cut the picture to its shape.",
    ),
    Feature("css-object-position", _LESS, (properties("object-position"),), "as `object-fit`, which is told"),
    Feature(
        "css-margin",
        _LOOKS,
        (properties("margin margin-left margin-right margin-top margin-bottom"),),
        "no room around it",
    ),
    Feature(
        "css-padding",
        _LOOKS,
        (properties("padding padding-left padding-right padding-top padding-bottom"),),
        "no room in it",
    ),
    Feature(
        "css-margin-block-start-end",
        _LOOKS,
        (properties("margin-block-start margin-block-end"),),
        "no room around it",
        _SIDES,
    ),
    Feature(
        "css-margin-inline-start-end",
        _LOOKS,
        (properties("margin-inline-start margin-inline-end"),),
        "no room around it",
        _SIDES,
    ),
    Feature(
        "css-margin-inline-block", _LOOKS, (properties("margin-inline margin-block"),), "no room around it", _SIDES
    ),
    Feature(
        "css-padding-block-start-end",
        _LOOKS,
        (properties("padding-block-start padding-block-end"),),
        "no room in it",
        _SIDES,
    ),
    Feature(
        "css-padding-inline-start-end",
        _LOOKS,
        (properties("padding-inline-start padding-inline-end"),),
        "no room in it",
        _SIDES,
    ),
    Feature("css-padding-inline-block", _LOOKS, (properties("padding-inline padding-block"),), "no room in it", _SIDES),
)
