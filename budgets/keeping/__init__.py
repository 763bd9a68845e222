"""What the portal keeps: how long, sealed at the end of a year, copied whole, and brought back."""
