package main

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"digestbot/bot/telegramsim"
)

const slip = "---\ntitle: \"Letters, issue 8\"\ndate: 2062-11-20\n---\n\n## News\n\nA paragraph.\n"

// On the command line an issue is redated, withdrawn and restored; mistakes name the
// cause and the cure.
func TestWithdrawAndRedateOnTheCommandLine(t *testing.T) {
	dir := t.TempDir()
	database := filepath.Join(dir, "test.db")
	write(t, dir, "7.md", document)
	write(t, dir, "8.md", slip)
	const warning = "warning: 8.md: it is dated 20 November 2062, more than a week ahead: it is not sent before 13 November 2062"
	mustContain(t, "preview", runWith(t, nil, "", "preview", filepath.Join(dir, "8.md")).err, warning)
	mustContain(t, "preview --json", runWith(t, nil, "", "preview", "--json", filepath.Join(dir, "8.md")).out, "it is dated 20 November 2062")
	for _, tt := range []struct {
		args []string
		out  string // in the output
		err  string // in the error or what is printed beside; empty: nothing
	}{
		{[]string{"withdraw", "8"}, "", "no such file or directory; give the bot's database with --database"},
		{[]string{"import", dir}, "2 added", warning},
		{[]string{"redate", "8", "20.11.2026"}, "", `"20.11.2026" is not a date: write it as year-month-day`},
		{[]string{"redate", "9", "2026-11-20"}, "", `there is no issue "9"; the newest are id_2 (8, "Letters, issue 8", 2062-11-20), id_1 (`},
		{[]string{"redate", "8", "2026-11-20"}, `redated: 8, "Letters, issue 8", 2026-11-20, before: 2062-11-20`, ""},
		{[]string{"redate", "#8", "2026-11-20"}, "it has that date already", ""},
		{[]string{"import", dir}, "2 unchanged", ""},
		{[]string{"withdraw", "8"}, `withdrawn: 8, "Letters, issue 8", 2026-11-20`, ""},
		{[]string{"withdraw", "id_2"}, "it was withdrawn before", ""},
		{[]string{"import", dir}, "2 unchanged", "8.md: the issue is withdrawn and stays so; digestbot withdraw --undo restores it"},
		{[]string{"withdraw", "--undo", "8"}, "restored: 8,", ""},
		{[]string{"withdraw", "8", "--undo"}, "it was not withdrawn: 8,", ""},
	} {
		got := runWith(t, nil, "", append(tt.args, "--database", database)...)
		said := got.err
		if got.failure != nil {
			said += got.failure.Error()
		}
		if !strings.Contains(got.out, tt.out) || !strings.Contains(said, tt.err) || tt.err == "" && said != "" {
			t.Errorf("%v printed %q and %q, want %q and %q", tt.args, got.out, said, tt.out, tt.err)
		}
	}
}

// An issue is withdrawn from under a bot that runs, and the source that still has its
// document does not bring it back, not even after a new start.
func TestWithdrawWhileTheBotRuns(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	sim := telegramsim.ForTest(t, telegramsim.Options{Token: fakeToken})
	defer sim.Close()
	database, source := filepath.Join(t.TempDir(), "test.db"), t.TempDir()
	file, old := write(t, source, "7.md", document), time.Now().Add(-time.Hour)
	if err := os.Chtimes(file, old, old); err != nil { // not half written any more
		t.Fatal(err)
	}
	ann := sim.NewPerson("Ann", telegramsim.Language("en"))
	stop := serving(t, sim, "--database", database, "--source", source)
	ann.Write("/issues")
	waitFor(ctx, t, sim, ann, "Letters, issue 7")
	if withdrawn := runWith(t, nil, "", "withdraw", "7", "--database", database); withdrawn.failure != nil {
		t.Fatal(withdrawn.failure)
	}
	ann.Write("/latest")
	waitFor(ctx, t, sim, ann, "There is no issue yet")
	if log, err := stop(); err != nil {
		t.Errorf("serve ended with %v:\n%s", err, log)
	}
	stop = serving(t, sim, "--database", database, "--source", source)
	ann.Write("/issue 7")
	waitFor(ctx, t, sim, ann, "This issue has been withdrawn.")
	if _, err := stop(); err != nil {
		t.Error(err)
	}
}

func TestHelpOfWithdrawAndRedate(t *testing.T) {
	for _, command := range []string{"withdraw", "redate"} {
		help := runWith(t, nil, "", command, "--help")
		mustContain(t, command+" --help", help.out, "Its number or key.", "--database")
		if n := strings.Count(help.out, "[DIGESTBOT_"); help.failure != nil || n != 1 {
			t.Errorf("%s --help shows %d settings, %v; want only the database:\n%s", command, n, help.failure, help.out)
		}
	}
}
