"""Lists with one line of headings, read to rows and faults: departments and people (名单), subject codes of a year (科目). No database."""
