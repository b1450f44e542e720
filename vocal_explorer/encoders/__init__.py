"""The networks f_v and f_m, their weights, and how they run."""
