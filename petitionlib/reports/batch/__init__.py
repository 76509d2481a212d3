"""Many reports: those of `reports.yaml` whose inputs have changed are built, and listed."""
