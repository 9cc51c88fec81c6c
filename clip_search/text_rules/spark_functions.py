"""How the text rules reach Spark: Python functions, fed with columns by Arrow."""

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
    """Make the functions known to a session."""
    for function in engine_functions():
        returned = _SPARK_TYPES[function.returns]
        # A function without arguments has no columns that say how many rows there are.
        if function.argument_count:
            by_column = arrow_udf(_by_column(function), returned)
            session.udf.register(function.name, by_column)
        else:
            session.udf.register(function.name, function.call, returned)


def _by_column(function: EngineFunction) -> Callable[..., pa.Array]:
    """The function of whole columns; most of what Spark hands over is null."""
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
    """What a function calls: looked up where it runs, since it cannot be sent there."""
    return next(each.call for each in engine_functions() if each.name == name)
