// What a file of synonyms does to queries, by Lucene's own parser and filter.
//
// java -cp LUCENE Synonyms.java RULES QUERIES
//
// Both files are UTF-8. Prints two lines for each line of QUERIES: its tokens, and its
// tokens behind the synonym filter, separated by single spaces. A token that is an
// alternative to the one before it begins with a bar. Solr, Elasticsearch and OpenSearch
// use these classes; the chain is that of a usual field: standard tokenizer, lower case.

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.LowerCaseFilter;
import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.Tokenizer;
import org.apache.lucene.analysis.standard.StandardTokenizer;
import org.apache.lucene.analysis.synonym.SolrSynonymParser;
import org.apache.lucene.analysis.synonym.SynonymGraphFilter;
import org.apache.lucene.analysis.synonym.SynonymMap;
import org.apache.lucene.analysis.tokenattributes.CharTermAttribute;
import org.apache.lucene.analysis.tokenattributes.PositionIncrementAttribute;

public class Synonyms {
    public static void main(String[] arguments) throws Exception {
        Analyzer plain = analyzer(null);
        // With `expand`, a comma is a two-way rule; rules with an arrow are the same.
        SolrSynonymParser parser = new SolrSynonymParser(true, true, plain);
        try (BufferedReader rules = reader(arguments[0])) {
            parser.parse(rules);
        }
        Analyzer rewriting = analyzer(parser.build());
        PrintStream out = new PrintStream(System.out, false, StandardCharsets.UTF_8);
        try (BufferedReader queries = reader(arguments[1])) {
            for (String query; (query = queries.readLine()) != null; ) {
                out.print(tokens(plain, query) + "\n");
                out.print(tokens(rewriting, query) + "\n");
            }
        }
        out.flush();
    }

    private static BufferedReader reader(String file) throws IOException {
        return Files.newBufferedReader(Path.of(file), StandardCharsets.UTF_8);
    }

    /** A chain that ends with the synonym filter, or that lacks it. */
    private static Analyzer analyzer(SynonymMap synonyms) {
        return new Analyzer() {
            @Override
            protected TokenStreamComponents createComponents(String field) {
                Tokenizer tokenizer = new StandardTokenizer();
                TokenStream stream = new LowerCaseFilter(tokenizer);
                if (synonyms != null && synonyms.fst != null) {
                    stream = new SynonymGraphFilter(stream, synonyms, true);
                }
                return new TokenStreamComponents(tokenizer, stream);
            }
        };
    }

    private static String tokens(Analyzer analyzer, String text) throws IOException {
        StringBuilder found = new StringBuilder();
        try (TokenStream stream = analyzer.tokenStream("query", text)) {
            var term = stream.addAttribute(CharTermAttribute.class);
            var increment = stream.addAttribute(PositionIncrementAttribute.class);
            stream.reset();
            while (stream.incrementToken()) {
                found.append(found.length() == 0 ? "" : " ");
                found.append(increment.getPositionIncrement() == 0 ? "|" : "").append(term);
            }
            stream.end();
        }
        return found.toString();
    }
}
