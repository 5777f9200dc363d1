"""What a situation report is computed from figures, and how it becomes a PDF."""
