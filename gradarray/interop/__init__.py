"""Rules for other libraries' functions."""
