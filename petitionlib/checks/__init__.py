"""What was published against what follows from it, one kind of check a file."""
