"""Verbs other than the main job, a file each."""
