package frontispiece.plugin;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.UnaryOperator;

import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.core.KeywordTokenizer;
import org.apache.lucene.analysis.de.GermanLightStemFilter;
import org.apache.lucene.analysis.de.GermanMinimalStemFilter;
import org.apache.lucene.analysis.en.EnglishMinimalStemFilter;
import org.apache.lucene.analysis.en.EnglishPossessiveFilter;
import org.apache.lucene.analysis.en.KStemFilter;
import org.apache.lucene.analysis.en.PorterStemFilter;
import org.apache.lucene.analysis.fr.FrenchLightStemFilter;
import org.apache.lucene.analysis.fr.FrenchMinimalStemFilter;
import org.apache.lucene.analysis.no.NorwegianLightStemFilter;
import org.apache.lucene.analysis.no.NorwegianLightStemFilterFactory;
import org.apache.lucene.analysis.no.NorwegianMinimalStemFilter;
import org.apache.lucene.analysis.no.NorwegianMinimalStemFilterFactory;
import org.apache.lucene.analysis.snowball.SnowballFilter;
import org.apache.lucene.analysis.sv.SwedishLightStemFilter;
import org.apache.lucene.analysis.sv.SwedishMinimalStemFilter;
import org.elasticsearch.common.Strings;
import org.elasticsearch.common.settings.Settings;

/** The {@code stemmer} filter: maps the stock names of languages to Lucene filters. */
final class Stemmers {
    private Stemmers() {}

    static UnaryOperator<TokenStream> of(Settings settings) {
        String language = settings.get("language", settings.get("name", "porter"));
        UnaryOperator<TokenStream> stemmer = named(language);
        // An unknown language must fail when the index is created, not when the first document is indexed.
        stemmer.apply(new KeywordTokenizer());
        return stemmer;
    }

    private static UnaryOperator<TokenStream> named(String language) {
        return switch (language.replace("_", "").toLowerCase(Locale.ROOT)) {
            case "english", "porter" -> PorterStemFilter::new;
            case "lightenglish", "kstem" -> KStemFilter::new;
            case "minimalenglish" -> EnglishMinimalStemFilter::new;
            case "possessiveenglish" -> EnglishPossessiveFilter::new;
            case "porter2" -> snowball("English");
            case "lightfrench" -> FrenchLightStemFilter::new;
            case "minimalfrench" -> FrenchMinimalStemFilter::new;
            case "german2" -> snowball("German");
            case "lightgerman" -> GermanLightStemFilter::new;
            case "minimalgerman" -> GermanMinimalStemFilter::new;
            case "lightnorwegian" -> NorwegianLightStemFilter::new;
            case "lightnynorsk" -> new NorwegianLightStemFilterFactory(nynorsk())::create;
            case "minimalnorwegian" -> NorwegianMinimalStemFilter::new;
            case "minimalnynorsk" -> new NorwegianMinimalStemFilterFactory(nynorsk())::create;
            case "lightswedish" -> SwedishLightStemFilter::new;
            case "minimalswedish" -> SwedishMinimalStemFilter::new;
            default -> snowball(Strings.capitalize(language));
        };
    }

    private static UnaryOperator<TokenStream> snowball(String language) {
        return tokens -> new SnowballFilter(tokens, language);
    }

    /** Returns a mutable map: Lucene's factories remove the arguments that they know from it. */
    private static Map<String, String> nynorsk() {
        return new HashMap<>(Map.of("variant", "nn"));
    }
}
