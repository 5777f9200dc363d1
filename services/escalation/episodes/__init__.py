"""Episodes: what incidents may have changed, what rules see, and what becomes of escalations; all pure."""
