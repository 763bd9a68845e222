"""What tests make: facts, ledgers, disclosures, documents and files; one module for each kind. Amounts are 万元."""
