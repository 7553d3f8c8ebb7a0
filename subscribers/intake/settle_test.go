package intake_test

import (
	"io/fs"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"digestbot/subscribers/intake"
)

// desk is a folder somebody writes in while it is looked at.
type desk struct {
	mu     sync.Mutex
	files  fstest.MapFS
	opened func() // called when a file is opened
}

func (d *desk) write(name, text string, modified time.Time) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.files[name] = &fstest.MapFile{Data: []byte(text), ModTime: modified}
}

func (d *desk) Open(name string) (fs.File, error) {
	d.mu.Lock()
	file, err := d.files.Open(name)
	opened := d.opened
	if name != "." {
		d.opened = nil
	}
	d.mu.Unlock()
	if name != "." && opened != nil {
		opened()
	}
	return file, err
}

// Stat implements fs.StatFS.
func (d *desk) Stat(name string) (fs.FileInfo, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.files.Stat(name)
}

// writing appends a letter every interval, and returns when the text is whole.
func (d *desk) writing(name, whole string, interval time.Duration) {
	for end := 1; end <= len(whole); end++ {
		d.write(name, whole[:end], time.Now())
		time.Sleep(interval)
	}
}

// Nobody gets half a document, and none is missed because it is new: a look waits for
// it, but not for ever.
func TestDocumentsSettle(t *testing.T) {
	tests := []struct {
		name  string
		write func(d *desk) // runs beside the look
		want  []string      // what the look yields, and after how long
	}{
		{"old", func(d *desk) { d.write("7.md", "old", time.Now().Add(-time.Hour)) }, []string{"0s 7.md old"}},
		{"just written", func(d *desk) { d.write("7.md", "new", time.Now()) }, []string{"10s 7.md new"}},
		{"four seconds old", func(d *desk) { d.write("7.md", "new", time.Now().Add(-4*time.Second)) }, []string{"6s 7.md new"}},
		{"an old one first", func(d *desk) {
			d.write("6.md", "new", time.Now())
			d.write("7.md", "old", time.Now().Add(-time.Hour))
		}, []string{"0s 7.md old", "10s 6.md new"}},
		{"being written", func(d *desk) { d.writing("7.md", "whole", 3*time.Second) }, []string{"22s 7.md whole"}},
		{"written on and on", func(d *desk) { d.writing("7.md", strings.Repeat("x", 20), 3*time.Second) }, []string{
			"28s 7.md: it is being written to, and taken when it has been left alone for a while",
		}},
		{"removed meanwhile", func(d *desk) {
			d.write("7.md", "new", time.Now())
			time.Sleep(time.Second)
			d.mu.Lock()
			defer d.mu.Unlock()
			delete(d.files, "7.md")
		}, nil},
		{"written by a clock that is ahead", func(d *desk) { d.write("7.md", "new", time.Now().Add(1000*time.Hour)) }, []string{"10s 7.md new"}},
		{"changed while it is read", func(d *desk) {
			d.write("7.md", "old", time.Now().Add(-time.Hour))
			d.opened = func() { d.write("7.md", "better", time.Now()) }
		}, []string{"10s 7.md better"}},
		{"replaced by an old one while it is read", func(d *desk) {
			d.write("7.md", "old", time.Now().Add(-time.Hour))
			d.opened = func() { d.write("7.md", "older", time.Now().Add(-2*time.Hour)) }
		}, []string{"1s 7.md older"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				d := &desk{files: fstest.MapFS{}}
				go tt.write(d)
				synctest.Wait()
				folder := intake.NewFolder("desk", d, intake.Rules{Names: parsedNames(t), Settle: intake.SettleTime})
				start := time.Now()
				var got []string
				for document, err := range folder.Documents(t.Context()) {
					line := time.Since(start).Truncate(time.Second).String() + " "
					if err != nil {
						line += err.Error()
					} else {
						line += document.Name + " " + string(document.Data)
						folder.Done(document)
					}
					got = append(got, line)
				}
				if diff := cmp.Diff(tt.want, got); diff != "" {
					t.Errorf("documents (-want +got):\n%s", diff)
				}
				time.Sleep(time.Hour)
				for document, err := range folder.Documents(t.Context()) {
					if text := string(document.Data); err != nil || tt.name != "written on and on" || text != strings.Repeat("x", 20) {
						t.Errorf("an hour later: %q, %v", text, err)
					}
				}
			})
		})
	}
}
