"""What a publication leaves: payload, files of a revision, releases, the chain, and the proof of them."""
