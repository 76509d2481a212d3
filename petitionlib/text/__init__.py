"""Numbers and rows -> words, in the reader's language."""
