"""Exports that real stores wrote; not everybody has them."""

from pathlib import Path

import pytest

EXPORTS = Path(__file__).resolve().parents[3].parent / "shared" / "data" / "logs"
needs_exports = pytest.mark.skipif(not EXPORTS.exists(), reason="shared/data/logs (real exports) is missing")
