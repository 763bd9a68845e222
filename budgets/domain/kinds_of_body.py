"""What kind of body a department is, told from its name: those of one kind are compared with each other."""

import re

# The longest ending decides. The list is the portal's own, for comparing only; no rule depends on it.
ENDINGS = {
    "乡镇街道": ("镇", "乡", "街道", "镇人民政府", "乡人民政府", "街道办事处", "苏木", "管理区"),
    "学校": ("小学", "中学", "学校", "幼儿园", "大学", "学院", "高中", "初中", "教育集团"),
    "医疗卫生机构": ("医院", "卫生院", "保健院", "保健中心", "疾病预防控制中心", "卫生服务中心", "血站", "急救中心"),
    "法院检察院": ("法院", "检察院"),
    "党群和人大政协": (
        "人大常委会", "人民代表大会常务委员会", "政协", "政治协商会议", "纪委", "监委", "监察委员会", "组织部", "宣传部", "统战部",
        "政法委", "政法委员会", "县委办", "县委办公室", "区委办公室", "市委办公室", "委员会办公室", "党校", "档案馆", "工会", "总工会", "团委", "妇联", "妇女联合会",
        "工商联", "工商业联合会", "文联", "科协", "科学技术协会", "残联", "残疾人联合会", "红十字会", "侨联",
    ),
    "政府部门": ("局", "委", "委员会", "办公室", "厅", "部", "政府", "政府办", "办"),
    "事业单位": ("中心", "站", "所", "队", "支队", "大队", "馆", "院", "台", "社", "园", "场", "处", "公司"),
}  # fmt: skip
OTHER = "其他"
TAIL = re.compile(r"[（(][^（）()]*[）)]$|本级$|机关$|\d+$")


def kind_of(name: str) -> str:
    """The kind, 其他 where no ending is known. 本级, what stands in brackets and a number behind the name do not count."""
    stem = name.strip()
    while (shorter := TAIL.sub("", stem)) != stem:
        stem = shorter
    endings = (
        (len(ending), kind) for kind, all_of in ENDINGS.items() for ending in all_of if stem.endswith(ending)
    )
    return max(endings, default=(0, OTHER))[1]
