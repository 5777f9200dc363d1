"""Who comes to a meeting, and the answers to its invitation."""
