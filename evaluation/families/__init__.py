"""Are the copies of one print brought together, and nothing else."""
