"""Bytes on disk to tables: discover, scan, identity, store."""
