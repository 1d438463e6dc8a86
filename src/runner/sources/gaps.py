"""Words and marks that stand for a missing value."""

GAPS = ("NA", "N/A", "n/a", "NaN", "nan", "NULL", "null", "None", "none", "<NA>", "?")  # skrub reads these as missing
SAID = ("unknown", "missing", "not available", "n.a.", "nil")
MARKS = ("-", "--", "–", "—", ".", "*", "#N/A", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!")  # as Excel has them
MISSING = (*GAPS, *MARKS, *(form for word in SAID for form in (word, word.capitalize(), word.upper())))  # among numbers
