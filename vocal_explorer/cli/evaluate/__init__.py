"""The commands that measure: `evaluate TASK`."""
