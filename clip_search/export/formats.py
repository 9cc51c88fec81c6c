"""The formats that can be exported, in the order in which they are listed."""

from clip_search.export.algolia_rules import AlgoliaRules, AlgoliaSynonyms
from clip_search.export.datasette_file import DatasetteFile
from clip_search.export.export_format import ExportFormat
from clip_search.export.function_score import FunctionScore
from clip_search.export.lookup import EquivalentsJsonl, LookupCsv, LookupJsonl
from clip_search.export.opensearch_judgments import (
    RankEvalBody,
    WorkbenchJudgments,
    WorkbenchQuerySet,
)
from clip_search.export.pins import ElasticsearchQueryRules, ElevateXml
from clip_search.export.quepid import QuepidBook, QuepidCsv
from clip_search.export.queries_csv import QueriesCsv
from clip_search.export.querqy_rules import QuerqyEquivalents, QuerqyRules
from clip_search.export.solr_synonyms import (
    ElasticsearchEquivalents,
    ElasticsearchSynonyms,
    SolrEquivalents,
    SolrSynonyms,
)
from clip_search.export.trec import TrecQrels, TrecTopics
from clip_search.export.typesense_overrides import TypesenseOverrides, TypesenseSynonyms
from clip_search.export.ubi_bulk import UbiEvents, UbiQueries

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
        EquivalentsJsonl,
        SolrEquivalents,
        ElasticsearchEquivalents,
        QuerqyEquivalents,
        AlgoliaSynonyms,
        TypesenseSynonyms,
        QueriesCsv,
        DatasetteFile,
        UbiQueries,
        UbiEvents,
        QuepidCsv,
        QuepidBook,
        TrecQrels,
        TrecTopics,
        WorkbenchJudgments,
        WorkbenchQuerySet,
        RankEvalBody,
        ElevateXml,
        ElasticsearchQueryRules,
        FunctionScore,
    )
}
"""Each format by its name."""
