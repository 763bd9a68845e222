"""Child processes with limits of memory and time: how one is asked, and how it answers."""
