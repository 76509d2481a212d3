"""The checks of printed numbers, one kind a file."""
