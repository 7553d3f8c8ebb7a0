package digest_test

import (
	"slices"
	"strings"
	"testing"
)

// TestDroppedLinks: readers see the address of a link that Telegram would drop.
func TestDroppedLinks(t *testing.T) {
	tests := []struct {
		in, want string
		warned   string // address; "": no warning
	}{
		{"see [the app](http://localhost:3000/x)", "see the app (localhost:3000/x)", "http://localhost:3000/x"},
		{"see http://localhost:3000/x", "see localhost:3000/x", "http://localhost:3000/x"},
		{"see [intranet/wiki](http://intranet/wiki) and", "see intranet/wiki and", "http://intranet/wiki"},
		{"see [here](https://example.com:99999/)", "see here (example.com:99999)", "https://example.com:99999/"},
		{"see [*a* b](http://localhost/)", "see <i>a</i> b (localhost)", "http://localhost/"},
		{"[write](mailto:a@b.example?subject=x) to us", "write (a@b.example) to us", ""},
		{"[a@b.example](mailto:a@b.example)", "a@b.example", ""},
		{"[call](tel:+123456)", "call (+123456)", ""},
		{"see [x](https://example.com/)", `see <a href="https://example.com/">x</a>`, ""},
		{"see [x](http://127.0.0.1:8080/)", `see <a href="http://127.0.0.1:8080/">x</a>`, ""},
	}
	for _, tt := range tests {
		document := "# T\n\n## A\n\n" + tt.in + "\n\nmore\n"
		if got, _, _ := strings.Cut(sectionHTML(t, document)[0], "\n"); got != tt.want {
			t.Errorf("%q becomes %q, want %q", tt.in, got, tt.want)
		}
		warnings := slices.DeleteFunc(preview(t, document).Warnings, func(w string) bool { return !strings.Contains(w, "makes no link") })
		if tt.warned == "" && len(warnings) > 0 || tt.warned != "" && (len(warnings) != 1 || !strings.Contains(warnings[0], " "+tt.warned+":")) {
			t.Errorf("%q: warnings %q, want one of %q", tt.in, warnings, tt.warned)
		}
	}
}
