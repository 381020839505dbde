"""Executed notebooks to one published page."""
