"""dbt-spark's session method with the text rules as SQL functions.

Its macros (dbt/include/clipspark) replace a table only after the new rows are computed,
enforce contracts and load seeds without changing values. Everything else is dbt-spark.
"""

from dbt.adapters.base import AdapterPlugin

from dbt.adapters.clipspark.connections import (
    ClipSparkConnectionManager,
    ClipSparkCredentials,
)
from dbt.adapters.clipspark.impl import ClipSparkAdapter
from dbt.include import clipspark

__all__ = [
    "ClipSparkAdapter",
    "ClipSparkConnectionManager",
    "ClipSparkCredentials",
    "Plugin",
]

Plugin = AdapterPlugin(
    adapter=ClipSparkAdapter,
    credentials=ClipSparkCredentials,
    include_path=clipspark.PACKAGE_PATH,
    dependencies=["spark"],
)
