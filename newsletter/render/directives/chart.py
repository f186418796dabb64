"""`::: chart`: the figures of a Markdown table drawn as bars, columns, lines, meters or sparklines.

Bars and meters are cells of a table, which need no picture. Columns and lines are drawn (chart_drawing.py): as SVG on
the page, as PNG in emails and feeds, on the publication's colours in light and dark. Names and figures are text
around them. In plain text, all charts are bars of block characters.
"""

from __future__ import annotations

import hashlib
from decimal import ROUND_HALF_EVEN, Decimal
from html import unescape
from math import ceil
from typing import TYPE_CHECKING, Any

from newsletter.blocks.charts import COLUMN, LINE, METER, SPARKLINE, read_chart
from newsletter.language.scripts import has_right_to_left
from newsletter.late import late
from newsletter.model import Directive, Image, Table
from newsletter.render.chart_drawing import SIZE, SPARK, draw_chart, draw_spark, is_drawn, variables
from newsletter.render.columns import display_width, wrap
from newsletter.render.directives.base import DirectiveForms
from newsletter.render.html_blocks import lines, title
from newsletter.render.markup import escape, escape_attribute
from newsletter.render.text_blocks import spaced
from newsletter.walk import plain_text, walk_blocks

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from newsletter.blocks.charts import Chart, Series
    from newsletter.language import Language
    from newsletter.model import Block, Inline, Issue
    from newsletter.render.directives.base import Templates
    from newsletter.render.html import HtmlWriter
    from newsletter.render.text_blocks import TextWriter

SCHEMES = ("light", "dark")
_ROOM = 42
"""The columns of text that fit below a drawing on a phone."""
_FEW = 8
"""Up to this many names, each figure is shown under its name."""
_BROKEN = 4
"""Up to this many names are all shown below a drawing, broken into lines if necessary."""
_LONGEST_FIGURE, _LONGEST_WORD, _LONGEST_LABEL = 12, 13, 40
"""The columns of text that fit beside a bar on a phone: for a figure, a word of a name, and a name."""
_WHOLE = 28
"""The columns of text that a figure above its bar may have without being broken on a phone."""
_ARABIC, _NARROWER = late("[\u0620-\u065f\u066e-\u06ef]"), 0.25
"""Letters that are narrower than a column of text, and by how much."""
_WORD = late(r"[^\s\-–—/]+[-–—/]?")
_SPARK_SHARE, _SPARK_COLUMN, _SPARK_FIGURE = 34, 3, (14, 46)
"""Widths of sparklines in hundredths: the line, a column of its figure on a phone, and the figure's least and most."""
_ALT = 600
"""The most characters of an alt text."""
_BLOCKS, _LIGHT, _SPARKS = " ▏▎▍▌▋▊▉█", "░", "▁▂▃▄▅▆▇█"
_LONGEST_NAME, _SHORTEST_BAR = 28, 10
"""In plain text: the most columns for names, and the least for bars."""


def drawings_of(
    issue: Issue, language: Language, colours: Mapping[str, Mapping[str, str]]
) -> Iterator[tuple[str, str, tuple[int, int]]]:
    """The drawings of an issue's charts in the `colours` of each scheme: their names, SVG and sizes."""
    if not any(opened.name == "chart" for opened in issue.opened):
        return
    for block in walk_blocks(issue):
        if not isinstance(block, Directive) or block.name != "chart":
            continue
        chart = read_chart(block, language)
        turned = has_right_to_left(_words(block, chart))
        for mirrored in {language.dir == "rtl", turned, False} if turned or language.dir == "rtl" else {False}:
            for number, size in _drawings(chart):
                for scheme in SCHEMES:
                    yield (
                        _name(chart, number, mirrored=mirrored, scheme=scheme),
                        _drawn(chart, number, colours[scheme], mirrored=mirrored),
                        size,
                    )


def _words(directive: Directive, chart: Chart) -> str:
    return plain_text((*directive.argument, *(inline for label in chart.labels for inline in label)))


def _drawings(chart: Chart) -> list[tuple[int, tuple[int, int]]]:
    """The drawings that a chart needs: for sparklines, one for each line."""
    if not is_drawn(chart.type) or not chart.drawable:
        return []
    return [(number, SPARK) for number in range(len(chart.series))] if chart.type == SPARKLINE else [(0, SIZE)]


