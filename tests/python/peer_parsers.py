"""What other programs read in a file of theirs.

Algolia's models read its files themselves. The other parsers do not run in these tests:
each function names the source that it restates, and raises an error where the peer
refuses the whole file.
"""

import json
import re
from collections.abc import Iterator
from typing import Any

from algoliasearch.search.models.rule import Rule
from algoliasearch.search.models.synonym_hit import SynonymHit

Pair = tuple[str, str]


class PeerError(Exception):
    """The peer would refuse the file."""


def split_unescaped(text: str, separator: str) -> list[str]:
    """`SolrSynonymParser.split`: parts between separators that no backslash escapes."""
    parts, part, place = [], "", 0
    while place < len(text):
        if text.startswith(separator, place):
            if part:
                parts.append(part)
            part = ""
            place += len(separator)
            continue
        if text[place] == "\\" and place + 1 < len(text):
            part += text[place]
            place += 1
        part += text[place]
        place += 1
    return [*parts, part] if part else parts


def solr_rules(text: str) -> Iterator[Pair]:
    """The rules of synonyms.txt.

    Restates Lucene 8.8 `org.apache.lucene.analysis.synonym.SolrSynonymParser`:
    `addInternal`, `split` and `unescape`, for rules of one input and one output. Lines
    end as Java's LineNumberReader ends them; `trim` is Java's.
    """
    for line in re.split("\r\n|\n|\r", text):
        if not line or line.startswith("#"):
            continue
        sides = split_unescaped(line, "=>")
        if len(sides) != 2:
            raise PeerError(f"more than one explicit mapping: {line!r}")
        inputs, outputs = (split_unescaped(side, ",") for side in sides)
        if len(inputs) != 1 or len(outputs) != 1:
            raise PeerError(f"not one input and one output: {line!r}")
        yield unescaped_by_solr(inputs[0]), unescaped_by_solr(outputs[0])


def unescaped_by_solr(text: str) -> str:
    """`SolrSynonymParser.unescape`, after which Java trims characters up to U+0020."""
    text = re.sub(r"\\(.)", r"\1", text, flags=re.DOTALL)
    text = text.strip("".join(map(chr, range(0x21))))
    # The analyzer must leave something of it.
    if not re.search(r"\w", text):
        raise PeerError(f"the analyzer empties {text!r}")
    return text


def querqy_rules(text: str) -> Iterator[Pair]:
    """The rules of rules.txt that rewrite a whole query to one synonym.

    Restates querqy-core 3.17: `SimpleCommonRulesParser.stripLine` and `nextLine`,
    `LineParser.parse`, `parseInput` and `parseTerm`, `EscapeUtil`.
    """
    query = ""
    for line in re.split("\r\n|\n|\r", text):
        line = line[: index_of_comment(line)].strip("".join(map(chr, range(0x21))))
        if not line or line.startswith("@"):
            continue
        if "<<" in line or line.startswith("def "):
            raise PeerError(f"a template: {line!r}")
        if line.endswith("=>"):
            side = line[:-2].strip()
            if not (len(side) > 2 and side[0] == side[-1] == '"' and side[-2] != "\\"):
                raise PeerError(f"not anchored at both ends: {line!r}")
            query = querqy_terms(side[1:-1])
        elif line.lower().startswith("synonym:"):
            yield query, querqy_terms(line[len("synonym:") :])
        else:
            raise PeerError(f"no instruction: {line!r}")


def index_of_comment(line: str) -> int:
    """`EscapeUtil.indexOfComment`: the first `#` without a backslash, or the end."""
    found = re.match(r"(?:[^#\\]|\\.)*", line)
    assert found is not None
    return found.end()


def querqy_terms(text: str) -> str:
    """`LineParser.parseTermExpression`: the words, none with a field or a wildcard."""
    words = [word for word in re.split(r"[ \t\n\x0b\f\r]+", text) if word]
    for word in words:
        if re.search(r"(?<!\\)\*|(?<=.):(?=.)|\$[0-9]", word):
            raise PeerError(f"a field, a wildcard or a placeholder: {word!r}")
        if re.search(r'\\(?![\\*#"])', word):
            raise PeerError(f"an illegal escape: {word!r}")
    if not words:
        raise PeerError("an empty side")
    return re.sub(r"\\(.)", r"\1", " ".join(words))


def algolia_rules(text: str) -> Iterator[Pair]:
    """The rules that replace a whole query, read by Algolia's own models.

    The models drop an unknown property, which the service refuses.
    """
    for written in json.loads(text):
        rule = Rule.from_json(json.dumps(written))
        if rule is None or set_values(json.loads(rule.to_json())) != written:
            raise PeerError(f"an unknown property: {written}")
        (condition,) = rule.conditions or ()
        if condition.anchoring != "is" or condition.pattern is None:
            raise PeerError(f"not anchored at both ends: {written}")
        if re.search("[{}]", condition.pattern):
            raise PeerError(f"a facet: {written}")
        assert rule.consequence.params is not None
        assert rule.consequence.params.query is not None
        yield condition.pattern, str(rule.consequence.params.query.actual_instance)


