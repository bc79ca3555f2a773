"""Outside to Case: names, variants and dates are understood here or refused."""
