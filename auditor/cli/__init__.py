"""The commands: they ask, show, and set the exit code."""
