"""The adapter class, which dbt looks up by its name."""

from dbt.adapters.spark import SparkAdapter

from dbt.adapters.clipspark.connections import ClipSparkConnectionManager


class ClipSparkAdapter(SparkAdapter):
    """dbt-spark's adapter with this project's connections."""

    ConnectionManager = ClipSparkConnectionManager
