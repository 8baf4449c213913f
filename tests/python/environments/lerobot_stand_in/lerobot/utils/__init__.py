"""What everything uses."""
