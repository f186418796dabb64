"""Declarations about lines and grounds, and the values of all: how each is known, and what a letter loses without it."""

from __future__ import annotations

from newsletter.check.rules.clients.signs import Feature, Harm, function, properties, unit, word

_LOOKS, _LESS = Harm.LOOKS, Harm.LESS
_DROPPED = "the whole declaration is passed over"
_PIXELS = "Write it in pixels."

BORDERS = (
    Feature(
        "css-border",
        _LOOKS,
        (
            properties(
                " ".join(
                    [
                        "border",
                        *(f"border-{part}" for part in ("width", "style", "color")),
                        *(
                            f"border-{side}{part}"
                            for side in ("top", "bottom", "left", "right")
                            for part in ("", "-width", "-style", "-color")
                        ),
                    ]
                )
            ),
        ),
        "no line is drawn",
    ),
    Feature(
        "css-border-radius",
        _LESS,
        (
            properties(
                "border-radius border-top-left-radius border-top-right-radius border-bottom-left-radius border-bottom-right-radius"
            ),
        ),
        "square corners",
    ),
    Feature(
        "css-border-radius-logical",
        _LESS,
        (
            properties(
                "border-start-start-radius border-start-end-radius border-end-start-radius border-end-end-radius"
            ),
        ),
        "square corners",
    ),
    Feature(
        "css-border-image", _LESS, (properties("border-image border-image-source border-image-slice"),), "a plain line"
    ),
    Feature("css-border-inline-block", _LESS, (properties("border-inline border-block"),), "no line is drawn"),
    Feature(
        "css-border-inline-block-individual",
        _LESS,
        (
            properties(
                "border-inline-color border-block-color border-inline-style border-block-style border-inline-width border-block-width border-inline-start border-inline-end border-block-start border-block-end"
            ),
        ),
        "no line is drawn",
    ),
    Feature(
        "css-border-inline-block-longhand",
        _LESS,
        (
            properties(
                " ".join(
                    f"border-{axis}-{end}-{part}"
                    for axis in ("inline", "block")
                    for end in ("start", "end")
                    for part in ("color", "style", "width")
                )
            ),
        ),
        "no line is drawn",
    ),
    Feature(
        "css-outline", _LESS, (properties("outline outline-width outline-style outline-color"),), "no line is drawn"
    ),
    Feature("css-outline-offset", _LESS, (properties("outline-offset"),), "the line stands closer"),
    Feature("css-box-shadow", _LESS, (properties("box-shadow"),), "no shadow"),
)

GROUNDS = (
    Feature("css-background", _LOOKS, (properties("background"),), "no colour behind it"),
    Feature("css-background-color", _LOOKS, (properties("background-color"),), "no colour behind it"),
    Feature(
        "css-background-image",
        _LOOKS,
        (properties("background background-image", r"url\("),),
        "no picture behind it",
        "Give it a `background-color`, and text that can be read on that.",
    ),
    Feature(
        "css-background-size", _LESS, (properties("background-size"),), "the picture behind it is larger or smaller"
    ),
    Feature(
        "css-background-position",
        _LESS,
        (properties("background-position background-position-x background-position-y"),),
        "the picture behind it stands in its corner",
    ),
    Feature("css-background-repeat", _LESS, (properties("background-repeat"),), "the picture behind it is repeated"),
    Feature(
        "css-background-origin", _LESS, (properties("background-origin"),), "the picture behind it stands a little off"
    ),
    Feature(
        "css-background-clip",
        _LESS,
        (properties("background-clip -webkit-background-clip"),),
        "the ground fills its whole box",
    ),
    Feature(
        "css-background-blend-mode", _LESS, (properties("background-blend-mode"),), "the picture is shown as it is"
    ),
    Feature(
        "css-linear-gradient",
        _LOOKS,
        (function("linear-gradient", "repeating-linear-gradient"),),
        "no colour behind it",
        "Give it a `background-color` first.",
    ),
    Feature(
        "css-radial-gradient",
        _LOOKS,
        (function("radial-gradient", "repeating-radial-gradient"),),
        "no colour behind it",
        "Give it a `background-color` first.",
    ),
    Feature(
        "css-conic-gradient",
        _LOOKS,
        (function("conic-gradient", "repeating-conic-gradient"),),
        "no colour behind it",
        "Give it a `background-color` first.",
    ),
    Feature("css-opacity", _LOOKS, (properties("opacity"),), "it is shown in full", "Mix the colour itself."),
    Feature(
        "css-filter",
        _LOOKS,
        (properties("filter"),),
        "the picture is shown as it is",
        "Put the picture into the form it should have.",
    ),
    Feature(
        "css-backdrop-filter",
        _LESS,
        (properties("backdrop-filter -webkit-backdrop-filter"),),
        "what is behind is sharp",
    ),
    Feature("css-mix-blend-mode", _LESS, (properties("mix-blend-mode"),), "it is shown as it is"),
    Feature(
        "css-mask-image",
        _LOOKS,
        (properties("mask mask-image -webkit-mask-image"),),
        "the picture is shown whole",
        "Cut the picture to its shape.",
    ),
    Feature("css-clip-path", _LOOKS, (properties("clip-path"),), "it is shown whole", "Cut the picture to its shape."),
)

