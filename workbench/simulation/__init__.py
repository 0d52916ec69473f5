"""What would an application driven by these machines have written into its event store?"""

from workbench.simulation.export import simulate, write_export
from workbench.simulation.labels import Fault, SimulationReport

__all__ = ["Fault", "SimulationReport", "simulate", "write_export"]
