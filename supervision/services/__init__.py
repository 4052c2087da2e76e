"""Writes: watches are renewed, alerts raised, told, taken on and resolved."""
