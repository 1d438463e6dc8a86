"""The runner beside other systems: same rows, same seconds, one core each."""
