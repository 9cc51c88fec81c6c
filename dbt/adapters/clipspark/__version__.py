"""dbt asks each adapter for its version."""

version = "0.1.0"
