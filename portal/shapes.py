"""The small shapes that stand beside words, so that nothing is told by colour alone.

Each is drawn on a 16 by 16 grid in the colour of the text around it, and hidden from screen readers: the words beside
it say the same.
"""

from __future__ import annotations

from django.utils.html import format_html
from django.utils.safestring import SafeString

_RING = '<circle cx="8" cy="8" r="6.25" fill="none" stroke="currentColor" stroke-width="1.5"/>'
_DISC = '<circle cx="8" cy="8" r="7" fill="currentColor"/>'
_STROKE = 'fill="none" stroke="currentColor" stroke-width="1.5" stroke-linecap="round" stroke-linejoin="round"'
_WHITE = 'fill="none" stroke="#fff" stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round"'

SHAPES: dict[str, str] = {
    "dashed": f'<circle cx="8" cy="8" r="6.25" {_STROKE} stroke-dasharray="2.2 2.7"/>',
    "ring": _RING,
    "half": f'{_RING}<path d="M8 1.75a6.25 6.25 0 0 0 0 12.5z" fill="currentColor"/>',
    "circling": f'<path d="M13.6 6.2A6 6 0 1 0 14 8.6M13.9 2.4v4h-4" {_STROKE}/>',
    "waiting": f'<path d="M4 1.75h8M4 14.25h8M5 2v2.6c0 1.5 6 5.3 6 6.8V14M11 2v2.6c0 1.5-6 5.3-6 6.8V14" {_STROKE}/>',
    "tick": f'{_DISC}<path d="m4.7 8.2 2.3 2.4 4.3-4.9" {_WHITE}/>',
    "struck": f'{_RING}<path d="m3.8 12.2 8.4-8.4" {_STROKE}/>',
    "dash": f'<path d="M3.5 8h9" {_STROKE}/>',
    "calendar": f'<path d="M2 3.5h12v10.5H2zM2 6.75h12M5.25 1.75v3M10.75 1.75v3" {_STROKE}/>',
    "clock": f'{_RING}<path d="M8 4.5V8l2.5 1.75" {_STROKE}/>',
    "warning": '<path d="M8 1 15.5 14.5H.5z" fill="currentColor"/><path d="M8 6v4.2M8 12.3v.2" '
    'stroke="#fff" stroke-width="1.6" stroke-linecap="round"/>',
    "information": f'{_DISC}<path d="M8 7.2v4.3M8 4.5v.2" {_WHITE}/>',
    "stop": f'{_DISC}<path d="M8 4v5M8 11.7v.2" {_WHITE}/>',
    "bar": '<path d="M4 4h8v8H4z" fill="currentColor"/>',
}


def shape(name: str, css: str = "app-tag__shape") -> SafeString:
    """The drawing called ``name``, ready for a page. An unknown name is an error: it would leave colour alone."""
    return format_html(
        '<svg class="{}" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true" focusable="false">{}</svg>',
        css,
        SafeString(SHAPES[name]),
    )
