"""The analyst's widgets: choices -> lines of code -> views."""
