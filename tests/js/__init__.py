"""A package, so that its browser is closed before other tests run: Django refuses its database where one is driven."""
