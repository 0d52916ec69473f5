"""Is a text a colour, which one, and can it be seen?"""

from __future__ import annotations

import re

_HEX = re.compile(r"#(?:[0-9a-fA-F]{3}|[0-9a-fA-F]{6})")
NAMES = frozenset(
    """aliceblue antiquewhite aqua aquamarine azure beige bisque black blanchedalmond blue blueviolet brown burlywood
    cadetblue chartreuse chocolate coral cornflowerblue cornsilk crimson cyan darkblue darkcyan darkgoldenrod darkgray
    darkgreen darkgrey darkkhaki darkmagenta darkolivegreen darkorange darkorchid darkred darksalmon darkseagreen
    darkslateblue darkslategray darkslategrey darkturquoise darkviolet deeppink deepskyblue dimgray dimgrey dodgerblue
    firebrick floralwhite forestgreen fuchsia gainsboro ghostwhite gold goldenrod gray green greenyellow grey honeydew
    hotpink indianred indigo ivory khaki lavender lavenderblush lawngreen lemonchiffon lightblue lightcoral lightcyan
    lightgoldenrodyellow lightgray lightgreen lightgrey lightpink lightsalmon lightseagreen lightskyblue lightslategray
    lightslategrey lightsteelblue lightyellow lime limegreen linen magenta maroon mediumaquamarine mediumblue
    mediumorchid mediumpurple mediumseagreen mediumslateblue mediumspringgreen mediumturquoise mediumvioletred
    midnightblue mintcream mistyrose moccasin navajowhite navy oldlace olive olivedrab orange orangered orchid
    palegoldenrod palegreen paleturquoise palevioletred papayawhip peachpuff peru pink plum powderblue purple
    rebeccapurple red rosybrown royalblue saddlebrown salmon sandybrown seagreen seashell sienna silver skyblue
    slateblue slategray slategrey snow springgreen steelblue tan teal thistle tomato turquoise violet wheat white
    whitesmoke yellow yellowgreen""".split()  # noqa: SIM905  a list of 148 names would take a page
)


def is_colour(text: object) -> bool:
    """Tell whether a text is #RGB, #RRGGBB or a CSS colour name."""
    return isinstance(text, str) and (_HEX.fullmatch(text) is not None or text.casefold() in NAMES)


def normal(text: str) -> str:
    """Return one spelling of a colour: lower case, #RGB written as #rrggbb.

    Examples
    --------
    >>> normal("#0AF")
    '#00aaff'
    """
    text = text.casefold()
    return "#" + "".join(digit * 2 for digit in text[1:]) if re.fullmatch(r"#[0-9a-f]{3}", text) else text


def contrast_with_white(text: str) -> float | None:
    """Return the contrast ratio (1 to 21) of a colour given in hexadecimal to white, by WCAG 2; None for a name.

    Examples
    --------
    >>> contrast_with_white("#fff"), contrast_with_white("#000")
    (1.0, 21.0)
    """
    colour = normal(text)
    if not _HEX.fullmatch(colour):
        return None
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]  # noqa: PLR2004  sRGB
    luminance = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    return round(1.05 / (luminance + 0.05), 2)
