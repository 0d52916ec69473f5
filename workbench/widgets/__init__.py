"""What moves in a notebook: widgets over a log, each with `.data()`, which says without a screen what it shows."""

from workbench.widgets.chart import MachineView, machine
from workbench.widgets.dashboard import Live, live
from workbench.widgets.explorer import AuditExplorer, audit_explorer
from workbench.widgets.funnels import FunnelBuilder, funnel_builder
from workbench.widgets.ribbons import VariantsExplorer, variants_explorer
from workbench.widgets.selections import Selection, selection
from workbench.widgets.stepper import Life, life
from workbench.widgets.travel import TimeTravel, time_travel
from workbench.widgets.views import View

__all__ = [
    "AuditExplorer",
    "FunnelBuilder",
    "Life",
    "Live",
    "MachineView",
    "Selection",
    "TimeTravel",
    "VariantsExplorer",
    "View",
    "audit_explorer",
    "funnel_builder",
    "life",
    "live",
    "machine",
    "selection",
    "time_travel",
    "variants_explorer",
]
