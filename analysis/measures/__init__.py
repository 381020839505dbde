"""One module per question; frame in, small tidy frame out."""
