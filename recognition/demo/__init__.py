"""What a newcomer finds: accounts, one listed person, a live deployment. Made through the ordinary services only."""
