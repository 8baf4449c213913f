"""Types of configurations."""
