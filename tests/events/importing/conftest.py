"""Lets these tests share their rows: tests are no package, so the folder itself is put on the path."""

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).parent))
