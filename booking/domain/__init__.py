"""Pure rules: no Flask, no SQLAlchemy, no clock. Time is an argument."""
