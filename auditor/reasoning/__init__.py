"""Forward chaining over a few dozen facts per project: what applies, and what follows."""
