"""What a figure says above and below itself, and a machine to draw."""

from __future__ import annotations

from types import SimpleNamespace


def machine(colors: dict[str, str | None], moves: set[tuple[str, str]], model: str = "Order") -> SimpleNamespace:
    states = tuple(SimpleNamespace(name=name, color=color, final=False) for name, color in colors.items())
    rule = SimpleNamespace(name="rule")
    allows = lambda source, target: (rule,) if (source, target) in moves else ()  # noqa: E731
    return SimpleNamespace(name="M", model=model, initial=states[0].name, states=states, allows=allows)


def title(figure) -> str:
    return figure.layout.title.text.replace("<br>", " ")


def said_below(figure) -> str:
    return figure.layout.title.subtitle.text.replace("<br>", " ")