def set_values(written: Any) -> Any:
    """What a model writes, without its nulls."""
    if isinstance(written, list):
        return [set_values(each) for each in written]
    if not isinstance(written, dict):
        return written
    return {
        name: set_values(value) for name, value in written.items() if value is not None
    }


def typesense_overrides(text: str) -> Iterator[Pair]:
    """The overrides that replace a whole query.

    Restates Typesense 0.24 `override_t::parse`: `rule.query` with `rule.match`, and
    one action; braces in the query are a dynamic filter.
    """
    for line in text.splitlines():
        override = json.loads(line)
        rule = override["rule"]
        if rule["match"] not in ("exact", "contains") or not override["id"]:
            raise PeerError(f"no rule: {line}")
        if "{" in rule["query"] or rule["match"] != "exact":
            raise PeerError(f"not the whole query: {line}")
        yield rule["query"], override["replace_query"]


def elasticsearch_synonyms(text: str) -> Iterator[Pair]:
    """The rules of `PUT /_synonyms/SET`, each in Solr's format."""
    for rule in synonyms_set(text):
        yield from solr_rules(rule["synonyms"])


def synonyms_set(text: str) -> Iterator[dict[str, str]]:
    """The rules of a set.

    Restates `SynonymsPutSynonymRequest` and `SynonymsSynonymRule` of Elasticsearch's
    specification: an optional id, and a string that `SolrSynonymParser` reads.
    """
    body = json.loads(text)
    if set(body) != {"synonyms_set"} or len(body["synonyms_set"]) > 100_000:
        raise PeerError("not a set of synonyms")
    ids = [rule["id"] for rule in body["synonyms_set"]]
    if len(set(ids)) != len(ids):
        raise PeerError("an id twice")
    for rule in body["synonyms_set"]:
        if set(rule) != {"id", "synonyms"}:
            raise PeerError(f"an unknown property: {rule}")
        yield rule


def solr_equivalents(text: str) -> Iterator[Pair]:
    """The two-way rules of synonyms.txt.

    Restates `SolrSynonymParser.addInternal` for a line without an arrow; with `expand`,
    each of its texts leads to all of them.
    """
    for line in re.split("\r\n|\n|\r", text):
        if not line or line.startswith("#"):
            continue
        if len(split_unescaped(line, "=>")) != 1:
            raise PeerError(f"an explicit mapping: {line!r}")
        forms = split_unescaped(line, ",")
        if len(forms) != 2:
            raise PeerError(f"not two forms: {line!r}")
        yield unescaped_by_solr(forms[0]), unescaped_by_solr(forms[1])


def elasticsearch_equivalents(text: str) -> Iterator[Pair]:
    """The two-way rules of `PUT /_synonyms/SET`."""
    for rule in synonyms_set(text):
        yield from solr_equivalents(rule["synonyms"])


def querqy_equivalents(text: str) -> Iterator[Pair]:
    """Each rule, and the opposite one after it."""
    rules = list(querqy_rules(text))
    for there, back in zip(rules[::2], rules[1::2], strict=True):
        if there != back[::-1]:
            raise PeerError(f"one way only: {there}")
        yield there


def algolia_synonyms(text: str) -> Iterator[Pair]:
    """The two-way synonyms, read by Algolia's own model."""
    for written in json.loads(text):
        synonym = SynonymHit.from_json(json.dumps(written))
        if synonym is None or set_values(json.loads(synonym.to_json())) != written:
            raise PeerError(f"an unknown property: {written}")
        if synonym.type != "synonym":
            raise PeerError(f"one way only: {written}")
        one, other = synonym.synonyms or ()
        yield one, other


def typesense_synonyms(text: str) -> Iterator[Pair]:
    """Typesense 0.24 `synonym_t::parse`: without a root, each stands for all."""
    for line in text.splitlines():
        synonym = json.loads(line)
        if set(synonym) != {"id", "synonyms"} or not synonym["id"]:
            raise PeerError(f"no two-way synonym: {line}")
        one, other = synonym["synonyms"]
        yield one, other


Rating = tuple[str, str, float]


