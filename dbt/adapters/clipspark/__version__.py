"""The adapter's version, which dbt asks for."""

version = "0.1.0"
