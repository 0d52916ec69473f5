"""What moves in a notebook: widgets over a log, each with `.data()`, which says without a screen what it shows."""

from workbench.widgets.audit_view import AuditExplorer, audit_explorer
from workbench.widgets.funnel_view import FunnelBuilder, funnel_builder
from workbench.widgets.life_view import Life, life
from workbench.widgets.live_view import Live, live
from workbench.widgets.machine_view import MachineView, machine
from workbench.widgets.selections import Selection, selection
from workbench.widgets.travel_view import TimeTravel, time_travel
from workbench.widgets.variants_view import VariantsExplorer, variants_explorer
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
