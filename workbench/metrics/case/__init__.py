"""From complaint to cause: why one aggregate is where it is, why not elsewhere, and what else concerns it."""
