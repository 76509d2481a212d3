"""What the codes mean: indicators, units, places, spans, breaks, identities."""
