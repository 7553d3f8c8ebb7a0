package digest_test

import (
	"testing"

	"digestbot/digest"
	"digestbot/digest/document"
)

// parse reads a document that is to be read.
func parse(t testing.TB, name, text string) *digest.Issue {
	t.Helper()
	issue, err := document.Parse(name, []byte(text))
	if err != nil {
		t.Fatalf("Parse of %.100q = %v", text, err)
	}
	return issue
}