def _drawn(chart: Chart, number: int, colours: Mapping[str, str], *, mirrored: bool) -> str:
    if chart.type == SPARKLINE:
        return draw_spark(chart.series[number], colours, mirrored=mirrored)
    return draw_chart(chart, colours, mirrored=mirrored)


def _name(chart: Chart, number: int, *, mirrored: bool, scheme: str) -> str:
    """The file name of a drawing. An author's own file never begins like this."""
    svg = _drawn(chart, number, variables(), mirrored=mirrored)
    return f"\0chart-{hashlib.sha256(svg.encode()).hexdigest()[:12]}-{scheme}"


def _picture(writer: HtmlWriter, chart: Chart, number: int, scheme: str = SCHEMES[0]) -> tuple[str, int, int]:
    """Address and size of a drawing; empty if the letter does not have it."""
    src, width, height = writer.source(Image(_name(chart, number, mirrored=writer.dir == "rtl", scheme=scheme), ""))
    return (src, width, height) if width else ("", 0, 0)


def source_of(directive: Directive) -> tuple[Inline, ...]:
    """The source of the figures, as written."""
    return next((fact.inlines for fact in directive.facts if fact.label == "source"), ())


def _figure(language: Language, value: Decimal | None, unit: str) -> str:
    return "–" if value is None else language.number(value, unit)


def _of_meter(language: Language, chart: Chart, index: int) -> str:
    value = chart.series[0].values[index]
    if value is None or (chart.unit == "%" and chart.wholes[index] == 100):
        return _figure(language, value, chart.unit)
    return f"{_figure(language, value, '')} / {_figure(language, chart.wholes[index], chart.unit)}"


def _figure_text(language: Language, chart: Chart, series: int, index: int) -> str:
    """A figure as it is shown beside its bar."""
    if chart.type == METER:
        return _of_meter(language, chart, index)
    return _figure(language, chart.series[series].values[index], chart.unit)


def _figure_widths(language: Language, chart: Chart) -> Iterator[int]:
    """The columns of text that each figure takes, of every series."""
    for at in range(len(chart.series)):
        yield from (_breadth(_figure_text(language, chart, at, row)) for row in range(len(chart.labels)))


def _alt(directive: Directive, chart: Chart, language: Language, series: tuple[Series, ...]) -> str:
    """The alt text of a drawing, in words and figures."""
    texts = []
    for one in series:
        pairs = [
            f"{plain_text(label)} {_figure(language, value, chart.unit)}".strip()
            for label, value in zip(chart.labels, one.values, strict=False)
        ]
        name = plain_text(one.name)
        text = ", ".join(pairs)
        texts.append(language.around("labelled", label=name, text=text) if name and len(chart.series) > 1 else text)
    about = plain_text(directive.argument)
    text = "; ".join(texts)
    text = language.around("labelled", label=about, text=text) if about else text
    return text if len(text) <= _ALT else f"{text[:_ALT].rpartition(', ')[0]} …"


def _others(directive: Directive) -> list[Block]:
    """Other blocks than its table. They are a mistake, but no text is lost."""
    table = next((block for block in directive.blocks if isinstance(block, Table)), None)
    return [block for block in directive.blocks if block is not table]


def _share(value: Decimal, span: Decimal, full: int = 100) -> int:
    return int((value * full / span).quantize(Decimal(1), ROUND_HALF_EVEN)) if span else 0


def _longest_word(lines: Iterable[str]) -> int:
    """The columns of text that the longest word takes."""
    return max((_breadth(word) for line in lines for word in _WORD.findall(line)), default=0)


def _breadth(text: str) -> int:
    """The approximate columns of `text` in a proportional font: Arabic letters are narrow."""
    return ceil(display_width(text) - _NARROWER * len(_ARABIC.findall(text)))


