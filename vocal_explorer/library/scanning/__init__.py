"""Find files, see which changed, analyse those, store each as it is done."""
