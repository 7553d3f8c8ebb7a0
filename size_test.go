package main

import (
	"bytes"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Above these, in lines, a reader loses the thread.
const (
	maxFileLines     = 500
	maxMainLines     = 400
	maxFunctionLines = 90
)

func TestNothingIsTooLong(t *testing.T) {
	files := 0
	err := filepath.WalkDir(".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !strings.HasSuffix(path, ".go") {
			return err
		}
		files++
		source, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		limit := maxFileLines
		if path == "main.go" {
			limit = maxMainLines
		}
		if lines := bytes.Count(source, []byte("\n")); lines > limit {
			t.Errorf("%s has %d lines, more than %d", path, lines, limit)
		}
		return checkFunctions(t, path, source)
	})
	if err != nil {
		t.Fatal(err)
	}
	if files == 0 {
		t.Error("there are no Go files")
	}
}

func checkFunctions(t *testing.T, path string, source []byte) error {
	positions := token.NewFileSet()
	file, err := parser.ParseFile(positions, path, source, parser.SkipObjectResolution)
	if err != nil {
		return err
	}
	for _, declaration := range file.Decls {
		f, ok := declaration.(*ast.FuncDecl)
		if !ok {
			continue
		}
		first, last := positions.Position(f.Pos()).Line, positions.Position(f.End()).Line
		if lines := last - first + 1; lines > maxFunctionLines {
			t.Errorf("%s:%d: %s has %d lines, more than %d", path, first, f.Name.Name, lines, maxFunctionLines)
		}
	}
	return nil
}
