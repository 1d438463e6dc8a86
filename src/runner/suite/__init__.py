"""Many runs in one night, judged against what was accepted: tables, budgets and seeds side by side."""
