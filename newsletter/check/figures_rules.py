"""The records of the rules about pictures, in the order of their codes."""

from __future__ import annotations

from newsletter.check import figures, figures_alt, figures_drawn, figures_files
from newsletter.check.base import Rule
from newsletter.diagnostics import Severity

_WARNING = Severity.WARNING

FIGURES = (
    Rule("FG101", "no-alt-text", "Pictures have an alt text", "figures", figures.no_alt_text, gap=True),
    Rule("FG102", "no-caption", "Figures have a caption", "figures", figures.no_caption, gap=True),
    Rule("FG103", "no-credit", "Figures say who made them", "figures", figures.no_credit, gap=True),
    Rule("FG104", "picture-missing", "Picture files are there", "files", figures.file_missing, gap=True),
    Rule("FG105", "picture-outside", "Picture files are in the workspace", "files", figures.outside_workspace),
    Rule("FG106", "not-a-picture", "Picture files can be read", "files", figures.not_a_picture),
    Rule("FG107", "file-name-as-alt", "Alt texts are not names of files", "figures", figures_alt.file_name_as_alt),
    Rule("FG108", "image-of", "Alt texts begin with what is shown", "figures", figures_alt.image_of, severity=_WARNING),
    Rule(
        "FG109",
        "caption-again",
        "Alt texts do not repeat the caption",
        "figures",
        figures_alt.caption_again,
        severity=_WARNING,
    ),
    Rule(
        "FG110", "heavy-picture", "Picture files are not too heavy", "files", figures_files.too_heavy, severity=_WARNING
    ),
    Rule("FG111", "small-picture", "Pictures fill their place", "files", figures_files.too_small, severity=_WARNING),
    Rule(
        "FG112",
        "picture-format",
        "Pictures are of a kind that mail programs show",
        "files",
        figures_files.poor_format,
        severity=_WARNING,
    ),
    Rule(
        "FG113",
        "heavy-animation",
        "Animations are short and light",
        "files",
        figures_files.heavy_animation,
        severity=_WARNING,
    ),
    Rule("FG114", "data-picture", "Pictures have an address or a file", "figures", figures_files.data_picture),
    Rule(
        "FG115",
        "picture-by-http",
        "Pictures are fetched by https",
        "figures",
        figures_files.plain_http,
        severity=_WARNING,
    ),
    Rule(
        "FG116",
        "more-than-drawn",
        "SVGs hold nothing but what they draw",
        "files",
        figures_drawn.more_than_drawn,
        severity=_WARNING,
    ),
    Rule(
        "FG117",
        "no-font",
        "There is a font for the words of SVGs",
        "files",
        figures_drawn.words_without_font,
        severity=_WARNING,
    ),
    Rule(
        "FG118",
        "colours-for-print",
        "Pictures are in colours for screens",
        "files",
        figures_drawn.colours_for_print,
        severity=_WARNING,
    ),
)
