"""How is an answer handed on so that a third party can check it, without us and without the log?"""

from workbench.custody.bundle import Evidence, evidence
from workbench.custody.provenance import Provenance

__all__ = ["Evidence", "Provenance", "evidence"]
