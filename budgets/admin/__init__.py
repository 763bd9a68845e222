"""The back office: data entry for departments, review and publication for the bureau."""
