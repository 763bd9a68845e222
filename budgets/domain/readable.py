"""Words that somebody typed, made fit to be read by others."""


def cleaned(text: str) -> str:
    """The text without control characters, signs of direction and blanks around it; line ends stay, as one line feed each."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(c for c in plain if c == "\n" or c.isprintable()).strip()
