"""Registers the text rules on Spark, as Python functions over Arrow columns."""

from collections.abc import Callable
from functools import cache
from typing import Any

import pyarrow as pa
from pyspark.sql import SparkSession
from pyspark.sql.functions import arrow_udf  # type: ignore[attr-defined]

from clip_search.text_rules.engine_functions import EngineFunction, engine_functions

_SPARK_TYPES = {"text": "string", "integer": "int"}
_ARROW_TYPES = {"text": pa.string(), "integer": pa.int32()}


def register_on_spark(session: SparkSession) -> None:
    """Register the functions on a session."""
    for function in engine_functions():
        returned = _SPARK_TYPES[function.returns]
        # Without arguments, no column tells a function how many rows there are.
        if function.argument_count:
            by_column = arrow_udf(_by_column(function), returned)
            session.udf.register(function.name, by_column)
        else:
            # Computed here: executors have the code in a ZIP file, without its folder.
            session.udf.register(function.name, _constant(function.call()), returned)


def _constant(value: str) -> Callable[[], str]:
    return lambda: value


def _by_column(function: EngineFunction) -> Callable[..., pa.Array]:
    """Applies the function to whole columns; most values that Spark passes are null."""
    name, returned = function.name, _ARROW_TYPES[function.returns]

    def called(*columns: pa.Array) -> pa.Array:
        if columns[0].null_count == len(columns[0]):
            return pa.nulls(len(columns[0]), returned)
        call = _call_of(name)
        rows = zip(*(column.to_pylist() for column in columns), strict=True)
        return pa.array([call(*row) for row in rows], returned)

    return called


@cache
def _call_of(name: str) -> Callable[..., Any]:
    """A function's Python code, looked up in the worker, as it cannot be pickled."""
    return next(each.call for each in engine_functions() if each.name == name)
