"""Notebook + parameters -> report."""
