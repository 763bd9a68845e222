"""Words that the form carries, by which it is known again when it comes back filled in."""

GUIDE = "填表说明"
PROJECT = "（项目名称）"  # stands in the title of a goal table until somebody names the project
HINT = "白色格填写，没有的留空；灰色格由系统推出，不用填。"  # read by `meta_lines.FORM`
CALCULATED = "灰色格已写成公式，由系统推出的数随白色格变化，不用改。浅黄格也是公式，另有资金时改成合计数。"
