package intake_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"digestbot/subscribers/intake"
)

func ExampleImport() {
	folder, err := os.MkdirTemp("", "")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(folder)
	document := filepath.Join(folder, "weekly-179.md")
	if err := os.WriteFile(document, []byte("# Weekly 179 (2026-11-27)\n\n## News\n\nThis week.\n"), 0o600); err != nil {
		panic(err)
	}

	ctx := context.Background()
	names, err := intake.ParseNames(nil)
	if err != nil {
		panic(err)
	}
	documents := intake.ReadAll(ctx, []string{document}, intake.Ways{Stdin: os.Stdin}, names, func(name, why string) {})
	err = intake.Import(ctx, filepath.Join(folder, "digestbot.db"), documents, func(n intake.Note) {
		fmt.Println(n.Document, n.Outcome, n.Issue.Key, n.Issue.Title)
	})
	fmt.Println(err)
	// Output:
	// weekly-179.md added 179 Weekly 179 (2026-11-27)
	// <nil>
}
