"""Candidates as scikit-learn pipelines: their preparations, and the estimators that scikit-learn does not have."""

from runner.loading import at_first_use

at_first_use("skrub._reporting._plotting")  # it imports matplotlib, which no candidate needs
