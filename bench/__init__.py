"""Measures the figures that are promised, each next to its floor in the same run: `python -m bench`."""
