"""The classification's codes and the sample, as files, and their reader."""
