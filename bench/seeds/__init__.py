"""Rows to measure on, the same in every run: fixed seeds, two years, a fifth open, a few agencies with most of it."""
