"""Reads `daggen.toml`, or `[tool.daggen]` in `pyproject.toml`, to a `Project`."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Annotated, Any

from packaging.specifiers import InvalidSpecifier, SpecifierSet
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from daggen import __version__
from daggen.diagnostics import Diagnostic, Span, suggest
from daggen.diagnostics.codes import config as codes
from daggen.project import Environment, Project, SourceConfig

DEFAULT_ENVIRONMENT = "default"
"""The environment used when none is named, if the project has one of this name."""

_AIRFLOW = re.compile(r"(?P<major>[23])\.(?P<minor>\d+)")
OLDEST_AIRFLOW = (2, 11)


class ConfigError(Exception):
    """The project cannot be used; `diagnostics` say why."""

    def __init__(self, diagnostics: list[Diagnostic]) -> None:
        super().__init__("; ".join(found.message for found in diagnostics))
        self.diagnostics = diagnostics


def _airflow(value: str) -> str:
    match = _AIRFLOW.fullmatch(value)
    if not match or (int(match["major"]), int(match["minor"])) < OLDEST_AIRFLOW:
        raise ValueError('takes the Airflow that the output targets, such as "2.11" or "3.3"')
    return value


def _specifier(value: str) -> str:
    try:
        SpecifierSet(value)
    except InvalidSpecifier:
        raise ValueError('takes a version specifier such as ">=0.1,<0.2"') from None
    return value


class _Environment(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)
    vars: dict[str, Any] = {}
    output: str | None = None


class _Config(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)
    specs: str = "specs"
    templates: str = "templates"
    output: str = "generated_dags"
    airflow: Annotated[str, AfterValidator(_airflow)] = "3.3"
    python_path: list[str] = []
    external_packages: list[str] = []
    required_version: Annotated[str, AfterValidator(_specifier)] = Field(
        "", alias="required-version"
    )
    line_length: int = Field(88, alias="line-length", ge=20, le=500)
    environments: dict[str, _Environment] = {}
    sources: dict[str, dict[str, Any]] = {}


def find_project(start: Path) -> Project:
    """Load the project that `start` lies in.

    Raises `ConfigError` when there is none, or its configuration cannot be used.
    """
    start = start.resolve()
    for directory in (start, *start.parents):
        if path := _config_in(directory):
            return load_project(path)
    hint = 'run "daggen init DIR" to start a project'
    message = "no daggen.toml and no [tool.daggen] here or in a directory above"
    raise ConfigError([codes.NO_PROJECT.at(None, message, hint=hint)])


def _config_in(directory: Path) -> Path | None:
    own, shared = directory / "daggen.toml", directory / "pyproject.toml"
    in_shared = shared.is_file() and _has_table(shared)
    if own.is_file() and in_shared:
        message = "daggen.toml and [tool.daggen] in pyproject.toml both configure this directory"
        raise ConfigError([codes.TWO_CONFIGS.at(Span("daggen.toml"), message, hint="keep one")])
    return own if own.is_file() else shared if in_shared else None


def _has_table(path: Path) -> bool:
    """Tell whether a pyproject.toml has our table; one that is broken counts if it names it."""
    text = path.read_text(encoding="utf-8", errors="replace")
    if "daggen" not in text:
        return False
    try:
        return "daggen" in tomllib.loads(text).get("tool", {})
    except tomllib.TOMLDecodeError:
        return re.search(r"^\s*\[tool\.daggen", text, re.MULTILINE) is not None


def load_project(path: Path) -> Project:
    """Load the project that the configuration file `path` describes; raises `ConfigError`."""
    text = _Text(path)
    try:
        config = _Config.model_validate(text.table)
    except ValidationError as error:
        raise ConfigError([text.diagnostic(found) for found in error.errors()]) from None
    _check_version(config, text)
    root = path.parent
    major, minor = config.airflow.split(".")
    project = Project(
        root=root,
        config_path=path,
        specs=_inside(root, config.specs),
        templates=_inside(root, config.templates),
        output=_inside(root, config.output),
        python_path=tuple(_inside(root, entry) for entry in config.python_path),
        external_packages=tuple(config.external_packages),
        airflow=(int(major), int(minor)),
        line_length=config.line_length,
        environments={
            name: Environment(name, env.vars, _inside(root, env.output) if env.output else None)
            for name, env in config.environments.items()
        },
        sources={
            name: SourceConfig(
                name, str(options.get("type", "")), options, text.at("sources", name)
            )
            for name, options in config.sources.items()
        },
    )
    _check_outputs(project, text)
    return project


def _inside(root: Path, entry: str) -> Path:
    """Make a configured path absolute, without following symbolic links."""
    return Path(*(root / entry).parts) if ".." not in entry else (root / entry).resolve()


def _check_version(config: _Config, text: _Text) -> None:
    wanted = SpecifierSet(config.required_version)
    if not wanted.contains(__version__, prereleases=True):
        message = f"this project asks for daggen {config.required_version}; this is {__version__}"
        raise ConfigError([codes.WRONG_VERSION.at(text.at("required-version"), message)])


def _check_outputs(project: Project, text: _Text) -> None:
    """Refuse outputs whose pruning could reach the project's own files."""
    outputs: list[tuple[tuple[str, ...], Path]] = [(("output",), project.output)]
    for name, environment in project.environments.items():
        if environment.output:
            outputs.append((("environments", name, "output"), environment.output))
    findings = []
    for key, output in outputs:
        for room, other in (("specs", project.specs), ("templates", project.templates)):
            if (
                output == project.root
                or other.is_relative_to(output)
                or output.is_relative_to(other)
            ):
                message = f'the output "{project.relative(output)}" and {room} overlap'
                hint = 'give the output a directory of its own, such as "generated_dags"'
                findings.append(codes.UNSAFE_OUTPUT.at(text.at(*key), message, hint=hint))
                break
        for _, other in outputs:
            if output != other and output.is_relative_to(other):
                inner, outer = project.relative(output), project.relative(other)
                message = f'the output "{inner}" lies inside the output "{outer}"'
                hint = "put them beside each other: a render deletes what it does not know"
                findings.append(codes.UNSAFE_OUTPUT.at(text.at(*key), message, hint=hint))
    if findings:
        raise ConfigError(findings)


