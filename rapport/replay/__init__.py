"""What the system would have done with recorded or synthetic data: replay and demo."""
