package io.millrace.connect.secret;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class SecretWordsTest {

    private final SecretWords words = new SecretWords();

    @Test
    void masksASecretWhereverItStands() {
        words.remember("c", List.of("s3cret"));

        assertThat(words.masked("as3cretb, s3cret")).isEqualTo("a[hidden]b, [hidden]");
    }

    @Test
    void masksAShortOneOnlyWhereItStandsAlone() {
        words.remember("c", List.of("cat"));

        assertThat(words.masked("user=cat;concatenate")).isEqualTo("user=[hidden];concatenate");
    }

    @Test
    void knowsASecretAsItStandsInAnAddressAndInJson() {
        words.remember("c", List.of("a\"b c/d"));

        assertThat(words.masked("x://u:a%22b+c%2Fd@h {\"p\":\"a\\\"b c/d\"}"))
                .isEqualTo("x://u:[hidden]@h {\"p\":\"[hidden]\"}");
    }

    @Test
    void knowsTheLinesOfALongSecretAndThePasswordWithinOne() {
        words.remember("c", List.of("-----BEGIN-----\nMIIEvQIBADAN\n", "Module required password=\"wh1sper\";"));

        assertThat(words.masked("key MIIEvQIBADAN of wh1sper")).isEqualTo("key [hidden] of [hidden]");
    }

    @Test
    void forgetsWithTheOwner() {
        words.remember("c", List.of("s3cret"));
        words.remember("d", List.of("s3cret", "other5"));

        words.forget("d");

        assertThat(words.masked("s3cret other5")).isEqualTo("[hidden] other5");
    }

    @Test
    void switchesAndMasksAreNoSecrets() {
        words.remember("c", List.of("true", "[hidden]", " "));

        assertThat(words.masked("true [hidden] ")).isEqualTo("true [hidden] ");
    }
}