class _Text:
    """The configuration's text, its table, and the lines its keys stand in."""

    def __init__(self, path: Path) -> None:
        self.name = path.name
        self.prefix = ("tool", "daggen") if path.name == "pyproject.toml" else ()
        try:
            self.text = path.read_text(encoding="utf-8")
            table: Any = tomllib.loads(self.text)
        except (OSError, UnicodeDecodeError) as error:
            found = codes.BAD_CONFIG.at(Span(self.name), f"cannot read {self.name}: {error}")
            raise ConfigError([found]) from None
        except tomllib.TOMLDecodeError as error:
            raise ConfigError([self._syntax(str(error))]) from None
        for part in self.prefix:
            table = table.get(part, {})
        self.table: dict[str, Any] = table

    def _syntax(self, message: str) -> Diagnostic:
        place = re.search(r" \(at line (\d+), column (\d+)\)$", message)
        span = Span(self.name, int(place[1]), int(place[2])) if place else Span(self.name)
        text = message[: place.start()] if place else message
        return codes.BAD_CONFIG.at(span, f"{self.name} is no valid TOML: {text}")

    def at(self, *keys: str) -> Span:
        """Give the place of a key: of its own line, or of the table around it.

        tomllib keeps no positions, so this follows `[table]` headers line by line.
        """
        wanted = (*self.prefix, *keys)
        table: tuple[str, ...] = ()
        best, best_size = Span(self.name), 0
        for number, line in enumerate(self.text.splitlines(), start=1):
            stripped = line.strip()
            if header := re.fullmatch(r"\[\[?([^\]]+)\]\]?\s*(#.*)?", stripped):
                table = here = _split_key(header[1])
            elif entry := re.match(r"([\w.\"'-]+)\s*=", stripped):
                here = (*table, *_split_key(entry[1]))
            else:
                continue
            if here == wanted[: len(here)] and len(here) > best_size:
                column = len(line) - len(line.lstrip()) + 1
                best = Span(self.name, number, column, number, len(line.rstrip()) + 1)
                best_size = len(here)
        return best

    def diagnostic(self, error: Any) -> Diagnostic:
        """Word one of pydantic's findings."""
        keys = tuple(str(part) for part in error["loc"])
        dotted = ".".join(keys)
        if error["type"] == "extra_forbidden":
            model: type[BaseModel] = _Environment if keys[0] == "environments" else _Config
            names = [field.alias or name for name, field in model.model_fields.items()]
            hint = suggest(keys[-1], names) or f"the keys are {', '.join(sorted(names))}"
            return codes.UNKNOWN_KEY.at(self.at(*keys), f'unknown key "{dotted}"', hint=hint)
        reason = error["msg"].removeprefix("Value error, ")
        reason = reason[0].lower() + reason[1:]
        return codes.BAD_CONFIG.at(self.at(*keys), f"{dotted}: {reason}")


def _split_key(key: str) -> tuple[str, ...]:
    return tuple(part.strip().strip("\"'") for part in key.split("."))
