"""Letters in words: what each kind of news says, in the reader's language, as text and as HTML."""
