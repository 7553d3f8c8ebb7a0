package document_test

import (
	"slices"
	"testing"

	"digestbot/digest"
)

// The headline of an entry is what tells it apart, not what all entries begin with.
func TestRepeatedTitles(t *testing.T) {
	const pier = "[harbour/pier](https://example.org/pier) "
	tests := []struct {
		name, list string
		want       []string
	}{
		{"a repository",
			"- " + pier + "[#12](https://example.org/12) Mend the planks\n- " + pier + "[#13](https://example.org/13) Paint the rail\n- [harbour/boat](https://example.org/boat) [#3](https://example.org/3) Oil the motor\n",
			[]string{"harbour/pier #12 Mend the planks", "harbour/pier #13 Paint the rail", "harbour/boat #3 Oil the motor"}},
		{"an author, one after the other", "- " + pier + "mends planks\n- " + pier + "paints rails\n",
			[]string{"harbour/pier mends planks", "harbour/pier paints rails"}},
		{"words that say what kind", "- **New:** a rail\n- **Mended:** the planks\n- **New:** a lamp\n",
			[]string{"New: a rail", "Mended: the planks", "New: a lamp"}},
		{"two of many", "- [A](https://example.org/a) – one\n- [B](https://example.org/b) – two\n- [C](https://example.org/c) – three\n- **New:** four\n- **New:** five\n",
			[]string{"A", "B", "C", "New: four", "New: five"}},
		{"names of users", "- [@jane](https://example.org/jane) mends [planks](https://example.org/1)\n- [@joan](https://example.org/joan): paints rails\n- [Lamps](https://example.org/2) – new\n",
			[]string{"@jane mends planks", "@joan: paints rails", "Lamps"}},
		{"labels of links", "- **Jane:** [Planks in winter](https://example.org/1)\n- **Joan**: [Rails](https://example.org/2), for builders of long piers\n",
			[]string{"Jane: Planks in winter", "Joan: Rails"}},
		// Near misses.
		{"a label of several links", "- **Planks:** [oak](https://example.org/1) and [pine](https://example.org/2) compared\n- **Rails:** [iron](https://example.org/3) and [brass](https://example.org/4)\n",
			[]string{"Planks", "Rails"}},
		{"a label of a text", "- **Lamp 4:** it burns, says [Jane](https://example.org/1)\n- **Lamp 5:** it does not\n", []string{"Lamp 4", "Lamp 5"}},
		{"one entry each", "- " + pier + "mends planks\n- [boat](https://example.org/boat) floats\n", []string{"harbour/pier", "boat"}},
		{"one thing listed twice", "- " + pier + "mends planks\n- [boat](https://example.org/boat) floats\n- " + pier + "mends planks and rails\n",
			[]string{"harbour/pier", "boat", "harbour/pier"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			issue := parse(t, "a.md", "# Letters\n\n## News\n\n"+tt.list)
			var got []string
			for _, p := range issue.Preview(issue.Date).Sections[0].Items {
				got = append(got, p.Title)
			}
			if !slices.Equal(got, tt.want) {
				t.Errorf("headlines %q, want %q", got, tt.want)
			}
		})
	}
}

// The words that are no title any more keep their looks.
func TestRepeatedTitleStaysBold(t *testing.T) {
	issue := parse(t, "a.md", "# Letters\n\n## News\n\n- **New:** a rail\n- **New:** a lamp\n")
	if first := issue.Sections[0].Items[0].Body[0].Spans[0]; first.Style != digest.Bold {
		t.Errorf("%+v, want it bold", first)
	}
}
