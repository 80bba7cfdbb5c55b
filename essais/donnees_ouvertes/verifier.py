"""Checks exports with the official tools: `data-inclusion FOLDER`, or `hsds SCHEMAS FILE=SCHEMA…`.

data·inclusion: the models of the package `data-inclusion-schema`, strict, their warnings counted as errors, no unknown key,
identifiers unique, every service of a structure that is there. HSDS: the compiled schemas, with formats, closed to keys that
they do not declare. Writes one line per error, then how many objects were read; leaves with 1 at the first error.
"""

import json
import re
import sys
import uuid
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

SHOWN = 50
errors = []


def refuse(where, why):
    errors.append(f"{where}: {why}")


def check_data_inclusion(folder):
    from data_inclusion.schema.v1 import Service, Structure

    read = {}
    for name, model in (("structures", Structure), ("services", Service)):
        read[name] = json.loads((folder / f"{name}.json").read_text("utf-8"))
        if not isinstance(read[name], list):
            refuse(name, "not an array")
        seen = set()
        for one in read[name]:
            where = f"{name} {one.get('id')}"
            for key in one.keys() - model.model_fields.keys():
                refuse(where, f"unknown key {key}")
            if one.get("id") in seen:
                refuse(where, "twice")
            seen.add(one.get("id"))
            try:
                model.model_validate_json(json.dumps(one), strict=True, context={"ignore_warnings": False})
            except ValueError as error:
                refuse(where, str(error).replace("\n", " "))
    structures = {one["id"] for one in read["structures"]}
    for one in read["services"]:
        if one["structure_id"] not in structures:
            refuse(f"services {one['id']}", "its structure is not there")
    return {name: len(all) for name, all in read.items()}


def close(schema):
    """The same schema, refusing keys that it does not declare."""
    if isinstance(schema, list):
        return [close(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    closed = {key: close(value) for key, value in schema.items()}
    if isinstance(schema.get("properties"), dict) and "type" in schema:
        closed["additionalProperties"] = False
    return closed


def make_formats():
    from jsonschema import FormatChecker

    checker = FormatChecker(formats=())

    @checker.checks("uuid", raises=ValueError)
    def is_uuid(value):
        return str(uuid.UUID(value)) == value

    @checker.checks("email")
    def is_email(value):
        return re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", value) is not None

    @checker.checks("uri")
    def is_uri(value):
        return urlsplit(value).scheme != "" and re.search(r"\s", value) is None

    @checker.checks("date-time", raises=ValueError)
    def is_moment(value):
        return datetime.fromisoformat(value).tzinfo is not None

    return checker


def check_hsds(schemas, pairs):
    from jsonschema.validators import validator_for

    read, formats = {}, make_formats()
    for pair in pairs:
        path, name = pair.rsplit("=", 1)
        schema = close(json.loads((schemas / f"{name}.json").read_text("utf-8")))
        validator = validator_for(schema)(schema, format_checker=formats)
        content = json.loads(Path(path).read_text("utf-8"))
        objects = content if isinstance(content, list) else content.get("contents", [content])
        seen = set()
        for one in objects:
            where = f"{name} {one.get('id')}"
            if one.get("id") in seen:
                refuse(where, "twice")
            seen.add(one.get("id"))
            for error in validator.iter_errors(one):
                refuse(where, f"{error.json_path}: {error.message}"[:300])
        read[path] = len(objects)
    return read


def main():
    kind, first, *rest = sys.argv[1:]
    read = check_data_inclusion(Path(first)) if kind == "data-inclusion" else check_hsds(Path(first), rest)
    for error in errors[:SHOWN]:
        print(error)
    print(json.dumps({"errors": len(errors), "read": read}))
    sys.exit(1 if errors else 0)


main()
