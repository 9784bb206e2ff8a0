"""What AnkiConnect may reply to each action that a push asks for."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError


class _Reply(BaseModel):
    model_config = ConfigDict(strict=True)


class _Field(_Reply):
    value: str
    order: int


class _Info(_Reply):
    noteId: int
    fields: dict[str, _Field]
    tags: list[str]


class _Gone(_Reply):
    model_config = ConfigDict(extra="forbid")


class _Style(_Reply):
    css: str


class _Replies(_Reply):
    version: int
    multi: list[Any]
    modelNamesAndIds: dict[str, int]
    modelFieldNames: list[str]
    modelTemplates: dict[str, dict[str, str]]
    modelStyling: _Style
    findNotes: list[int]
    notesInfo: list[_Info | _Gone]
    getMediaFilesNames: list[str]


_KINDS: dict[str, TypeAdapter[Any]] = {
    action: TypeAdapter(
        field.annotation or Any,
        config=None if field.annotation is _Style else _Reply.model_config,
    )
    for action, field in _Replies.model_fields.items()
}


def check_reply(action: str, result: object) -> None:
    """Hold a reply against what the action may reply; a note that is gone is an empty mapping.

    Args:
        action: its name; what is not listed here has a reply that nobody reads.
        result: what came.

    Raises:
        ValueError: it is something else.
    """
    if action not in _KINDS:
        return
    try:
        _KINDS[action].validate_python(result)
    except (ValidationError, RecursionError) as error:
        raise ValueError(f"no reply to {action}") from error
