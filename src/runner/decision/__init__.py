"""Is the costly model worth it? Pure functions of numbers: no files, no models, no clock."""
