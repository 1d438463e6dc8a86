"""The report's pictures: one a question, drawn from verdict.json, in the colours of the page."""
