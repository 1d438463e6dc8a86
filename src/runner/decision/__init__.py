"""Is it worth it? Pure functions of numbers: no files, no models, no clock."""
