"""Uploaded files, how much of them an owner has, and the fonts among them."""

from __future__ import annotations

from dataclasses import replace

from darkroom.domain import writes
from darkroom.domain.files.file import FileStatus
from darkroom.domain.files.uploads import FileUsage
from darkroom.domain.writes import WriteRefused
from tests.fakes.memory import Memory, as_stored
from tests.fakes.writes.registry import Effect, effect, refuse_if_there


@effect(writes.CreateFile, row=lambda write: ("file", write.file.owner, write.file.id))
def create_file(memory: Memory, write: writes.CreateFile) -> Effect:
    file = as_stored(write.file)
    place = (file.owner, file.id)
    refuse_if_there(write, memory.files.get(place))
    return lambda: memory.files.update({place: file})


@effect(writes.SettleFile, row=lambda write: ("file", write.file.owner, write.file.id))
def settle_file(memory: Memory, write: writes.SettleFile) -> Effect:
    file = as_stored(write.file)
    place = (file.owner, file.id)
    stored = memory.files.get(place)
    if stored is None or stored.status is not FileStatus.PENDING:
        raise WriteRefused(write, stored)
    return lambda: memory.files.update({place: file})


@effect(writes.DeleteFile, row=lambda write: ("file", write.owner, write.file_id))
def delete_file(memory: Memory, write: writes.DeleteFile) -> Effect:
    stored = memory.files.get((write.owner, write.file_id))
    if stored is None or stored.status is not write.status:
        raise WriteRefused(write, stored)
    return lambda: memory.files.pop((write.owner, write.file_id))


@effect(writes.TakeUploadPlace, row=lambda write: ("file usage", write.owner))
def take_upload_place(memory: Memory, write: writes.TakeUploadPlace) -> Effect:
    stored = memory.file_usage.get(write.owner)
    usage = stored or FileUsage()
    if len(usage.places) >= write.max_places or usage.stored_bytes > write.max_bytes:
        raise WriteRefused(write, stored)
    taken = replace(usage, places=usage.places | {write.place})
    return lambda: memory.file_usage.update({write.owner: taken})


@effect(writes.CountStoredFile, row=lambda write: ("file usage", write.owner))
def count_stored_file(memory: Memory, write: writes.CountStoredFile) -> Effect:
    usage = memory.file_usage.get(write.owner, FileUsage())
    counted = FileUsage(usage.places - write.places, usage.stored_bytes + write.bytes)
    return lambda: memory.file_usage.update({write.owner: counted})


@effect(writes.SaveFont, row=lambda write: ("font", write.font.owner, write.font.id))
def save_font(memory: Memory, write: writes.SaveFont) -> Effect:
    font = as_stored(write.font)
    place = (font.owner, font.id)
    refuse_if_there(write, memory.fonts.get(place))
    return lambda: memory.fonts.update({place: replace(font, users=frozenset())})


@effect(writes.UseFont, row=lambda write: ("font", write.owner, write.font_id))
def use_font(memory: Memory, write: writes.UseFont) -> Effect:
    stored = memory.fonts.get((write.owner, write.font_id))
    if stored is None:
        raise WriteRefused(write, stored)
    used = replace(stored, users=stored.users | {write.template_id})
    return lambda: memory.fonts.update({(write.owner, write.font_id): used})


@effect(writes.ReleaseFont, row=lambda write: ("font", write.owner, write.font_id))
def release_font(memory: Memory, write: writes.ReleaseFont) -> Effect:
    stored = memory.fonts.get((write.owner, write.font_id))
    if stored is None:
        raise WriteRefused(write, stored)
    released = replace(stored, users=stored.users - {write.template_id})
    return lambda: memory.fonts.update({(write.owner, write.font_id): released})


@effect(writes.DeleteFont, row=lambda write: ("font", write.owner, write.font_id))
def delete_font(memory: Memory, write: writes.DeleteFont) -> Effect:
    stored = memory.fonts.get((write.owner, write.font_id))
    if stored is None or stored.users:
        raise WriteRefused(write, stored)
    return lambda: memory.fonts.pop((write.owner, write.font_id))
