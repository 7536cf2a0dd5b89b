"""Options that fill the fields of settings; each is written once, and nothing is copied by hand."""

import argparse
from collections.abc import Callable, Sequence
from dataclasses import MISSING, Field, dataclass, fields
from pathlib import Path
from types import UnionType
from typing import Any, Generic, TypeVar, get_args, get_type_hints

Settings = TypeVar("Settings")

# Types that a word of the command line is converted to; fields of other types take it unchanged.
KINDS = (int, float, Path)

LONGEST_CHOICES = 28  # characters


@dataclass(frozen=True)
class Option:
    """How a field of a settings class is given on the command line.

    Attributes:
        help: what it does; the default is appended.
        flag: such as `--no-audio`; None for the field's name with dashes.
        short: such as `-y`, or None.
        metavar: placeholder for the value in the help.
        choices: the only words that it takes, or None.
        parse: turns a word into the value; None to go by the field's type.
        default: the default in words, if the field's value says too little.
        value: the command's own default, instead of the field's.
        is_repeated: it may be given again; the field is a tuple of all values.
        is_required: it must be given.
    """

    help: str
    flag: str | None = None
    short: str | None = None
    metavar: str | None = None
    choices: Sequence[str] | None = None
    parse: Callable[[str], Any] | None = None
    default: str | None = None
    value: Any = None
    is_repeated: bool = False
    is_required: bool = False


class Options(Generic[Settings]):
    """The options of a settings class, by its fields' names.

    Args:
        settings: a dataclass whose other fields have defaults, or are passed to `make`.
        options: each under the name of its field.
    """

    def __init__(self, settings: type[Settings], **options: Option) -> None:
        self.settings, self._options = settings, options
        known = {field.name: field for field in fields(settings) if field.init}  # type: ignore[arg-type]
        self._fields = {name: known[name] for name in options}
        self._kinds = {name: _kind(hint) for name, hint in get_type_hints(settings).items()}

    def __getitem__(self, name: str) -> Option:
        return self._options[name]

    @property
    def names(self) -> list[str]:
        """The fields that have an option."""
        return list(self._options)

    def add_to(self, group: Any, *names: str) -> None:
        """Add the options of these fields to a parser or a group; without names, all of them."""
        for name in names or self._options:
            _add(
                group, self._flag(name), self._options[name], self._kinds[name], self._default(name)
            )

    def values(self, args: argparse.Namespace) -> dict[str, Any]:
        """The fields' values from a command line."""
        return {name: self._value(name, args) for name in self._options}

    def make(self, args: argparse.Namespace, **others: Any) -> Settings:
        """The settings that a command line asks for.

        Args:
            args: from a parser that has all these options.
            others: fields without an option.

        Raises:
            ConfigError: a value is out of range or contradicts another one.
        """
        return self.settings(**self.values(args), **others)

    def given(self, args: argparse.Namespace) -> list[str]:
        """The flags that have another value than the default."""
        values = self.values(args)
        return [
            self._options[name].short or self._flag(name)
            for name in self._options
            if values[name] != self._default(name)
        ]

    def _flag(self, name: str) -> str:
        return self._options[name].flag or f"--{name.replace('_', '-')}"

    def _default(self, name: str) -> Any:
        own = self._options[name].value
        return default_of(self._fields[name]) if own is None else own

    def _value(self, name: str, args: argparse.Namespace) -> Any:
        value, option = getattr(args, dest_of(self._flag(name))), self._options[name]
        # Not by argparse, which would hide our own error messages.
        parse = option.parse or (lambda word: word)
        if option.is_repeated:
            return tuple(parse(word) for word in dict.fromkeys(value))
        return parse(value) if isinstance(value, str) else value


def default_of(field: Field[Any]) -> Any:
    """A field's default; None if it has none."""
    if field.default_factory is not MISSING:
        return field.default_factory()
    return None if field.default is MISSING else field.default


def dest_of(flag: str) -> str:
    """The name of a flag's value in argparse's namespace."""
    return flag.removeprefix("--").replace("-", "_")


def _kind(hint: Any) -> type | None:
    """`int`, `float`, `Path` or `bool`, with or without `| None`; None for anything else."""
    kinds = [part for part in get_args(hint) if part is not type(None)]
    kinds = kinds if isinstance(hint, UnionType) else [hint]
    return kinds[0] if len(kinds) == 1 and kinds[0] in (*KINDS, bool) else None


def _add(group: Any, flag: str, option: Option, kind: type | None, default: Any) -> None:
    flags = [option.short, flag] if option.short else [flag]
    how: dict[str, Any] = {"dest": dest_of(flag), "default": default}
    if kind is bool:
        how["action"] = "store_false" if default else "store_true"
    else:
        how |= {"metavar": option.metavar, "choices": option.choices, "type": kind}
        if _is_long(option.choices):
            how["metavar"] = "NAME"
    if option.is_repeated:
        how |= {"action": "append", "default": []}
    if option.is_required:
        how["required"] = True
    group.add_argument(*flags, help=_help(option, default, kind), **how)


def _is_long(choices: Sequence[str] | None) -> bool:
    """Whether choices go into the help text, which wraps; argparse's list is one long word."""
    return bool(choices) and len(",".join(choices or ())) > LONGEST_CHOICES


def _help(option: Option, default: Any, kind: type | None) -> str:
    words, text = option.help, option.default
    if _is_long(option.choices):
        words = f"{words}: {', '.join(option.choices or ())}"
    if text is None and kind is not bool and default not in (None, "", (), {}):
        text = ",".join(map(str, default)) if isinstance(default, tuple) else f"{default}"
    return (words if text is None else f"{words} (default: {text})").replace("%", "%%")


def overwrite_option(help: str = "replace an existing file") -> Option:
    """`-y`, which every command that writes one file has."""
    return Option(help, flag="--overwrite", short="-y")


def add_overwrite(group: Any, help: str = "replace an existing file") -> None:
    """Add `-y` for commands whose settings have no such field."""
    _add(group, "--overwrite", overwrite_option(help), bool, False)


def add_json(group: Any, what: str = "the result") -> None:
    """Add `--json`."""
    group.add_argument("--json", action="store_true", help=f"print {what} as one JSON object")


def add_debug(group: Any) -> None:
    """Add `-q` and `--debug`, which every command has."""
    group.add_argument("-q", "--quiet", action="store_true", help="print no progress")
    group.add_argument("--debug", action="store_true", help="show the traceback of an error")


def add_printing(parser: argparse.ArgumentParser, what: str = "the result") -> Any:
    """Add `--json`, `-q` and `--debug`; returns their group."""
    group = parser.add_argument_group("what is printed")
    add_json(group, what)
    add_debug(group)
    return group


def split_words(text: str) -> tuple[str, ...]:
    """The words between commas."""
    return tuple(word.strip() for word in text.split(",") if word.strip())
