package fields

import (
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"strings"

	"digestbot/digest/document/bounds"
)

// OpensAsJSON matches the beginning of a JSON object with a key, or of a list of such.
var OpensAsJSON = regexp.MustCompile(`^\s*(?:\[\s*)?\{\s*"(?:[^"\\]|\\.){0,200}"\s*:`)

// jsonFrontMatter separates the JSON object with which a document begins from the body
// after it, as Hugo does. A document that is nothing but JSON has no front matter.
// trimmed is the text without the empty lines before it, of which there are skipped.
func jsonFrontMatter(text, trimmed string, skipped int) (FrontMatter, string, error) {
	if !OpensAsJSON.MatchString(trimmed[:min(len(trimmed), 1024)]) {
		return FrontMatter{}, text, nil
	}
	decoder := json.NewDecoder(strings.NewReader(trimmed[:min(len(trimmed), bounds.MaxFrontMatter)]))
	decoder.UseNumber()
	var table map[string]any
	if err := decoder.Decode(&table); err != nil {
		return FrontMatter{}, text, jsonError(err, trimmed, skipped)
	}
	body := trimmed[decoder.InputOffset():]
	if strings.TrimSpace(body) == "" {
		return FrontMatter{}, text, nil
	}
	front := ofTable(table, trimmed[:decoder.InputOffset()])
	front.moveDown(skipped)
	return front, strings.TrimPrefix(strings.TrimLeft(body, " \t"), "\n"), nil
}

// jsonError returns the error of a front matter with its line; nil if the object never
// ends, because then the document is data that was cut.
func jsonError(err error, text string, skipped int) error {
	e, ok := errors.AsType[*json.SyntaxError](err)
	if !ok || !strings.Contains(text, "\n}\n") {
		return nil
	}
	line := 1 + skipped + strings.Count(text[:min(int(e.Offset), len(text))], "\n")
	return &FrontMatterError{Line: line, Err: fmt.Errorf("%w: write it as JSON, with keys and texts in double quotes and a comma between entries", err)}
}
