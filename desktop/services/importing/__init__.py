"""Import of cases from a spreadsheet: read it whole, judge each row alone, keep what is sound, name what is not."""
