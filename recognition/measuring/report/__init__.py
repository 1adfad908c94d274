"""What an evaluation says: a plain list of sections, each with its text, its figures and its plots."""
