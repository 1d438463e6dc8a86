"""Those who hear what happens in a run: they tell, they never decide."""
