"""Rows of tables -> sentences and readable tables, in English and Vietnamese."""
