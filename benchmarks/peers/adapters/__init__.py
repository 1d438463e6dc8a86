"""One small program a system: it reads its job, fits within the budget, and hands back what it predicts."""
