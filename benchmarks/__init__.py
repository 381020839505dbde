"""How fast logs are loaded, and against what: `make bench`."""
