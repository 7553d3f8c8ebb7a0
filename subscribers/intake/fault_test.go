package intake_test

import (
	"errors"
	"log/slog"
	"strings"
	"testing"

	"digestbot/digest"
	"digestbot/digest/document"
	"digestbot/subscribers/intake"
)

// TestFaultWithADocument: a document on which the parser panics is named, is left alone
// until it changes, and does not keep others from being archived.
func TestFaultWithADocument(t *testing.T) {
	tried := 0
	store := openStore(t)
	folder := t.TempDir()
	write(t, folder, "1.md", "fault")
	write(t, folder, "8.md", issue8)
	var checked checks
	sources := intake.NewSources(store, slog.New(slog.DiscardHandler), checked.note, folders(t, folder))
	sources.ReplaceParser(func(name string, data []byte) ([]*digest.Issue, error) {
		if strings.Contains(string(data), "fault") {
			tried++
			var none []int
			_ = none[len(data)]
		}
		return document.ParseAll(name, data)
	})

	err := sources.Look(t.Context())
	if !errors.Is(err, intake.ErrFault) || !strings.Contains(err.Error(), "1.md") || !strings.Contains(err.Error(), "fault_test.go:") {
		t.Errorf("Look = %v, want a fault that names document and place", err)
	}
	if newest, err := store.NewestIssue(t.Context()); err != nil || newest.Key != "8" {
		t.Errorf("newest issue is %q, %v, want 8", newest.Key, err)
	}
	if err := sources.Look(t.Context()); !errors.Is(err, intake.ErrFault) || tried != 1 {
		t.Errorf("second Look = %v after %d tries, want the same after 1", err, tried)
	}
	write(t, folder, "1.md", "another fault")
	if err := sources.Look(t.Context()); !errors.Is(err, intake.ErrFault) || tried != 2 {
		t.Errorf("Look at the changed document = %v after %d tries, want a fault after 2", err, tried)
	}
}
