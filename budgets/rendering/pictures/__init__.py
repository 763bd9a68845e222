"""What a document says in pictures, from its own cells alone: the same drawings stand on its page and in its PDF."""
