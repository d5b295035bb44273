"""Tables of feeds, and the queries that read what they show."""
