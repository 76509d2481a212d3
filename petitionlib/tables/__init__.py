"""Files -> one tidy table: a row for each published figure."""
