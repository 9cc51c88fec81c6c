"""How the text rules reach Spark: Python functions that are fed whole columns by Arrow."""

from collections.abc import Callable

import pyarrow as pa
from pyspark.sql import SparkSession
from pyspark.sql.functions import arrow_udf

from clip_search.text_rules.engine_functions import EngineFunction, engine_functions

_SPARK_TYPES = {"text": "string", "integer": "int"}
_ARROW_TYPES = {"text": pa.string(), "integer": pa.int32()}


def register_on_spark(session: SparkSession) -> None:
    """Make the functions known to a session."""
    for function in engine_functions():
        returned = _SPARK_TYPES[function.returns]
        if function.argument_count:
            by_column = arrow_udf(_by_column(function), returned)
            session.udf.register(function.name, by_column)
        else:
            session.udf.register(function.name, function.call, returned)


def _by_column(function: EngineFunction) -> Callable[..., pa.Array]:
    """The function of whole columns; most of what Spark hands over is null."""
    returned = _ARROW_TYPES[function.returns]

    def called(*columns: pa.Array) -> pa.Array:
        if columns[0].null_count == len(columns[0]):
            return pa.nulls(len(columns[0]), returned)
        rows = zip(*(column.to_pylist() for column in columns), strict=True)
        return pa.array([function.call(*row) for row in rows], returned)

    return called
