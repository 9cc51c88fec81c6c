// What Lucene's own suggester makes of queries, over a list of words.
//
// java -cp LUCENE Suggester.java WORDS QUERIES
//
// Both files are UTF-8. A line of WORDS is a level and the words of that level, separated
// by spaces: each is in as many documents as levels are not above its own, because Lucene
// ranks words of the same distance by the documents that have them. Prints a line for
// each query. A word that is not in the list becomes the first suggestion of
// DirectSpellChecker; without one, the first of WordBreakSpellChecker. Both have their
// defaults, which Solr's and Elasticsearch's term suggesters have as well.

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import org.apache.lucene.analysis.core.WhitespaceAnalyzer;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.TextField;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.spell.DirectSpellChecker;
import org.apache.lucene.search.spell.SuggestMode;
import org.apache.lucene.search.spell.SuggestWord;
import org.apache.lucene.search.spell.WordBreakSpellChecker;
import org.apache.lucene.store.ByteBuffersDirectory;

public class Suggester {
    private static final String FIELD = "word";
    private static final SuggestMode MODE = SuggestMode.SUGGEST_WHEN_NOT_IN_INDEX;

    public static void main(String[] arguments) throws Exception {
        var directory = new ByteBuffersDirectory();
        try (var writer =
                new IndexWriter(directory, new IndexWriterConfig(new WhitespaceAnalyzer()))) {
            // The highest level comes first.
            StringBuilder words = new StringBuilder();
            for (String line : Files.readAllLines(Path.of(arguments[0]))) {
                words.append(line.substring(line.indexOf(' '))).append(' ');
                var document = new Document();
                document.add(new TextField(FIELD, words.toString(), Field.Store.NO));
                writer.addDocument(document);
            }
        }
        PrintStream out = new PrintStream(System.out, false, StandardCharsets.UTF_8);
        var speller = new DirectSpellChecker();
        var breaker = new WordBreakSpellChecker();
        try (IndexReader reader = DirectoryReader.open(directory)) {
            for (String query : Files.readAllLines(Path.of(arguments[1]))) {
                List<String> found = new ArrayList<>();
                for (String word : query.split(" ")) {
                    found.add(corrected(new Term(FIELD, word), reader, speller, breaker));
                }
                out.print(String.join(" ", found) + "\n");
            }
        }
        out.flush();
    }

    private static String corrected(
            Term word,
            IndexReader reader,
            DirectSpellChecker speller,
            WordBreakSpellChecker breaker)
            throws Exception {
        SuggestWord[] similar = speller.suggestSimilar(word, 1, reader, MODE);
        if (similar.length > 0) {
            return similar[0].string;
        }
        SuggestWord[][] parts =
                breaker.suggestWordBreaks(
                        word,
                        1,
                        reader,
                        MODE,
                        WordBreakSpellChecker.BreakSuggestionSortMethod.NUM_CHANGES_THEN_MAX_FREQUENCY);
        if (parts.length == 0) {
            return word.text();
        }
        List<String> found = new ArrayList<>();
        for (SuggestWord part : parts[0]) {
            found.add(part.string);
        }
        return String.join(" ", found);
    }
}
