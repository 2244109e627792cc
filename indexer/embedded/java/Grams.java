package frontispiece.plugin;

import java.util.function.UnaryOperator;

import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.ngram.EdgeNGramTokenFilter;
import org.apache.lucene.analysis.ngram.NGramTokenFilter;
import org.elasticsearch.common.settings.Settings;
import org.elasticsearch.index.IndexSettings;
import org.elasticsearch.index.analysis.TokenFilterFactory;

/** Token filters that split words into n-grams: {@code ngram} and {@code edge_ngram}. */
record Grams(String name, UnaryOperator<TokenStream> filter) implements TokenFilterFactory {
    static Grams atEdge(String name, Settings settings) {
        if (settings.get("side", "front").equals("front") == false) {
            throw new IllegalArgumentException("edge_ngram on this node knows no other [side] than front");
        }
        int min = min(settings);
        int max = max(settings);
        boolean kept = settings.getAsBoolean("preserve_original", false);
        return new Grams(name, tokens -> new EdgeNGramTokenFilter(tokens, min, max, kept));
    }

    static Grams anywhere(String name, Settings settings, IndexSettings index) {
        int min = min(settings);
        int max = max(settings);
        if (max - min > index.getMaxNgramDiff()) {
            throw new IllegalArgumentException(
                "max_gram - min_gram must not exceed [index.max_ngram_diff], which is [" + index.getMaxNgramDiff() + "]"
            );
        }
        boolean kept = settings.getAsBoolean("preserve_original", false);
        return new Grams(name, tokens -> new NGramTokenFilter(tokens, min, max, kept));
    }

    private static int min(Settings settings) {
        return settings.getAsInt("min_gram", 1);
    }

    private static int max(Settings settings) {
        return settings.getAsInt("max_gram", 2);
    }

    @Override
    public TokenStream create(TokenStream tokens) {
        return filter.apply(tokens);
    }

    @Override
    public boolean breaksFastVectorHighlighter() {
        return true;
    }
}
