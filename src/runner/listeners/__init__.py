"""Listeners to the events of a run: they report and never decide."""
