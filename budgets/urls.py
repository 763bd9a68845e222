"""Every address: the published files, the lists and the search that lead to them, 关怀版, the admin, the health check."""

from django.contrib import admin
from django.urls import include, path, re_path

from budgets import error_views
from budgets.public import (
    accounts_page,
    asking_page,
    data_page,
    departments_beside,
    disclosure_index,
    feeds,
    figure_page,
    glossary_page,
    health,
    list_pages,
    payload_schema,
    published_files,
    question_lists,
    rules_page,
    share_cards,
    sitemaps,
    units_page,
    verify_page,
    year_packages,
    year_page,
)

REGION = r"(?P<region>[1-9]\d{5})"
YEAR = r"(?P<year>(?:19|20)\d{2})"
UNIT = r"(?P<unit>\d{2,12})"  # a code that reads as a year is refused when a department is entered
DISCLOSURE = rf"{REGION}/{UNIT}/{YEAR}/(?P<stage>budget|final)"
FIGURE = rf"{DISCLOSURE}/(?:r(?P<revision>[1-9]\d{{0,5}})/)?figures/(?P<address>[A-Za-z0-9_.]{{1,120}})/"

# What citizens read: each address once more below /care/.
public = [
    path("", list_pages.home, name="home"),
    path("glossary/", glossary_page.glossary, name="glossary"),
    re_path(rf"^{REGION}/glossary/\Z", glossary_page.region_glossary, name="region-glossary"),
    path("rules/", rules_page.rules, name="rules"),
    path("verify/", verify_page.verify, name="verify"),
    path("verify/verify.py", verify_page.program_file, {"name": "verifier"}, name="verifier-file"),
    path("verify/witness.py", verify_page.program_file, {"name": "witness"}, name="witness-file"),
    re_path(
        r"^log/(?P<below>(?:stamps/\d+/)?checkpoint|stamps/\d+/checkpoint\.tsr|tile/(?:\d{1,2}|entries)/(?:x\d{3}/)*\d{3}(?:\.p/\d{1,3})?)\Z",
        verify_page.log_file,
        name="log-file",
    ),
    path("disclosure.schema.json", payload_schema.payload_schema, name="payload-schema"),
    path("data/", data_page.data_page, name="data"),
    re_path(rf"^{REGION}/(?:{UNIT}/)?feed\.atom\Z", feeds.feed, name="feed"),
    re_path(
        rf"^data/region={REGION}/year={YEAR}/(?P<name>(?:tables/)?[A-Za-z0-9_-]{{1,150}}\.[a-z]{{1,9}})\Z",
        year_packages.year_data,
        name="year-data",
    ),
    path("data/openapi.json", data_page.described_addresses, name="openapi"),
    path("data/disclosures.json", disclosure_index.disclosures, name="disclosures"),
    re_path(rf"^{REGION}/\Z", list_pages.county, name="county"),
    re_path(rf"^(?:{REGION}/(?:{YEAR}/)?)?share\.png\Z", share_cards.picture, name="list-picture"),
    re_path(rf"^{REGION}/{YEAR}/\Z", year_page.year, name="year"),
    re_path(rf"^{REGION}/{YEAR}/compare/\Z", departments_beside.beside, name="departments-beside"),
    re_path(rf"^{REGION}/{YEAR}/figures\.(?P<kind>csv|xlsx)\Z", year_page.year_file, name="year-file"),
    re_path(rf"^{REGION}/{UNIT}/\Z", list_pages.department, name="department"),
    re_path(rf"^{REGION}/{UNIT}/{YEAR}/\Z", published_files.department_year, name="department-year"),
    re_path(rf"^{REGION}/{UNIT}/{YEAR}/final/beside/\Z", accounts_page.beside, name="accounts-beside"),
    re_path(rf"^{REGION}/{UNIT}/{YEAR}/units/\Z", units_page.units, name="units"),
    re_path(
        rf"^{DISCLOSURE}/figures/(?P<address>[A-Za-z0-9_.]{{1,120}})/ask/\Z", asking_page.ask, name="ask"
    ),
    re_path(rf"^{DISCLOSURE}/questions/\Z", question_lists.questions, name="questions"),
    re_path(rf"^{FIGURE}\Z", figure_page.figure, name="figure"),
    re_path(
        rf"^{FIGURE}embed/\Z",
        figure_page.embedded,
        {"template": "public/figure_embed.html"},
        name="figure-embedded",
    ),
    re_path(
        rf"^{DISCLOSURE}/(?P<below>(?:.*/)?embed/(?:index\.html)?)\Z",
        published_files.embedded,
        name="embedded",
    ),
    re_path(rf"^{DISCLOSURE}/(?P<below>.*)\Z", published_files.published, name="published"),
]

urlpatterns = [
    *public,
    path("care/", include((public, "care"))),
    path("robots.txt", sitemaps.robots, name="robots"),
    path("sitemap.xml", sitemaps.sitemap_index, name="sitemap-index"),
    re_path(rf"^{REGION}/sitemap\.xml\Z", sitemaps.sitemap, name="sitemap"),
    path("healthz", health.healthz, name="healthz"),
    path("metrics", health.metrics, name="metrics"),
    path("admin/", admin.site.urls),
]

handler400 = error_views.bad_request
handler403 = error_views.forbidden
handler404 = error_views.not_found
handler500 = error_views.server_error
