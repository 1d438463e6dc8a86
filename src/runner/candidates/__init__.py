"""Pipelines: preparation and estimator of one candidate."""
