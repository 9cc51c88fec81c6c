"""dbt-spark's session method with the text rules as SQL functions.

Its macros (dbt/include/clipspark) replace tables only once the new rows are computed,
enforce contracts and load seeds with every value intact. All else is dbt-spark's.
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
