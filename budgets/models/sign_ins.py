"""Who is signed in where: one row for each session, without anything by which the session could be taken over."""

from django.conf import settings
from django.db import models


class SignIn(models.Model):
    """One session of a person. The session names the row, never the row the session; without its row a session is over."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, verbose_name="人员", related_name="sign_ins"
    )
    began = models.DateTimeField("登录时间")
    seen = models.DateTimeField("最近使用")  # written at most once a minute
    address = models.CharField("网络地址", max_length=64)
    browser = models.CharField("浏览器", max_length=40)

    class Meta:
        verbose_name = verbose_name_plural = "登录"
        ordering = ["-seen", "-id"]

    def __str__(self) -> str:
        return f"{self.browser}，{self.address}"
