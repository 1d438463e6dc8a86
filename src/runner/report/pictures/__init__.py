"""The report's pictures: one per question, drawn from verdict.json in the colours of the page."""
