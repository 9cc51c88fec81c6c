"""How another team's log becomes ours: which records, and which key is which column."""

from clip_search.mapping.mapping import LogMapping, Mapping
from clip_search.mapping.mapping_file import (
    MappingError,
    mapping_of_file,
    mapping_of_preset,
    preset_names,
    preset_text,
)

__all__ = [
    "LogMapping",
    "Mapping",
    "MappingError",
    "mapping_of_file",
    "mapping_of_preset",
    "preset_names",
    "preset_text",
]
