"""Bytes on disk to tables."""
