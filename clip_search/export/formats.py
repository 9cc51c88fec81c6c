"""The formats that can be exported, in the order in which they are listed."""

from clip_search.export.algolia_rules import AlgoliaRules
from clip_search.export.export_format import ExportFormat
from clip_search.export.lookup import LookupCsv, LookupJsonl
from clip_search.export.querqy_rules import QuerqyRules
from clip_search.export.solr_synonyms import ElasticsearchSynonyms, SolrSynonyms
from clip_search.export.typesense_overrides import TypesenseOverrides

FORMATS: dict[str, type[ExportFormat]] = {
    form.name: form
    for form in (
        LookupCsv,
        LookupJsonl,
        SolrSynonyms,
        ElasticsearchSynonyms,
        QuerqyRules,
        AlgoliaRules,
        TypesenseOverrides,
    )
}
"""Each format by its name."""
