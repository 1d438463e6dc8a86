"""The runner compared with other systems: the same rows, the same number of seconds, one core each."""
