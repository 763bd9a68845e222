"""部门和人员名单: one Excel list of departments, units, contacts and people, read to rows and faults. No database."""
