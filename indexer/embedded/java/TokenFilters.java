package frontispiece.plugin;

import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

import org.apache.lucene.analysis.CharArraySet;
import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.core.UpperCaseFilter;
import org.apache.lucene.analysis.de.GermanNormalizationFilter;
import org.apache.lucene.analysis.miscellaneous.ASCIIFoldingFilter;
import org.apache.lucene.analysis.miscellaneous.LengthFilter;
import org.apache.lucene.analysis.miscellaneous.PatternKeywordMarkerFilter;
import org.apache.lucene.analysis.miscellaneous.RemoveDuplicatesTokenFilter;
import org.apache.lucene.analysis.miscellaneous.ScandinavianFoldingFilter;
import org.apache.lucene.analysis.miscellaneous.ScandinavianNormalizationFilter;
import org.apache.lucene.analysis.miscellaneous.SetKeywordMarkerFilter;
import org.apache.lucene.analysis.miscellaneous.TrimFilter;
import org.apache.lucene.analysis.reverse.ReverseStringFilter;
import org.apache.lucene.analysis.snowball.SnowballFilter;
import org.apache.lucene.analysis.util.ElisionFilter;
import org.elasticsearch.common.Strings;
import org.elasticsearch.common.settings.Settings;
import org.elasticsearch.env.Environment;
import org.elasticsearch.index.analysis.Analysis;
import org.elasticsearch.index.analysis.NormalizingTokenFilterFactory;
import org.elasticsearch.index.analysis.TokenFilterFactory;
import org.elasticsearch.indices.analysis.AnalysisModule.AnalysisProvider;
import org.elasticsearch.plugins.AnalysisPlugin;

/** Token filters under their stock names and settings. */
final class TokenFilters {
    private TokenFilters() {}

    static Map<String, AnalysisProvider<TokenFilterFactory>> all() {
        return Map.ofEntries(
            Map.entry("asciifolding", (index, environment, name, settings) -> foldToAscii(name, settings)),
            Map.entry("edge_ngram", (index, environment, name, settings) -> Grams.atEdge(name, settings)),
            Map.entry("elision", AnalysisPlugin.requiresAnalysisSettings(
                (index, environment, name, settings) -> normalizing(name, elide(environment, settings))
            )),
            Map.entry("german_normalization", normalizing(GermanNormalizationFilter::new)),
            Map.entry("keyword_marker", AnalysisPlugin.requiresAnalysisSettings(
                (index, environment, name, settings) -> new Plain(name, markKeywords(environment, settings))
            )),
            Map.entry("length", plain(TokenFilters::length)),
            Map.entry("ngram", (index, environment, name, settings) -> Grams.anywhere(name, settings, index)),
            Map.entry("reverse", plain(settings -> ReverseStringFilter::new)),
            Map.entry("scandinavian_folding", normalizing(ScandinavianFoldingFilter::new)),
            Map.entry("scandinavian_normalization", normalizing(ScandinavianNormalizationFilter::new)),
            Map.entry("snowball", plain(TokenFilters::snowball)),
            Map.entry("stemmer", plain(Stemmers::of)),
            Map.entry("trim", normalizing(TrimFilter::new)),
            Map.entry("unique", plain(TokenFilters::unique)),
            Map.entry("uppercase", normalizing(UpperCaseFilter::new))
        );
    }

    private static AnalysisProvider<TokenFilterFactory> plain(Function<Settings, UnaryOperator<TokenStream>> make) {
        return (index, environment, name, settings) -> new Plain(name, make.apply(settings));
    }

    private static AnalysisProvider<TokenFilterFactory> normalizing(UnaryOperator<TokenStream> filter) {
        return (index, environment, name, settings) -> normalizing(name, filter);
    }

    private static Normalizing normalizing(String name, UnaryOperator<TokenStream> filter) {
        return new Normalizing(name, filter, filter);
    }

    private static Normalizing foldToAscii(String name, Settings settings) {
        boolean kept = settings.getAsBoolean("preserve_original", false);
        // A query term, such as a prefix, must normalize to one token: the folded one without the original.
        return new Normalizing(
            name,
            tokens -> new ASCIIFoldingFilter(tokens, kept),
            tokens -> new ASCIIFoldingFilter(tokens, false)
        );
    }

    private static UnaryOperator<TokenStream> elide(Environment environment, Settings settings) {
        CharArraySet articles = Analysis.parseArticles(environment, settings);
        if (articles == null) {
            throw new IllegalArgumentException("an elision filter needs [articles] or [articles_path]");
        }
        return tokens -> new ElisionFilter(tokens, articles);
    }

    private static UnaryOperator<TokenStream> markKeywords(Environment environment, Settings settings) {
        String expression = settings.get("keywords_pattern");
        Set<?> words = Analysis.getWordSet(environment, settings, "keywords");
        if ((expression == null) == (words == null)) {
            throw new IllegalArgumentException(
                "a keyword_marker filter needs one of [keywords], [keywords_path] and [keywords_pattern]"
            );
        }
        if (expression != null) {
            Pattern pattern = Pattern.compile(expression);
            return tokens -> new PatternKeywordMarkerFilter(tokens, pattern);
        }
        CharArraySet keywords = new CharArraySet(words, settings.getAsBoolean("ignore_case", false));
        return tokens -> new SetKeywordMarkerFilter(tokens, keywords);
    }

    private static UnaryOperator<TokenStream> length(Settings settings) {
        int min = settings.getAsInt("min", 0);
        int max = settings.getAsInt("max", Integer.MAX_VALUE);
        return tokens -> new LengthFilter(tokens, min, max);
    }

    private static UnaryOperator<TokenStream> snowball(Settings settings) {
        String language = Strings.capitalize(settings.get("language", settings.get("name", "English")));
        return tokens -> new SnowballFilter(tokens, language);
    }

    private static UnaryOperator<TokenStream> unique(Settings settings) {
        boolean samePosition = settings.getAsBoolean("only_on_same_position", false);
        return samePosition ? RemoveDuplicatesTokenFilter::new : UniqueFilter::new;
    }

    private record Plain(String name, UnaryOperator<TokenStream> filter) implements TokenFilterFactory {
        @Override
        public TokenStream create(TokenStream tokens) {
            return filter.apply(tokens);
        }
    }

    /** A filter that normalizers may use too. */
    private record Normalizing(String name, UnaryOperator<TokenStream> filter, UnaryOperator<TokenStream> normalizer)
        implements
            NormalizingTokenFilterFactory {
        @Override
        public TokenStream create(TokenStream tokens) {
            return filter.apply(tokens);
        }

        @Override
        public TokenStream normalize(TokenStream tokens) {
            return normalizer.apply(tokens);
        }
    }
}
