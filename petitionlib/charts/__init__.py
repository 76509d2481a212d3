"""Finished table -> plotly figure, one chart a file."""
