"""What every wing uses: errors, progress, plain records, names, files. No torch, no Qt."""
