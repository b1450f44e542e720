"""Large files from the internet: with progress, resumed where they were cut."""
