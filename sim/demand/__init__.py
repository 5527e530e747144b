"""Sources of incidents, one file each."""
