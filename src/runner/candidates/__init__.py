"""Candidates as scikit-learn pipelines: their preparations, and the estimators that scikit-learn does not have."""
