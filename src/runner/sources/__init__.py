"""Where a table comes from: a file, a workbook, a database or OpenML, read into a pandas frame."""
