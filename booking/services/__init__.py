"""Use cases: load, ask the rules, write down, put the event. Nothing here commits."""