def _spans(many: int, longest: int, room: int) -> list[int]:
    """The number of points that share a name below a drawing, so that the longest word fits.

    A few names are always all shown. Of very long names, two are shown.
    """
    width, half = (longest + 1) * many, ceil(many / 2)
    least = next((step for step in range(1, half) if room * step >= width), half)
    even = (step for step in range(least, least * 3 // 2 + 1) if room * (many % step or step) >= width)
    step = 1 if many <= _BROKEN else next(even, least)
    return [min(step, many - at) for at in range(0, many, step)]


def _html(writer: HtmlWriter, directive: Directive, container: str) -> str:
    chart = read_chart(directive, writer.language)
    rest = writer.blocks(_others(directive), container)
    if chart.table is None:
        return lines(title(writer, directive.argument, container), rest)
    table = writer.blocks((chart.table,), container)
    source = _source_line(writer, directive)
    if writer.look.profile != "web" or not chart.drawable:
        pictures = [_in_feed(writer, directive, chart, number) for number, _ in _drawings(chart)]
        source = f"<p>{source}</p>" if source else ""
        return lines(title(writer, directive.argument, container), *pictures, table, source, rest)
    if chart.type == SPARKLINE:
        shown = _sparks_on_page(writer, directive, chart)
    elif is_drawn(chart.type):
        shown = _drawing_on_page(writer, directive, chart)
    else:
        shown = _bars_on_page(writer, chart)
    words = writer.line(directive.argument, "figure")
    about = f'<p class="title">{words}</p>' if words else ""
    behind = f"<details><summary>{escape(writer.language.words['figures'])}</summary>\n{table}\n</details>"
    caption = f"<figcaption>{source}</figcaption>" if source else ""
    return lines(f'<figure class="chart {chart.type}">\n{lines(about, shown, behind, caption)}\n</figure>', rest)


def _source_line(writer: HtmlWriter, directive: Directive) -> str:
    source = writer.line(source_of(directive), "figure")
    label = escape(writer.language.words["source"])
    return writer.language.around("labelled", label=label, text=source) if source else ""


def _in_feed(writer: HtmlWriter, directive: Directive, chart: Chart, number: int) -> str:
    src, width, height = _picture(writer, chart, number)
    if writer.look.profile == "web" or not src:
        return ""
    series = chart.series[number : number + 1] if chart.type == SPARKLINE else chart.series
    alt = escape_attribute(_alt(directive, chart, writer.language, series))
    return f'<p><img src="{src}" alt="{alt}" width="{width}" height="{height}" /></p>'


def _svg(writer: HtmlWriter, directive: Directive, chart: Chart, number: int, series: tuple[Series, ...]) -> str:
    svg = _drawn(chart, number, variables(), mirrored=writer.dir == "rtl")
    alt = escape_attribute(_alt(directive, chart, writer.language, series))
    return svg.replace('<svg xmlns="http://www.w3.org/2000/svg"', f'<svg role="img" aria-label="{alt}"', 1)


def _drawing_on_page(writer: HtmlWriter, directive: Directive, chart: Chart) -> str:
    view = _around(writer, chart)
    legend = "".join(
        f'<li class="s{at}">{entry["name"]}{" <b>" + entry["last"] + "</b>" if entry["last"] else ""}</li>'
        for at, entry in enumerate(view["legend"])
    )
    legend = f'<ul class="legend">{legend}</ul>' if legend else ""
    svg = _svg(writer, directive, chart, 0, chart.series)
    axis = (
        f'<div class="axis" aria-hidden="true"><span>{view["high"]}</span><span>{view["low"]}</span></div>'
        if view["high"]
        else ""
    )
    names = "".join(
        f'<span style="grid-column:span {name["span"]}">{name["name"]}{"<b>" + name["figure"] + "</b>" if name["figure"] else ""}</span>'
        for name in view["names"]
    )
    kind = "names" + ("" if view["centred"] else " start") + (" broken" if view["broken"] else "")
    below = f'<div class="{kind}" style="grid-template-columns:repeat({len(chart.labels)},minmax(0,1fr))">{names}</div>'
    return f'{legend}<div class="plot">{axis}<div>{svg}{below}</div></div>'


def _sparks_on_page(writer: HtmlWriter, directive: Directive, chart: Chart) -> str:
    rows = []
    for number, one in enumerate(chart.series):
        svg = _svg(writer, directive, chart, number, (one,))
        rows.append(
            f'<tr><th scope="row">{writer.line(one.name, "cell")}</th><td>{svg}</td><td class="value">{_last(writer, chart, one)}</td></tr>'
        )
    columns = "".join(f'<col style="width:{share}%" />' for share in _spark_shares(writer, chart))
    return f'<table class="sparks"><colgroup>{columns}</colgroup><tbody>\n{lines(*rows)}\n</tbody></table>'


def _spark_shares(writer: HtmlWriter, chart: Chart) -> tuple[int, int, int]:
    """The hundredths of the width for names, lines and figures, so that no figure is broken on a phone."""
    longest = max((display_width(unescape(_last(writer, chart, one))) for one in chart.series), default=0)
    least, most = _SPARK_FIGURE
    figures = min(max(longest * _SPARK_COLUMN + 1, least), most)
    line = min(_SPARK_SHARE, (100 - figures) // 2)
    return 100 - figures - line, line, figures


def _last(writer: HtmlWriter, chart: Chart, one: Series) -> str:
    values = [value for value in one.values if value is not None]
    return escape(_figure(writer.language, values[-1], chart.unit)) if values else ""


def _bars_on_page(writer: HtmlWriter, chart: Chart) -> str:
    legend = _names_of_series(writer, chart)
    marks = "".join(f'<li class="s{at}">{name}</li>' for at, name in enumerate(legend))
    rows = []
    long = _is_long(writer, chart)
    alone, longest = long and len(chart.series) == 1, max(_figure_widths(writer.language, chart), default=0)
    for row in _bars(writer, chart):
        figures = [f'<span class="value">{bar["figure"]}</span>' for bar in row["bars"]]
        bars = "".join(
            f'<div class="bar s{bar["series"]}">{_track(bar)}{"" if alone else figure}</div>'
            for bar, figure in zip(row["bars"], figures, strict=True)
        )
        name = f'<th scope="row">{row["name"]}</th>'
        if alone:
            rows.append(f'<tr>{name}<td class="value">{row["bars"][0]["figure"]}</td></tr>')
            rows.append(f'<tr aria-hidden="true"><td colspan="2">{bars}</td></tr>')
        else:
            rows.append(f"<tr>{name}<td>{bars}</td></tr>")
    kind = "bars alone" if alone else "bars long" if long else "bars"
    shown = f'<table class="{kind}" style="--figure:{longest}ch"><tbody>\n{lines(*rows)}\n</tbody></table>'
    return lines(f'<ul class="legend">{marks}</ul>' if marks else "", shown)


def _is_long(writer: HtmlWriter, chart: Chart) -> bool:
    """Whether names and figures are above the bars, because they have too little room beside them on a phone."""
    names = [plain_text(label) for label in chart.labels]
    if max(_figure_widths(writer.language, chart), default=0) > _LONGEST_FIGURE or _longest_word(names) > _LONGEST_WORD:
        return True
    return max(map(display_width, names), default=0) > _LONGEST_LABEL


def _track(bar: Mapping[str, Any]) -> str:
    share, before = bar["share"] / 100, bar["before"] / 100
    if bar["rest"]:
        return f'<span class="track" aria-hidden="true"><i style="--share:{share:g}"></i></span>'
    gap = f'<span style="--share:{before:g}"></span>' if before else ""
    return f'{gap}<i aria-hidden="true" style="--share:{share:g}"></i>'


def _names_of_series(writer: HtmlWriter, chart: Chart) -> list[str]:
    return [writer.line(one.name, "cell") for one in chart.series] if len(chart.series) > 1 else []


def _bars(writer: HtmlWriter, chart: Chart) -> list[dict[str, Any]]:
    """The rows of bars, each with its `name` and its `bars`.

    Each bar has its `series`, its width in hundredths (`share`, after `before`), its `figure`, and whether a `rest`
    follows it.
    """
    rows = []
    low, high = chart.bounds
    span = high - low or Decimal(1)
    zero = _share(-low, span)
    for index, label in enumerate(chart.labels):
        bars = []
        for at, one in enumerate(chart.series):
            value = one.values[index]
            if chart.type == METER:
                whole = chart.wholes[index]
                share, before = _share(max(min(value or Decimal(0), whole), Decimal(0)), whole), 0
            else:
                share = _share(abs(value or Decimal(0)), span)
                before = 0 if value is None else zero - share if value < 0 else zero
            drawn = max(share, 1) if value else 0
            bars.append(
                {
                    "series": at,
                    "share": drawn,
                    "before": max(before, 0),
                    "figure": escape(_figure_text(writer.language, chart, at, index)),
                    "rest": chart.type == METER and value is not None,
                }
            )
        rows.append({"name": writer.line(label, "cell"), "bars": bars})
    return rows


def _around(writer: HtmlWriter, chart: Chart) -> dict[str, Any]:
    """The text around a drawing: `legend`, the `names` below and the ends of its axis.

    Names are `centred`, or at the start of their part.
    """
    language, many = writer.language, len(chart.labels)
    ends = [_figure(language, end, chart.unit) for end in chart.bounds]
    texts = [_figure(language, value, chart.unit) for value in chart.series[0].values]
    longest = _longest_word(map(plain_text, chart.labels))
    width = max(map(_breadth, texts)) + 1
    single = len(chart.series) == 1 and many <= _FEW
    figures = single and width * many <= _ROOM and _spans(many, longest, _ROOM)[0] == 1
    room = _ROOM if figures else _ROOM - max(map(_breadth, ends)) - 1
    spans = _spans(many, longest, room)
    names, index = [], 0
    for span in spans:
        shown = span == spans[0] or room * span >= (longest + 1) * many
        names.append(
            {
                "name": writer.line(chart.labels[index], "cell") if shown else "",
                "figure": escape(texts[index]) if figures else "",
                "span": span,
            }
        )
        index += span
    legend = [
        {"name": name, "last": _last(writer, chart, one) if chart.type == LINE else ""}
        for name, one in zip(_names_of_series(writer, chart), chart.series, strict=False)
    ]
    return {
        "legend": legend,
        "names": names,
        "centred": spans[0] == 1,
        "broken": (longest + 1) * many > room * spans[0],
        "high": "" if figures else escape(ends[1]),
        "low": "" if figures else escape(ends[0]),
    }


def _email(templates: Templates, writer: HtmlWriter, directive: Directive, container: str) -> str:
    chart = read_chart(directive, writer.language)
    rest = writer.blocks(_others(directive), container)
    if chart.table is None:
        return lines(title(writer, directive.argument, container), rest)
    pictures = [(number, _picture(writer, chart, number)) for number, _ in _drawings(chart)]
    if not chart.drawable or any(not picture[0] for _, picture in pictures):
        return lines(title(writer, directive.argument, container), writer.blocks((chart.table,), container), rest)
    if chart.type == SPARKLINE:
        traits = {"rows": _safe(_spark_rows(writer, directive, chart)), "shares": _spark_shares(writer, chart)}
        html = templates.render(writer, "chart-sparks", "cell", traits)
    elif is_drawn(chart.type):
        picture = _both(writer, directive, chart, 0, chart.series)
        traits = {**_safe(_around(writer, chart)), "many": len(chart.labels), "columns": chart.type == COLUMN}
        html = templates.render(writer, "chart-picture", "cell", traits, picture=picture)
    else:
        traits = {
            "rows": _safe(_bars(writer, chart)),
            "legend": _safe(_names_of_series(writer, chart)),
            "long": _is_long(writer, chart),
            "whole": max(_figure_widths(writer.language, chart), default=0) <= _WHOLE,
        }
        html = templates.render(writer, "chart-bars", "cell", traits)
    shown = templates.render(
        writer,
        "chart",
        "figure",
        title=writer.line(directive.argument, "figure"),
        html=html,
        source=_source_line(writer, directive),
    )
    return shown + rest


def _spark_rows(writer: HtmlWriter, directive: Directive, chart: Chart) -> list[dict[str, str]]:
    return [
        {
            "name": writer.line(one.name, "cell"),
            "picture": _both(writer, directive, chart, number, (one,)),
            "figure": _last(writer, chart, one),
        }
        for number, one in enumerate(chart.series)
    ]


def _both(writer: HtmlWriter, directive: Directive, chart: Chart, number: int, series: tuple[Series, ...]) -> str:
    """The drawing for light mode, and another for dark mode."""
    alt = escape_attribute(_alt(directive, chart, writer.language, series))
    light, width, height = _picture(writer, chart, number)
    dark, _, _ = _picture(writer, chart, number, SCHEMES[1])
    shape = f"border:0;width:100%;max-width:{width}px;height:auto"
    by_day = (
        f'<img src="{light}" alt="{alt}" width="{width}" height="{height}" class="lt" style="display:block;{shape}" />'
    )
    by_night = f'<img src="{dark}" alt="{alt}" width="{width}" height="{height}" class="dk" style="display:none;{shape};max-height:0;mso-hide:all" />'
    return f"{by_day}<!--[if !mso]><!-->{by_night}<!--<![endif]-->"


def _safe(value: Any) -> Any:
    """Texts from an HtmlWriter, marked so that a template does not escape them."""
    from markupsafe import Markup

    match value:
        case str():
            return Markup(value)  # noqa: S704 (see above)
        case list():
            return [_safe(one) for one in value]
        case dict():
            return {key: _safe(one) for key, one in value.items()}
        case _:
            return value


def _text(writer: TextWriter, directive: Directive, width: int) -> list[str]:
    chart = read_chart(directive, writer.language)
    heading = writer.title(directive.argument, width)
    rest = writer.blocks(_others(directive), width)
    if chart.table is None:
        return spaced([heading, rest])
    shown = _bars_text(writer, chart, width) if chart.drawable else writer.block(chart.table, width)
    source = writer.inlines(source_of(directive)).strip()
    credit = wrap(writer.labelled(writer.language.words["source"], source), width) if source else []
    return spaced([heading, shown, credit, rest])


def _bars_text(writer: TextWriter, chart: Chart, width: int) -> list[str]:
    if chart.type == SPARKLINE:
        return _sparks_text(writer, chart, width)
    several = len(chart.series) > 1
    groups = []
    texts = (
        _figure_text(writer.language, chart, at, row)
        for at in range(len(chart.series))
        for row in range(len(chart.labels))
    )
    figures = max(map(display_width, texts))
    for at, one in enumerate(chart.series):
        rows = [
            (writer.inlines(label), one.values[index], _figure_text(writer.language, chart, at, index))
            for index, label in enumerate(chart.labels)
        ]
        bars = _bars_of(rows, chart, figures, width - 2 if several else width)
        groups.append(
            [*(writer.title(one.name, width) if several else []), *(f"  {bar}" if several else bar for bar in bars)]
        )
    return spaced(groups)


def _bars_of(rows: list[tuple[str, Decimal | None, str]], chart: Chart, figures: int, width: int) -> list[str]:
    """Names, bars and figures.

    Each figure takes as many columns as the longest one of the chart.
    """
    names = min(max((display_width(name) for name, _, _ in rows), default=0), _LONGEST_NAME)
    room = max(width - names - figures - 2, _SHORTEST_BAR)
    low, high = chart.bounds
    most = max(abs(low), abs(high)) or Decimal(1)
    written = []
    for index, (name, value, figure) in enumerate(rows):
        shown = name if display_width(name) <= names else next(iter(wrap(name, names)), "")[: names - 1] + "…"
        padded = shown + " " * (names - display_width(shown))
        whole = chart.wholes[index] if chart.type == METER else most
        bar = _bar(abs(value or Decimal(0)), whole, room)
        if chart.type == METER:
            bar += _LIGHT * (room - len(bar))
        elif value is not None and value < 0:
            bar = "-" * len(bar)
        written.append(f"{padded} {bar} {figure}".rstrip() if bar else f"{padded} {figure}".rstrip())
    return written


def _bar(value: Decimal, whole: Decimal, room: int) -> str:
    """A bar of block characters, to an eighth of a column."""
    eighths = int((min(value, whole) * room * 8 / whole).quantize(Decimal(1), ROUND_HALF_EVEN))
    if value and not eighths:
        eighths = 1
    return _BLOCKS[8] * (eighths // 8) + (_BLOCKS[eighths % 8] if eighths % 8 else "")


def _sparks_text(writer: TextWriter, chart: Chart, width: int) -> list[str]:
    names = [writer.inlines(one.name) for one in chart.series]
    room = min(max(map(display_width, names), default=0), _LONGEST_NAME)
    written = []
    for name, one in zip(names, chart.series, strict=True):
        values = [value for value in one.values if value is not None]
        low = min(values, default=Decimal(0))
        span = max(values, default=Decimal(1)) - low or Decimal(1)
        drawn = "".join(" " if value is None else _SPARKS[_share(value - low, span, 7)] for value in one.values)
        figure = _figure(writer.language, values[-1], chart.unit) if values else ""
        kept = drawn[-max(width - room - display_width(figure) - 2, _SHORTEST_BAR) :]
        written += [f"{name}{' ' * (room - display_width(name))} {kept} {figure}".strip()]
    return written


CHART = DirectiveForms(_html, _email, _text)
