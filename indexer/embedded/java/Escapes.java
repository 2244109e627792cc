package frontispiece.plugin;

import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Backslash escapes of a mapping rule: n, t, r, b, f, u with four hexadecimal digits; any other letter is itself. */
final class Escapes {
    private static final Pattern ESCAPE = Pattern.compile("\\\\(?:u(\\p{XDigit}{4})|(.)|$)", Pattern.DOTALL);

    private Escapes() {}

    static String read(String text) {
        return ESCAPE.matcher(text).replaceAll(escape -> Matcher.quoteReplacement(letter(escape, text)));
    }

    private static String letter(MatchResult escape, String text) {
        if (escape.group(1) != null) {
            return Character.toString((char) Integer.parseInt(escape.group(1), 16));
        }
        return switch (escape.group(2)) {
            case "n" -> "\n";
            case "t" -> "\t";
            case "r" -> "\r";
            case "b" -> "\b";
            case "f" -> "\f";
            case null -> throw new IllegalArgumentException("unfinished escape in [" + text + "]");
            case "u" -> throw new IllegalArgumentException("unfinished escape in [" + text + "]");
            case String other -> other;
        };
    }
}
