"""What counts as the department's explanation of a warning: words that say something, not a mark in a box."""

import re
import unicodedata

LEAST = 4  # letters; 情况属实 says something, 补充中 does not
LEAST_KINDS = 3
PLACEHOLDER = re.compile(
    r"(?:正在|尚在|还在|暂|待|稍后|以后|随后|即将|等待)*(?:补充|完善|填写|核实|核对|说明|处理|补|写)+(?:中|说明|材料|原因|完善)*"
)
ADVICE = "请写一句话说明原因，例如“当年新购一辆执法车，批文号……”；它随公开件公布，除非取消勾选。"


def refusal(text: str) -> str:
    """Why a text is no explanation, in Chinese with the remedy; blank when it is one, or when there is no text."""
    letters = "".join(letter for letter in unicodedata.normalize("NFKC", text) if letter.isalpha())
    if not text.strip():
        return ""
    if len(letters) < LEAST or len(set(letters)) < LEAST_KINDS or PLACEHOLDER.fullmatch(letters):
        return f"“{text.strip()[:20]}”没有说明原因。{ADVICE}"
    return ""
