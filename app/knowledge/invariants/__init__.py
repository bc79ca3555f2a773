"""What must hold of the knowledge: one function per invariant, named for what holds."""
