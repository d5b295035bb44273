"""Who is told what: pure rules."""
