"""Modules that leave a process in a state in which it must not fork."""
