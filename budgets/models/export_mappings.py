"""How the export of a region's budget system is read: mapped once a year by its finance bureau."""

from django.conf import settings
from django.db import models

from budgets.models.regions import Region


class ExportMapping(models.Model):
    """The layout of one region and year (`importing.exports.export_layouts`, as JSON), and the sample it was mapped on."""

    region = models.ForeignKey(Region, models.CASCADE, verbose_name="地区", related_name="export_mappings")
    fiscal_year = models.PositiveSmallIntegerField("预算年度")
    layout = models.JSONField("对应关系", default=dict)
    # What the sample says under the layout (`importing.exports.export_surveys`), for the page that shows it.
    survey = models.JSONField("样本", default=dict, blank=True)
    sample = models.FileField("样本文件", upload_to="exports/%Y/", max_length=200)
    name = models.CharField("文件名", max_length=255)
    ready = models.BooleanField("已启用", default=False, help_text="启用后，各部门导入这样的文件即按此读取。")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="对应人", related_name="+"
    )
    at = models.DateTimeField("保存时间", auto_now=True)

    class Meta:
        verbose_name = verbose_name_plural = "导出表对应"
        ordering = ["region", "-fiscal_year"]
        constraints = [
            models.UniqueConstraint(
                fields=["region", "fiscal_year"], name="one_export_mapping_per_region_and_year"
            )
        ]

    def __str__(self) -> str:
        return f"{self.region} {self.fiscal_year}年导出表对应"
