"""Our count beside another tool's, on the same logs, and what makes the difference."""
