package roster

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"

	"digestbot/digest"
	"digestbot/subscribers"
)

// ErrFile says that the file, or its name, is at fault.
var ErrFile = errors.New("the file is not as it must be")

// fileError is an error about a file; it is ErrFile.
type fileError struct{ error }

func (e fileError) Unwrap() []error { return []error{e.error, ErrFile} }

// ExportFile writes the subscribers in the database to a file or, without a name, to out,
// and returns what there is to say of it. It fails with [subscribers.ErrNoDatabase] if there is none.
func ExportFile(ctx context.Context, path, name string, given Format, out io.Writer) (said string, err error) {
	format, err := FormatOf(name, given)
	if err != nil {
		return "", fileError{err}
	}
	store, err := subscribers.OpenExisting(ctx, path)
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, store.Close()) }()
	n := 0
	write := func(w io.Writer) (err error) {
		n, err = Export(ctx, store, w, format)
		return err
	}
	if name == "" || name == "-" {
		err = write(out)
	} else {
		err = writeFile(name, store.Files(), write)
	}
	if err != nil {
		return "", err
	}
	err = store.Audit(ctx, subscribers.AuditEntry{
		By: subscribers.Actor{User: subscribers.CommandLine}, Deed: subscribers.DeedExport, Facts: subscribers.Facts{Count: n},
	})
	return fmt.Sprintf("exported subscribers: %d", n), err
}

// importGC has garbage collected when there is a quarter as much of it as of what is needed. A
// list of 100,000 people must do with the memory of a small machine, beside a bot that runs.
const importGC = 25

// ImportFile enrols the people of a file, or of stdin if its name is "-", in the database,
// which is made if it is not there. It returns what there is to say of it.
func ImportFile(ctx context.Context, path, name string, given Format, stdin io.Reader, options Options) (said string, err error) {
	format, err := FormatOf(name, given)
	if err != nil {
		return "", fileError{err}
	}
	if err := subscribers.CheckPath(path); err != nil {
		return "", fileError{err}
	}
	defer debug.SetGCPercent(debug.SetGCPercent(importGC))
	data, err := readFile(name, stdin)
	if err != nil {
		return "", fileError{err}
	}
	list, err := Read(data, format)
	if err != nil {
		return "", fileError{err}
	}
	result, made, err := enrollAt(ctx, path, list, options)
	if err != nil {
		return "", err
	}
	lines := list.Notes
	if made != "" {
		lines = append(lines, "there was no database, so a new one was made: "+made)
	}
	return strings.Join(append(lines, result.lines(options)...), "\n"), nil
}

// enrollAt is Enroll for the database at path. made is its full name if there was none. To
// find out what would happen no database is made where there is none.
func enrollAt(ctx context.Context, path string, list List, options Options) (result Result, made string, err error) {
	_, missing := os.Stat(path)
	if missing != nil && options.DryRun {
		folder, err := os.MkdirTemp("", "digestbot-")
		if err != nil {
			return result, "", err
		}
		defer os.RemoveAll(folder)
		path = filepath.Join(folder, "digestbot.db")
	}
	store, err := subscribers.Open(ctx, path)
	if err != nil {
		return result, "", err
	}
	defer func() { err = errors.Join(err, store.Close()) }()
	if missing != nil && !options.DryRun {
		if made, err = filepath.Abs(path); err != nil {
			return result, "", err
		}
	}
	result, err = Enroll(ctx, store, list, options)
	return result, made, err
}

// maxSectionsNamed bounds the sections that a result names.
const maxSectionsNamed = 10

// lines say what was done, or would be.
func (r Result) lines(options Options) (lines []string) {
	say := func(n int, what string) {
		if n > 0 {
			lines = append(lines, fmt.Sprintf("%s: %d", what, n))
		}
	}
	first := fmt.Sprintf("%d new, %d as they were", r.New, r.Unchanged)
	if options.Replace {
		first = fmt.Sprintf("%d new, %d changed, %d as they were", r.New, r.Replaced, r.Unchanged)
	}
	if options.DryRun {
		first = "a dry run, nothing was changed; it would be: " + first
	}
	lines = append(lines, first)
	say(r.Left, "left here before, or cannot be reached, and stay so until they come back themselves")
	say(r.Forgotten, "left out, as they had everything about them deleted here")
	if len(r.Sections) > 0 {
		lines = append(lines, fmt.Sprintf("sections that no issue has yet: %d (%s)", len(r.Sections), named(r.Sections)))
	}
	say(r.ToGreet, "to be greeted by the bot, within a minute while it runs")
	if r.New > 0 && !options.DryRun {
		lines = append(lines, "new ones count as unconfirmed until a message has reached them: the bot can only write to people who have started it")
	}
	return lines
}

// named lists the names of sections, not more than people read.
func named(sections []string) string {
	var shown []string
	for _, name := range sections[:min(len(sections), maxSectionsNamed)] {
		shown = append(shown, digest.ShortenUnits(name, maxShown))
	}
	if len(sections) > maxSectionsNamed {
		shown = append(shown, "…")
	}
	return strings.Join(shown, ", ")
}
