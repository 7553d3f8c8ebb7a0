package digest_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"digestbot/digest"

	"github.com/google/go-cmp/cmp"
)

func preview(t *testing.T, document string) digest.Preview {
	t.Helper()
	return parse(t, "doc.md", document).Preview(time.Now())
}

// TestPreviewJSON pins the form that programs rely on.
func TestPreviewJSON(t *testing.T) {
	got, err := json.Marshal(preview(t, "## 🔥 A\n\n- [One](https://a.example/1): text\n- Two\n"))
	if err != nil {
		t.Fatal(err)
	}
	const want = `{"title":null,"number":null,"date":null,"image":null,"intro":"","credits":"",` +
		`"sections":[{"name":"A","key":"a","emoji":"🔥","links":["https://a.example/1"],"items":[` +
		`{"title":"One","text":"text","links":["https://a.example/1"]},{"title":"Two","text":"","links":[]}]}],` +
		`"messages":[{"section":null,"part":1,"parts":1,"html":"\u003cb\u003edoc\u003c/b\u003e\n\n🔥 A (2)","length":13,"headlines":"\u003cb\u003edoc\u003c/b\u003e",` +
		`"rich":"\u003ch1\u003edoc\u003c/h1\u003e\u003cp\u003e🔥 A (2)\u003c/p\u003e"},` +
		`{"section":"a","part":1,"parts":1,"html":"\u003cb\u003e🔥 A\u003c/b\u003e\n\n• \u003ca href=\"https://a.example/1\"\u003eOne\u003c/a\u003e: text\n• Two","length":23,` +
		`"headlines":"\u003cb\u003e🔥 A\u003c/b\u003e\n• \u003ca href=\"https://a.example/1\"\u003eOne\u003c/a\u003e\n• Two",` +
		`"rich":"\u003ch2\u003e🔥 A\u003c/h2\u003e\u003cul\u003e\u003cli\u003e\u003ca href=\"https://a.example/1\"\u003eOne\u003c/a\u003e: text\u003c/li\u003e` +
		`\u003cli\u003eTwo\u003c/li\u003e\u003c/ul\u003e"}],` +
		`"warnings":["no title: readers see the name of the bot and the number or date instead"]}`
	if diff := cmp.Diff(want, string(got)); diff != "" {
		t.Errorf("preview (-want +got):\n%s", diff)
	}
}

func TestWarnings(t *testing.T) {
	tests := []struct{ name, document, want string }{
		{"no sections", "---\ntitle: T\n---\n", "no sections"},
		{"empty section", "# T\n\n## A\n\n- x\n\n## B\n\n## C\n\n- y\n", `section "B" is empty`},
		{"cut paragraph", "# T\n\n## A\n\n" + strings.Repeat("A sentence. ", 500), `section "A": a paragraph is longer than a message`},
		{"cut paragraph of a section without a name", "# T\n\n" + strings.Repeat("A sentence. ", 500) + "\n\n- x\n", "the text: a paragraph is longer than a message"},
		{"placeholder", "---\ntitle: T\nimage: https://picsum.photos/1\n---\nx", "is a placeholder"},
		{"no title", "x", "no title"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := preview(t, tt.document).Warnings
			if !slices.ContainsFunc(got, func(w string) bool { return strings.Contains(w, tt.want) }) {
				t.Errorf("warnings = %q, want one with %q", got, tt.want)
			}
		})
	}
	if got := preview(t, "# T\n\n## A\n\n- x\n").Warnings; len(got) != 0 {
		t.Errorf("warnings of a sound issue = %q, want none", got)
	}
}
