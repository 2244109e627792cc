package frontispiece.plugin;

import java.io.Reader;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

import org.apache.lucene.analysis.charfilter.HTMLStripCharFilter;
import org.apache.lucene.analysis.charfilter.MappingCharFilter;
import org.apache.lucene.analysis.charfilter.NormalizeCharMap;
import org.apache.lucene.analysis.pattern.PatternReplaceCharFilter;
import org.elasticsearch.common.regex.Regex;
import org.elasticsearch.common.settings.Settings;
import org.elasticsearch.env.Environment;
import org.elasticsearch.index.analysis.Analysis;
import org.elasticsearch.index.analysis.CharFilterFactory;
import org.elasticsearch.index.analysis.NormalizingCharFilterFactory;
import org.elasticsearch.indices.analysis.AnalysisModule.AnalysisProvider;
import org.elasticsearch.plugins.AnalysisPlugin;

/** Character filters under their stock names and settings. */
final class CharFilters {
    private CharFilters() {}

    static Map<String, AnalysisProvider<CharFilterFactory>> all() {
        return Map.of(
            "html_strip", (index, environment, name, settings) -> new Plain(name, stripHtml(settings)),
            "mapping", AnalysisPlugin.requiresAnalysisSettings(
                (index, environment, name, settings) -> new Normalizing(name, replaceLetters(environment, settings))
            ),
            "pattern_replace", AnalysisPlugin.requiresAnalysisSettings(
                (index, environment, name, settings) -> new Normalizing(name, replacePattern(settings))
            )
        );
    }

    private static UnaryOperator<Reader> stripHtml(Settings settings) {
        List<String> kept = settings.getAsList("escaped_tags", null);
        return kept == null ? HTMLStripCharFilter::new : text -> new HTMLStripCharFilter(text, Set.copyOf(kept));
    }

    private static UnaryOperator<Reader> replaceLetters(Environment environment, Settings settings) {
        List<String> rules = Analysis.getWordList(environment, settings, "mappings");
        if (rules == null) {
            throw new IllegalArgumentException("a mapping char filter needs [mappings] or [mappings_path]");
        }
        NormalizeCharMap.Builder letters = new NormalizeCharMap.Builder();
        for (String rule : rules) {
            // The last arrow counts, so that "=> => to" maps an arrow.
            int arrow = rule.lastIndexOf("=>");
            if (arrow < 0) {
                throw new IllegalArgumentException("a mapping rule is written [from => to], not [" + rule + "]");
            }
            letters.add(Escapes.read(rule.substring(0, arrow).trim()), Escapes.read(rule.substring(arrow + 2).trim()));
        }
        NormalizeCharMap map = letters.build();
        return text -> new MappingCharFilter(map, text);
    }

    private static UnaryOperator<Reader> replacePattern(Settings settings) {
        String given = settings.get("pattern");
        if (given == null || given.isEmpty()) {
            throw new IllegalArgumentException("a pattern_replace char filter needs a [pattern]");
        }
        Pattern pattern = Regex.compile(given, settings.get("flags"));
        String replacement = settings.get("replacement", "");
        return text -> new PatternReplaceCharFilter(pattern, replacement, text);
    }

    private record Plain(String name, UnaryOperator<Reader> filter) implements CharFilterFactory {
        @Override
        public Reader create(Reader text) {
            return filter.apply(text);
        }
    }

    /** A filter that normalizers may use too. */
    private record Normalizing(String name, UnaryOperator<Reader> filter) implements NormalizingCharFilterFactory {
        @Override
        public Reader create(Reader text) {
            return filter.apply(text);
        }
    }
}
