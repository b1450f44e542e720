"""Reports: the paper's tables with our rows beneath."""
