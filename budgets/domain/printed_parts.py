"""Parts of a printed disclosure that the portal makes out of the rest: nothing in them is the department's own."""

GLANCE = "一图读懂"  # one page of pictures of the figures
EXPLANATIONS = "核对提示与部门说明"  # what stands behind the last chapter
