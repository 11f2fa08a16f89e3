"""Samples: what people read of a population too large to be read whole, and what that says of the rest."""
