"""The portal for departmental budget disclosures (部门预算信息公开); docs/architecture.md draws its rooms."""
