package archive_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"digestbot/digest/document"
	"digestbot/subscribers/archive"
	"digestbot/subscribers/database"
	"digestbot/subscribers/search"
)

// An issue is archived, corrected and searched.
func Example() {
	if err := keep(context.Background()); err != nil {
		panic(err)
	}
	// Output:
	// Weekly 179: added, edition 1
	// Weekly 179: corrected, edition 2
	// found 1: The kernel
}

func keep(ctx context.Context) error {
	folder, err := os.MkdirTemp("", "")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)
	db, err := database.Open(ctx, filepath.Join(folder, "digestbot.db"),
		database.Schema{Migrations: os.DirFS(".."), Table: "subscribers"})
	if err != nil {
		return err
	}
	defer db.Close()
	a, err := archive.New(ctx, db)
	if err != nil {
		return err
	}

	for _, title := range []string{"The kernle", "The kernel"} {
		text := "# Weekly 179\n\n## News\n\n### " + title + "\n\nIt is out.\n"
		issue, err := document.Parse("179.md", []byte(text))
		if err != nil {
			return err
		}
		issue.Date = time.Date(2026, 11, 27, 0, 0, 0, 0, time.UTC)
		row, saved, err := a.SaveIssue(ctx, issue, "179.md", []byte(text))
		if err != nil {
			return err
		}
		fmt.Printf("%s: %s, edition %d\n", row.Title, saved, row.Edition)
	}
	items, total, err := a.Search(ctx, search.Parse("kernel"), 10, 0)
	if err != nil {
		return err
	}
	fmt.Printf("found %d: %s\n", total, items[0].Title)
	return nil
}
