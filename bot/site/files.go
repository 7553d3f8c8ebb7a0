package site

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path"

	"digestbot/digest/webpage"
)

// Written says what WriteTo did.
type Written struct {
	Issues    int
	Changed   int // files that were written
	Unchanged int // files that were as they had to be
	Removed   int // files of pages that are gone
}

// ErrForeign says that a folder has files that are not ours where ours would be.
var ErrForeign = errors.New("the folder has files that digestbot has not written")

// folder is a folder that pages are written to.
type folder struct {
	root     *os.Root
	manifest manifest // of what is in it, or may be
}

// WriteTo writes all pages as files to a folder, which is made if it is missing, for any
// server of the web. It must be served at the address of the site. Each file takes the place
// of its former self at once, a page that is gone loses its file, and nothing is touched
// that WriteTo has not written itself: the error is ErrForeign if it would have to.
func (s *Site) WriteTo(ctx context.Context, dir string) (done Written, err error) {
	if err := os.MkdirAll(dir, 0o755); err != nil { //nolint:gosec // a web server reads it
		return done, err
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return done, err
	}
	defer root.Close()
	f := folder{root: root}
	if f.manifest, err = readManifest(root); err != nil {
		return done, err
	}
	names, issues, err := s.files(ctx)
	if err != nil {
		return done, err
	}
	if err := f.check(names); err != nil {
		return done, err
	}
	done.Issues = issues
	err = s.write(ctx, f, names, &done)
	return done, err
}

// file is a page with the name of its file.
type file struct{ name, path string }

// files returns all files, those that lead to others last, and how many issues there are.
func (s *Site) files(ctx context.Context) (all []file, issues int, err error) {
	add := func(path, index string) { all = append(all, file{path + index, path}) }
	listed, err := s.allIssues(ctx)
	if err != nil {
		return nil, 0, err
	}
	for _, issue := range listed {
		path, err := s.pathOf(ctx, issue)
		if err != nil {
			return nil, 0, err
		}
		content, err := s.config.Archive.Content(ctx, issue)
		if err != nil {
			return nil, 0, err
		}
		if add(path, "index.html"); webpage.Picture(content) == "" {
			add(path+posterPath, "")
		}
	}
	sections, err := s.config.Archive.ListedSections(ctx)
	if err != nil {
		return nil, 0, err
	}
	merged, err := s.config.Archive.MergedSections(ctx)
	if err != nil {
		return nil, 0, err
	}
	for _, section := range sections {
		add(sectionPath(section.ID), "")
		for from, into := range merged {
			if into == section.ID { // a file leads nowhere else, so who follows the old feed finds the new one in it
				all = append(all, file{sectionPath(from), sectionPath(into)})
			}
		}
	}
	for _, path := range []string{feedPath, sitemapPath, robotsPath, posterPath, stylePath, notFoundPath} {
		add(path, "")
	}
	for n := len(listed) / perPage; n >= 0; n-- {
		if n == 0 || n*perPage < len(listed) {
			add(pagePath(n+1), "index.html")
		}
	}
	add(allPath, "index.html")
	add(feedsPath, "index.html")
	return all, len(listed), nil
}

// check fails with ErrForeign if a file is in the way.
func (f *folder) check(files []file) error {
	for _, one := range files {
		if f.manifest[one.name] {
			continue
		}
		foreign, err := f.inTheWay(one.name)
		if err != nil {
			return err
		}
		if foreign != "" {
			return fmt.Errorf("%w, such as %s: give an empty folder, or one that digestbot has filled", ErrForeign, foreign)
		}
	}
	return nil
}

// inTheWay returns what stands where a file would be, or where a folder for it would be; empty:
// nothing. A link to another folder of ours is a folder, one that leads out of here is not.
func (f *folder) inTheWay(name string) (string, error) {
	for i, r := range name {
		if r != '/' {
			continue
		}
		info, err := f.root.Lstat(name[:i])
		if err == nil && info.Mode().Type() == fs.ModeSymlink {
			if info, err = f.root.Stat(name[:i]); err != nil {
				return name[:i], nil
			}
		}
		if errors.Is(err, fs.ErrNotExist) {
			return "", nil
		}
		if err != nil {
			return "", err
		}
		if !info.IsDir() {
			return name[:i], nil
		}
	}
	switch _, err := f.root.Lstat(name); {
	case err == nil:
		return name, nil
	case !errors.Is(err, fs.ErrNotExist):
		return "", err
	}
	return "", nil
}

func (s *Site) write(ctx context.Context, f folder, files []file, done *Written) error {
	// The manifest names each file before it is there, or a crash would leave some that are
	// nobody's.
	now := manifest{}
	for _, one := range files {
		now[one.name] = true
	}
	before := maps.Clone(f.manifest)
	maps.Copy(f.manifest, now)
	if err := f.note(f.manifest); err != nil {
		return err
	}
	for _, one := range files {
		g, err := s.generation(ctx)
		if err != nil {
			return err
		}
		p, err := s.page(ctx, g, one.path)
		if err != nil {
			return fmt.Errorf("%s: %w", one.name, err)
		}
		changed, err := f.put(one.name, p.body)
		if err != nil {
			return err
		}
		if changed {
			done.Changed++
		} else {
			done.Unchanged++
		}
	}
	for name := range before {
		if now[name] {
			continue
		}
		if err := f.remove(name); err != nil {
			return err
		}
		done.Removed++
	}
	return f.note(now)
}

// put writes a file unless it is there already.
func (f *folder) put(name string, body []byte) (changed bool, err error) {
	if there, err := f.root.ReadFile(name); err == nil && bytes.Equal(there, body) {
		return false, f.removeUnfinished(name)
	}
	return true, f.replace(name, body)
}

// unfinished ends the name of a file that is being written.
const unfinished = ".digestbot-new"

// replace puts a file in the place of another one at once.
func (f *folder) replace(name string, body []byte) error {
	if err := f.root.MkdirAll(path.Dir(name), 0o755); err != nil {
		return err
	}
	if err := f.root.WriteFile(name+unfinished, body, 0o644); err != nil {
		return err
	}
	return f.root.Rename(name+unfinished, name)
}

// removeUnfinished removes what a crash has left of a file.
func (f *folder) removeUnfinished(name string) error {
	if err := f.root.Remove(name + unfinished); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// remove removes the file of a page that is gone, and folders that are empty after that.
func (f *folder) remove(name string) error {
	if err := f.removeUnfinished(name); err != nil {
		return err
	}
	if err := f.root.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	for dir := path.Dir(name); dir != "."; dir = path.Dir(dir) {
		if f.root.Remove(dir) != nil { // there is something else in it
			break
		}
	}
	return nil
}
