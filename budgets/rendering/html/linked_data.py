"""What pages tell search engines about what they show, in the words of schema.org: a data block, no script that runs."""

import json
from typing import Any

from django.utils.safestring import SafeString, mark_safe

from budgets.domain.documents import Document
from budgets.domain.headlines import HEADLINES
from budgets.domain.terms import Stage
from budgets.rendering.imprint import Imprint, Site, fixed_address, path_of

KINDS = {
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv.zip": "application/zip",
    "json": "application/json",
}
ESCAPED = str.maketrans({"<": "\\u003c", ">": "\\u003e", "&": "\\u0026"})


def data_block(told: dict[str, Any]) -> SafeString:
    """The element that carries it; no value can end it."""
    text = json.dumps({"@context": "https://schema.org", **told}, ensure_ascii=False).translate(ESCAPED)
    return mark_safe(f'<script type="application/ld+json">{text}</script>')  # noqa: S308 - escaped above


def organization(name: str, page: str, code: str, region: str, **more: str) -> dict[str, Any]:
    """A department with its page; `more` is what is known beside (telephone, address), blank values left out."""
    return {
        "@type": "GovernmentOrganization",
        "@id": page,
        "name": name,
        "url": page,
        "identifier": code,
        "areaServed": {"@type": "AdministrativeArea", "name": region},
        **{key: value for key, value in more.items() if value},
    }


def catalog(site: Site) -> dict[str, Any]:
    """All data of the portal."""
    return {"@type": "DataCatalog", "name": f"{site.title}数据", "url": f"{site.address}/data/"}


def dataset_of(document: Document, imprint: Imprint) -> dict[str, Any]:
    """A revision as a data set: what it says in numbers, its files at their fixed addresses, who published it."""
    site, fixed = imprint.site, fixed_address(document, imprint)
    department = f"{site.address}/{document.region_code}/{document.unit_code}/"
    figures = (document.figure(key) for key, _ in HEADLINES)
    kind = Stage(document.stage).label
    told: dict[str, Any] = {
        "@type": "Dataset",
        "@id": fixed,
        "name": f"{document.unit_name}{document.title}",
        "description": f"{document.region_name}{document.unit_name}公开的{document.year}年{kind}：各表逐格的金额、说明和绩效目标，可下载、可引用、可核验。",
        "url": f"{site.address}{path_of(document)}",
        "identifier": {"@type": "PropertyValue", "propertyID": "SHA-256", "value": imprint.digest},
        "version": str(imprint.revision),
        "temporalCoverage": f"{document.year}-01-01/{document.year}-12-31",
        "spatialCoverage": {
            "@type": "AdministrativeArea",
            "name": document.region_name,
            "identifier": document.region_code,
        },
        "inLanguage": "zh-CN",
        "isAccessibleForFree": True,
        "creator": organization(document.unit_name, department, document.unit_code, document.region_name),
        "includedInDataCatalog": catalog(site),
        "variableMeasured": [
            {
                "@type": "PropertyValue",
                "name": figure.label,
                "value": f"{figure.amount:f}",
                "unitText": figure.unit,
            }
            for figure in figures
            if figure
        ],
        "distribution": [
            {
                "@type": "DataDownload",
                "contentUrl": f"{fixed}{file.href}",
                "encodingFormat": KINDS[file.href.partition(".")[2]],
            }
            for file in imprint.downloads
        ],
    }
    if imprint.published_on:
        told["datePublished"] = imprint.published_on.isoformat()
    if site.licence:
        told["license"] = site.licence
    return told
