"""The adapter; dbt asks for a class of this name."""

from dbt.adapters.spark import SparkAdapter

from dbt.adapters.clipspark.connections import ClipSparkConnectionManager


class ClipSparkAdapter(SparkAdapter):
    """dbt-spark's adapter on connections of our own."""

    ConnectionManager = ClipSparkConnectionManager