def quepid_ratings(text: str) -> Iterator[Rating]:
    """The ratings that Quepid's page reads.

    Restates o19s/quepid, import_ratings_modal_instance_controller.js: the header, and
    `checkCSVBody`; then `csvToJSON` of angular-csv-import, which splits at commas that
    an even number of quotes follows; and the importer, which strips.
    """
    header, *lines = text.split("\n")
    if header != "query,docid,rating":
        raise PeerError(f"headers mismatch: {header}")
    for line in lines:
        if not line:
            continue
        if len(line.split(",")) > 3 and line.count('"') != 2:
            raise PeerError(f"must have three (or fewer) columns: {line}")
        cells = re.split(r',(?![^"]*"(?:(?:[^"]*"){2})*[^"]*$)', line)
        if len(cells) != 3:
            # The page drops such a line without a word.
            raise PeerError(f"not three columns: {line}")
        query, document, rating = (cell.strip().strip('"') for cell in cells)
        yield query, document, float(rating)


def quepid_book(text: str) -> Iterator[Rating]:
    """The judgements of a book: o19s/quepid, app/services/book_importer.rb."""
    book = json.loads(text)
    if not book["name"] or book["scale"] != [0, 1, 2, 3]:
        raise PeerError("no name or scale")
    for pair in book["query_doc_pairs"]:
        # What `query_doc_pairs.create` knows; another property is an error.
        known = {"query_text", "doc_id", "position", "document_fields", "notes"}
        if set(pair) - known - {"judgements"}:
            raise PeerError(f"an unknown property: {pair}")
        for judgement in pair["judgements"]:
            yield pair["query_text"], pair["doc_id"], judgement["rating"]


def workbench_judgments(text: str) -> Iterator[Rating]:
    """The ratings of the Search Relevance Workbench.

    Restates opensearch-project/search-relevance: `PutJudgmentTransportAction`,
    `ImportJudgmentsProcessor` (a rating is a string that `Float.parseFloat` reads) and
    `TextValidationUtil` (signs and lengths of name and description).
    """
    for line in text.splitlines():
        body = json.loads(line)
        check_text(body["name"], 50)
        check_text(body["description"], 250)
        if body["type"] != "IMPORT_JUDGMENT":
            raise PeerError(f"an unknown type: {body['type']}")
        rated = body["judgmentRatings"]
        if sum(len(each["ratings"]) for each in rated) > 10_000:
            raise PeerError("too many nested objects")
        for each in rated:
            for rating in each["ratings"]:
                if not isinstance(rating["rating"], str):
                    raise PeerError("ClassCastException")
                yield each["query"], rating["docId"], float(rating["rating"])


def check_text(text: str, most_characters: int) -> None:
    """`TextValidationUtil` of the workbench."""
    if not 0 < len(text) <= most_characters or re.search(r'["\\<>]', text):
        raise PeerError(f"an invalid text: {text!r}")


def rank_eval_ratings(text: str) -> Iterator[Rating]:
    """The ratings of `_rank_eval`: RankEvalSpec, RatedRequest, RatedDocument."""
    body = json.loads(text)
    ids = [request["id"] for request in body["requests"]]
    if len(set(ids)) != len(ids) or len(body["metric"]) != 1:
        raise PeerError("an id twice, or not one metric")
    for request in body["requests"]:
        query = request["request"]["query"]["multi_match"]["query"]
        documents = [(each["_index"], each["_id"]) for each in request["ratings"]]
        if len(set(documents)) != len(documents):
            raise PeerError("a document twice")
        for each in request["ratings"]:
            if type(each["rating"]) is not int:
                raise PeerError("not an integer")
            yield query, each["_id"], each["rating"]


def function_scores(text: str) -> Iterator[tuple[str, str, float]]:
    """The boosts of `function_score`, plus 1: FunctionScoreQueryBuilder.

    It refuses an unknown mode, and a weight without a filter counts for every document.
    """
    modes = {"multiply", "sum", "avg", "first", "max", "min"}
    for line in text.splitlines():
        body = json.loads(line)
        score = body["function_score"]
        if {score["score_mode"], score["boost_mode"]} - modes:
            raise PeerError("an unknown mode")
        for function in score["functions"]:
            if set(function) != {"filter", "weight"} or function["weight"] < 0:
                raise PeerError(f"no function: {function}")
            yield (
                body["query_text"],
                function["filter"]["term"]["cid"],
                function["weight"],
            )


def query_rules(text: str) -> Iterator[tuple[str, str]]:
    """The pins of `PUT _query_rules/SET`: QueryRuleset, QueryRuleCriteria."""
    body: dict[str, Any] = json.loads(text)
    if len(body["rules"]) > 100:
        raise PeerError("too many rules")
    for rule in body["rules"]:
        (criterion,) = rule["criteria"]
        if rule["type"] != "pinned" or criterion["type"] != "exact":
            raise PeerError(f"an unknown type: {rule}")
        (query,) = criterion["values"]
        if criterion["metadata"] != "query_string" or len(rule["actions"]["ids"]) > 100:
            raise PeerError(f"not a rule: {rule}")
        for document in rule["actions"]["ids"]:
            yield query, document
