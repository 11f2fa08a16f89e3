"""How records come in: the protocol of connectors and what they hand over."""
