package document_test

import (
	"strings"
	"testing"
)

// A button that only a script answers does nothing in a message. One that is a link stays, and
// so does a heading that opens what is below it.
func TestButtons(t *testing.T) {
	for _, tt := range []struct {
		name, button string
		shown        bool
	}{
		{"a script's", "<button onclick=\"like()\">👍 Press here</button>", false},
		{"in a link", "<a href=\"https://q.example/a\"><button>Press here</button></a>", true},
		{"around a link", "<button><a href=\"https://q.example/a\">Press here</a></button>", true},
		{"of a fold", "<button class=\"accordion\">Press here</button><div>Rain.</div>", true},
		{"of another fold", "<button aria-expanded=\"false\">Press here</button><div>Rain.</div>", true},
		{"of a heading", "<h3><button>Press here</button></h3><p>Rain.</p>", true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			document := "<html><body><h1>Quay Wire</h1><h2>News</h2><p>Fog on the pier, and it lasts until Friday.</p>" + tt.button + "<h2>Books</h2><p>Knots.</p></body></html>"
			var text strings.Builder
			for _, m := range parse(t, "a.html", document).Messages() {
				text.WriteString(m.HTML)
			}
			if got := strings.Contains(text.String(), "Press here"); got != tt.shown {
				t.Errorf("the button is shown: %v, want %v", got, tt.shown)
			}
		})
	}
}
