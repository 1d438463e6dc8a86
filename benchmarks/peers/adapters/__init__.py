"""One small program per system: it reads its job, fits within the budget, and hands back its predictions."""
