"""CalDAV, read-only (RFC 4791, RFC 6578): what a person follows, for apps that would rather ask than poll."""
