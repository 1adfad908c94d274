"""PostgreSQL, Redis and the product's own processes, started and stopped from this checkout. Imports no Django."""
