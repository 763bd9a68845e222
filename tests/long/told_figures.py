"""A table of figures in Markdown, printed row by row: what was measured, what must be right, what took too long."""

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field


@dataclass
class Figures:
    """Prints rows; keeps what is wrong, and what took longer than its target."""

    ends: float
    wrong: list[str] = field(default_factory=list)
    slow: list[str] = field(default_factory=list)

    def tell(self, name: str, words: str, target: str = "", *, slow: bool = False) -> None:
        """A row; `slow` says that it misses its target, which an idle machine should not."""
        print(f"| {name} | {words} | {target} |", flush=True)
        if slow:
            self.slow.append(f"{name}: {words}, target {target}")

    def seconds(self, name: str, value: float, most: float) -> None:
        """A row of seconds."""
        self.tell(name, f"{value:.1f} s", f"≤ {most:.0f} s", slow=value > most)

    def hold(self, name: str, faults: Iterable[str]) -> None:
        """A row of what must be right."""
        found = list(faults)
        self.tell(name, "; ".join(found) or "0 wrong", "0 wrong")
        self.wrong += [f"{name}: {fault}" for fault in found]

    def until(self, what: str, is_so: Callable[[], bool]) -> None:
        """Wait for what workers do. Raises SystemExit when the time of the script is over."""
        while not is_so():
            if time.monotonic() > self.ends:
                raise SystemExit(f"time is over: {what}")
            time.sleep(0.5)
