"""Lets the laws share what they draw: tests are no package, so the folder itself is put on the path."""

import sys
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).parent))


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Let a soak ask every law, many more times than an ordinary run does."""
    if config.option.markexpr == "soak":
        for item in items:
            if item.path.parent == Path(__file__).parent:
                item.add_marker("soak")
