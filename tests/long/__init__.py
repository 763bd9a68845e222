"""Long measurements, each a script with a seed and a time limit; a twentieth of each is a test marked slow."""
