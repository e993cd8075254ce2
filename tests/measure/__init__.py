"""What tests/bench measures."""
