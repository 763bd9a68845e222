"""What citizens see: files made at publication, and the lists and the search that lead to them."""
