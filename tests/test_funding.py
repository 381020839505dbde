"""Funding: partners' sums, what repays them, rounds and statements."""