VALUES = (
    Feature(
        "css-variables",
        _LOOKS,
        (function("var"),),
        _DROPPED,
        "Write the value itself; templates get the design tokens.",
    ),
    Feature("css-unit-calc", _LOOKS, (function("calc"),), _DROPPED, "Work it out, and write the number."),
    Feature("css-function-clamp", _LOOKS, (function("clamp"),), _DROPPED, _PIXELS),
    Feature("css-function-max", _LOOKS, (function("max"),), _DROPPED, _PIXELS),
    Feature("css-function-min", _LOOKS, (function("min"),), _DROPPED, _PIXELS),
    Feature(
        "css-function-light-dark",
        _LOOKS,
        (function("light-dark"),),
        _DROPPED,
        "Write the light colour; the dark one goes into dark.css.",
    ),
    Feature(
        "css-modern-color",
        _LOOKS,
        (function("lch", "oklch", "lab", "oklab"),),
        _DROPPED,
        "Write the colour as `#rrggbb`.",
    ),
    Feature("css-rgb", _LOOKS, (function("rgb"),), _DROPPED, "Write the colour as `#rrggbb`."),
    Feature("css-rgba", _LOOKS, (function("rgba"),), _DROPPED, "Write the colour as `#rrggbb`."),
    Feature("css-important", _LESS, (word("!important"),), "the other declaration wins"),
    Feature("css-unit-initial", _LESS, (word("initial"),), _DROPPED),
    Feature("css-unit-rem", _LOOKS, (unit("rem"),), _DROPPED, _PIXELS),
    Feature("css-unit-ch", _LOOKS, (unit("ch"),), _DROPPED, _PIXELS),
    Feature("css-unit-vh", _LOOKS, (unit("vh"),), _DROPPED, _PIXELS),
    Feature("css-unit-vw", _LOOKS, (unit("vw"),), _DROPPED, _PIXELS),
    Feature("css-unit-vmin", _LOOKS, (unit("vmin"),), _DROPPED, _PIXELS),
    Feature("css-unit-vmax", _LOOKS, (unit("vmax"),), _DROPPED, _PIXELS),
    Feature("css-unit-em", _LOOKS, (unit("em"),), _DROPPED, _PIXELS),
    Feature("css-unit-ex", _LOOKS, (unit("ex"),), _DROPPED, _PIXELS),
    Feature("css-unit-cm", _LOOKS, (unit("cm"),), _DROPPED, _PIXELS),
    Feature("css-unit-mm", _LOOKS, (unit("mm"),), _DROPPED, _PIXELS),
    Feature("css-unit-in", _LOOKS, (unit("in"),), _DROPPED, _PIXELS),
    Feature("css-unit-pc", _LOOKS, (unit("pc"),), _DROPPED, _PIXELS),
    Feature("css-unit-pt", _LOOKS, (unit("pt"),), _DROPPED, _PIXELS),
    Feature("css-unit-px", _LOOKS, (unit("px"),), _DROPPED),
    Feature("css-unit-percent", _LOOKS, (unit("%"),), _DROPPED),
)
