"""How the cells of a workbook look: the format of their numbers, and their fill however the workbook names a colour."""

from __future__ import annotations

import colorsys
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from reviews.importing.readers.formats import BUILT_IN, letters_of, shows_day

#: The palette of sixty-four that old workbooks name by number.
_OLD = (  # noqa: SIM905 -- sixteen a line can be compared with the standard
    "000000 FFFFFF FF0000 00FF00 0000FF FFFF00 FF00FF 00FFFF 000000 FFFFFF FF0000 00FF00 0000FF FFFF00 FF00FF 00FFFF "
    "800000 008000 000080 808000 800080 008080 C0C0C0 808080 9999FF 993366 FFFFCC CCFFFF 660066 FF8080 0066CC CCCCFF "
    "000080 FF00FF FFFF00 00FFFF 800080 800000 008080 0000FF 00CCFF CCFFFF CCFFCC FFFF99 99CCFF FF99CC CC99FF FFCC99 "
    "3366FF 33CCCC 99CC00 FFCC00 FF9900 FF6600 666699 969696 003366 339966 003300 333300 993300 993366 333399 333333"
).split()


@dataclass(frozen=True, slots=True)
class Style:
    """How a cell shows its number: the format, whether that is a day, which parts of it; and the cell's fill."""

    format: str = "General"
    is_day: bool = False
    shows_date: bool = False
    month_only: bool = False
    fill: str = ""


def read_styles(root: Any, theme: bytes) -> list[Style]:
    """The styles that cells name by number."""
    formats = dict(BUILT_IN)
    for one in root.iterfind("{*}numFmts/{*}numFmt"):
        formats[int(one.get("numFmtId"))] = one.get("formatCode") or "General"
    palette = [one.get("rgb", "")[-6:] for one in root.iterfind("{*}colors/{*}indexedColors/{*}rgbColor")] or _OLD
    colours = _theme(theme)
    fills = [_fill(one, palette, colours) for one in root.iterfind("{*}fills/{*}fill")]
    return [
        _style(formats.get(int(one.get("numFmtId") or 0), "General"), _nth(fills, int(one.get("fillId") or 0)))
        for one in root.iterfind("{*}cellXfs/{*}xf")
    ]


def _style(form: str, fill: str) -> Style:
    parts = letters_of(form)
    return Style(form, shows_day(form), bool(re.search("[dm]", parts)), "d" not in parts, fill)


def _nth(values: list[str], number: int) -> str:
    return values[number] if 0 <= number < len(values) else ""


def _theme(xml: bytes) -> list[str]:
    """The workbook's own colours, in the order in which cells name them by number."""
    found = re.findall(rb'<a:(?:dk|lt|accent)\d>\s*<a:\w+ (?:val="\w*" lastClr|val)="([0-9A-Fa-f]{6})"', xml)
    colours = [colour.decode().upper() for colour in found]
    # Light and dark stand the other way about in the file.
    return [colours[1], colours[0], colours[3], colours[2], *colours[4:]] if len(colours) > 3 else []


def _fill(fill: Any, palette: list[str], theme: list[str]) -> str:
    pattern = fill.find("{*}patternFill")
    colour = pattern.find("{*}fgColor") if pattern is not None and pattern.get("patternType") == "solid" else None
    if colour is None:
        return ""
    named = _named(colour.get, palette, theme).upper()
    return named if re.fullmatch("[0-9A-F]{6}", named) and named != "FFFFFF" else ""


def _named(get: Callable[[str], str | None], palette: list[str], theme: list[str]) -> str:
    if rgb := get("rgb"):
        return str(rgb)[-6:]
    if indexed := get("indexed"):
        return _nth(palette, int(indexed))
    colour = _nth(theme, int(get("theme") or -1))
    return _tinted(colour, float(get("tint") or 0)) if colour else ""


def _tinted(colour: str, tint: float) -> str:
    """A colour made lighter, or darker where ``tint`` is below nought, as Excel does it."""
    hue, light, strength = colorsys.rgb_to_hls(*(int(colour[index : index + 2], 16) / 255 for index in (0, 2, 4)))
    light = light * (1 + max(tint, -1)) if tint < 0 else light + (1 - light) * min(tint, 1)
    return "".join(f"{round(part * 255):02X}" for part in colorsys.hls_to_rgb(hue, max(0.0, light), strength))
