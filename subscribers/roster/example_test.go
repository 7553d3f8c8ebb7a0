package roster_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"digestbot/subscribers"
	"digestbot/subscribers/roster"
)

// A list from a spreadsheet is enrolled, twice, and exported.
func Example() {
	if err := enrollTwice(context.Background()); err != nil {
		panic(err)
	}
	// Output:
	// new: 2, unchanged: 0
	// new: 0, unchanged: 2
	// 42: layout "compact", muted sections ["Books"]
	// 43: layout "", muted sections []
}

func enrollTwice(ctx context.Context) error {
	folder, err := os.MkdirTemp("", "")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)
	store, err := subscribers.Open(ctx, filepath.Join(folder, "digestbot.db"))
	if err != nil {
		return err
	}
	defer store.Close()

	list, err := roster.Read([]byte("chat,layout,muted_sections\n42,compact,Books\n43,,\n"), roster.CSV)
	if err != nil {
		return err
	}
	for range 2 {
		result, err := roster.Enroll(ctx, store, list, roster.Options{})
		if err != nil {
			return err
		}
		fmt.Printf("new: %d, unchanged: %d\n", result.New, result.Unchanged)
	}
	var out strings.Builder
	if _, err := roster.Export(ctx, store, &out, roster.JSON); err != nil {
		return err
	}
	again, err := roster.Read([]byte(out.String()), roster.JSON)
	if err != nil {
		return err
	}
	for _, p := range again.People {
		fmt.Printf("%d: layout %q, muted sections %q\n", p.ID, p.Layout, p.Muted)
	}
	return nil
}
