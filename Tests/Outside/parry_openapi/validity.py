"""Whether the documents are OpenAPI at all, and have what the tools and their readers rely on."""

from openapi_spec_validator import OpenAPIV31SpecValidator

from .documents import Document


def problems(documents: list[Document]) -> list[str]:
    return [problem for one in documents for problem in _problems(one)]


def _problems(document: Document) -> list[str]:
    found = [
        f"{document.version} {'/'.join(map(str, error.absolute_path))}: {error.message[:300]}"
        for error in OpenAPIV31SpecValidator(document.raw).iter_errors()
    ]
    for operation in document.operations:
        where = f"{document.version} {operation.label}"
        if len(operation.raw.get("tags", [])) != 1:
            found.append(f"{where}: needs one tag")
        if not operation.raw.get("operationId", "").isidentifier():
            found.append(f"{where}: needs an operationId")
        if not operation.raw.get("summary"):
            found.append(f"{where}: needs a summary")
    return found + _double_ids(document)


def _double_ids(document: Document) -> list[str]:
    ids = [one.raw.get("operationId") for one in document.operations]
    return [
        f"{document.version}: the operationId {one} is there twice"
        for one in sorted({str(one) for one in ids if ids.count(one) > 1})
    ]
