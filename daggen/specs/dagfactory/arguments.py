"""Arguments of operators that dag-factory treats in its own way: bodies, variables, assets."""

from __future__ import annotations

import json

from daggen.diagnostics.codes import dagfactory as codes
from daggen.diagnostics.codes.keys import BAD_OBJECT
from daggen.specs.dagfactory.callables import find_file, hint_for_missing
from daggen.specs.dagfactory.nodes import Node, plain
from daggen.specs.dagfactory.notes import Notes
from daggen.specs.dagfactory.values import plain_params
from daggen.specs.yaml import read_yaml

_HTTP = ("HttpOperator", "SimpleHttpOperator")
_MODELS = "kubernetes.client.models."
_KUBERNETES = {
    "ports": f"{_MODELS}V1ContainerPort",
    "volumes": f"{_MODELS}V1Volume",
    "volume_mounts": f"{_MODELS}V1VolumeMount",
    "init_containers": f"{_MODELS}V1Container",
    "env_from": f"{_MODELS}V1EnvFromSource",
    "secrets": "airflow.providers.cncf.kubernetes.secret.Secret",
}
_NEVER_TEMPLATED = frozenset(
    "retries retry_delay execution_timeout pool pool_slots priority_weight trigger_rule queue "
    "owner depends_on_past start_date end_date poke_interval timeout mode task_id".split()
)


def translate_http_body(entries: dict[str, Node], operator: str, notes: Notes) -> None:
    """Write the JSON body of an HttpOperator as text."""
    data = entries.get("data")
    if data is None or data.is_object or notes.names_of(operator).isdisjoint(_HTTP):
        return
    headers = entries.get("headers")
    content = headers.get("Content-Type") if headers else None
    if content is None or "application/json" not in str(content.value).lower():
        return
    if data.is_mapping:
        entries["data"] = data.of(json.dumps(plain(data)))
    elif not _is_json(data.value):
        message = "dag-factory fails on a body that is no JSON"
        notes.tell(codes.REPAIRED, data, message, hint="write a mapping, or JSON")
    if isinstance(entries["data"].value, str) and "{{" in entries["data"].value:
        message = "dag-factory hides a JSON body from Jinja; here it is rendered at run time"
        notes.tell(codes.JSON_BODY, data, message, at_key=True)


def tell_http_check(entries: dict[str, Node], notes: Notes) -> None:
    """Tell of the check of an HttpOperator by name and file, which only HttpSensor has there."""
    operator, said = entries.get("operator"), entries.get("response_check_name")
    if operator and said and not notes.names_of(str(operator.value)).isdisjoint(_HTTP):
        message = 'dag-factory takes "response_check_name" only of an HttpSensor'
        notes.tell(codes.REPAIRED, said, message, at_key=True)


def _is_json(text: object) -> bool:
    try:
        return isinstance(text, str) and json.loads(text) is not ...
    except ValueError:
        return False


def translate_objects(entries: dict[str, Node], operator: str, notes: Notes) -> None:
    """Keep params what they are, and report mappings where Kubernetes wants objects."""
    if "params" in entries:
        entries["params"] = plain_params(entries["params"], notes)
    for name in _KUBERNETES if "Kubernetes" in operator else ():
        said = entries.get(name)
        for item in said.value if said and isinstance(said.value, list) else []:
            if item.is_mapping and not item.is_object:
                message = f"dag-factory makes no object of a mapping in {name} since 1.0"
                hint = f"begin it with __type__: {_KUBERNETES[name]}"
                notes.tell(BAD_OBJECT, item, message, hint=hint)


def translate_variables(entries: dict[str, Node], operator: str, notes: Notes) -> None:
    """Read what `variables_as_arguments` names when the task runs, not when the file is parsed."""
    said = entries.pop("variables_as_arguments", None)
    for item in said.value if said and isinstance(said.value, list) else []:
        variable, attribute = item.get("variable"), item.get("attribute")
        if variable is None or attribute is None:
            message = "expected a variable and an attribute"
            notes.tell(codes.VARIABLE_ARGUMENT, item, message)
            continue
        _read_at_run_time(entries, str(attribute.value), variable, operator, notes)


def _read_at_run_time(
    entries: dict[str, Node], attribute: str, variable: Node, operator: str, notes: Notes
) -> None:
    fallback = entries.get(attribute)
    is_text = fallback is None or isinstance(fallback.value, str)
    if attribute in _NEVER_TEMPLATED or not is_text:
        message = f'"{attribute}" is no Jinja template, so it cannot be read when the task runs'
        hint = "write the value"
        notes.tell(codes.VARIABLE_ARGUMENT, variable, message, hint=hint)
        return
    entries[attribute] = (fallback or variable).of(_jinja(str(variable.value), fallback))


def _jinja(name: str, fallback: Node | None) -> str:
    """Say a Variable as Jinja, with what stands there if it is not set."""
    plain_name = name.isidentifier()
    if fallback is None:
        return f"{{{{ var.value.{name} }}}}" if plain_name else _getter(name)
    text = str(fallback.value)
    if "{" in text:
        found = f"var.value.get({json.dumps(name)}, none)"
        value = _getter(name)
        return f"{{% if {found} is not none %}}{value}{{% else %}}{text}{{% endif %}}"
    return f"{{{{ var.value.get({_quoted(name)}, {_quoted(text)}) }}}}"


def _getter(name: str) -> str:
    return f"{{{{ var.value.get({_quoted(name)}) }}}}"


def _quoted(text: str) -> str:
    """Quote a text for Jinja, whose literals have Python's escapes."""
    return repr(text)


def translate_storage(entries: dict[str, Node], notes: Notes) -> None:
    """Write `inlets` and `outlets` as lists of assets; a file of datasets is read now."""
    for name in ("inlets", "outlets"):
        said = entries.get(name)
        if said is None:
            continue
        if said.is_object:
            message = f"dag-factory fails on a single asset in {name}"
            notes.tell(codes.REPAIRED, said, message, hint="write a list of it")
            continue
        if said.get("file") and said.get("datasets"):
            wanted = said.get("datasets")
            names = plain(wanted) if wanted else []
            known = datasets_of(said, notes)
            uris = [known[each] for each in known if each in names]
            entries[name] = said.of(uris)
        elif isinstance(said.value, str):
            message = "dag-factory makes an asset of each letter"
            notes.tell(codes.MEANT, said, message, hint=f'write {name}: ["{said.value}"]')


def datasets_of(said: Node, notes: Notes) -> dict[str, str]:
    """Read the names and URIs of the `file` of datasets that a mapping names."""
    file = said.get("file")
    path = find_file(file, notes) if file else None
    if file is None or path is None:
        place = file or said
        hint = hint_for_missing(file, notes) if file else ""
        notes.tell(codes.MISSING_FILE, place, "there is no such file in the project", hint=hint)
        return {}
    notes.read(path)
    document, found = read_yaml(path, notes.project.root)
    notes.note(*found)
    data = document.data if document else None
    entries = data.get("datasets") if isinstance(data, dict) else None
    return {
        str(entry["name"]): str(entry["uri"])
        for entry in (entries if isinstance(entries, list) else [])
        if isinstance(entry, dict) and {"name", "uri"} <= set(entry)
    }
