"""A warm Jupyter kernel: speed only, nobody need read it."""
