package frontispiece.plugin;

import java.util.Map;

import org.apache.lucene.analysis.core.KeywordTokenizer;
import org.apache.lucene.analysis.core.LetterTokenizer;
import org.apache.lucene.analysis.core.WhitespaceTokenizer;
import org.elasticsearch.index.analysis.TokenizerFactory;
import org.elasticsearch.indices.analysis.AnalysisModule.AnalysisProvider;

/** Tokenizers in addition to the server's own {@code standard}. */
final class Tokenizers {
    private Tokenizers() {}

    static Map<String, AnalysisProvider<TokenizerFactory>> all() {
        return Map.of(
            "keyword", (index, environment, name, settings) -> TokenizerFactory.newFactory(
                name,
                () -> new KeywordTokenizer(settings.getAsInt("buffer_size", 256))
            ),
            "letter", (index, environment, name, settings) -> TokenizerFactory.newFactory(name, LetterTokenizer::new),
            "whitespace", (index, environment, name, settings) -> TokenizerFactory.newFactory(
                name,
                () -> new WhitespaceTokenizer(settings.getAsInt("max_token_length", 255))
            )
        );
    }
}
