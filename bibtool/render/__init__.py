"""Entries to text: one file a format. Pure."""
