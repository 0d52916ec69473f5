"""History held against the machines: what they allow, what properties they declare, and what would mend them."""
