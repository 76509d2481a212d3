"""The analyst's widget: choices -> lines of code -> views."""
