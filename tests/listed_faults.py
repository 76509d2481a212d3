"""Faults as a test reads them: file, line, column, what was found, and the message in English."""


def fault_rows(problems):
    """List problems as tuples."""
    return [(*problem[:4], problem.message) for problem in problems]
