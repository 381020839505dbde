"""Context files: a published study's effects and their reach, and what the text leaves out."""
