"""One case under two states of the knowledge: what moved, and which facts did it, proven by replay."""
