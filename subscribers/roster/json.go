package roster

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
)

// readJSON reads an array of objects, or one object after the other. An error is about all
// of it.
func readJSON(text string, mistakes *Mistakes) (List, error) {
	r := &jsonReader{text: text, line: 1, decoder: json.NewDecoder(strings.NewReader(text)), mistakes: mistakes}
	r.decoder.UseNumber()
	if strings.HasPrefix(strings.TrimLeft(text, " \t\n"), "[") {
		if _, err := r.decoder.Token(); err != nil {
			return List{}, err
		}
		r.array = true
	}
	c := newChecker(mistakes)
	for {
		p, state := r.next()
		switch state {
		case ended:
			return r.finish()
		case right:
			c.check(&p)
			r.list.People = append(r.list.People, p)
		}
	}
}

// jsonReader reads objects and knows their lines.
type jsonReader struct {
	text     string
	decoder  *json.Decoder
	mistakes *Mistakes
	array    bool
	list     List
	line     int // at offset
	offset   int
	names    []string // that are not known, of the first object
}

// found is what the next object is.
type found int

const (
	ended found = iota // there is none
	wrong
	right
)

// next reads the next object.
func (r *jsonReader) next() (Person, found) {
	if !r.decoder.More() {
		return Person{}, ended
	}
	start := int(r.decoder.InputOffset())
	start += len(r.text[start:]) - len(strings.TrimLeft(r.text[start:], " \t\n,"))
	line := r.lineAt(start)
	var object map[string]json.RawMessage
	err := r.decoder.Decode(&object)
	if _, isType := errors.AsType[*json.UnmarshalTypeError](err); isType || err == nil && object == nil {
		r.mistakes.add(line, "it is not an object, which has names and values between { and }")
		return Person{}, wrong
	}
	if err != nil {
		r.mistakes.add(r.lineAt(max(start, int(r.decoder.InputOffset()))), "it is not valid JSON: %v", err)
		return Person{}, ended
	}
	p, ok := r.person(line, object)
	if !ok {
		return Person{}, wrong
	}
	return p, right
}

// lineAt returns the line of an offset that is not before the last one.
func (r *jsonReader) lineAt(offset int) int {
	offset = min(max(offset, r.offset), len(r.text))
	r.line += strings.Count(r.text[r.offset:offset], "\n")
	r.offset = offset
	return r.line
}

// person reads one object.
func (r *jsonReader) person(line int, object map[string]json.RawMessage) (Person, bool) {
	before := r.mistakes.Count
	fields, seen := make([]field, 0, len(object)), map[*column]bool{}
	for _, name := range slices.Sorted(maps.Keys(object)) {
		raw, c := object[name], findColumn(name)
		if c == nil {
			r.names = append(r.names, name)
			r.mistakes.add(line, "%s", unknownColumn(name))
			continue
		}
		if seen[c] {
			r.mistakes.add(line, "%s is there twice", c.name)
			continue
		}
		seen[c] = true
		v, err := readValue(c, raw)
		if err != nil {
			r.mistakes.add(line, "%s: %v", c.name, err)
			continue
		}
		if !r.list.has(c.name) {
			r.list.columns = append(r.list.columns, c)
		}
		fields = append(fields, field{c, v})
	}
	if !seen[columns[0]] {
		r.mistakes.add(line, "chat is missing, which has Telegram's id of the chat")
	}
	p, ok := person(line, fields, r.mistakes)
	return p, ok && r.mistakes.Count == before
}

// readValue reads a value of a column.
func readValue(c *column, raw json.RawMessage) (v value, err error) {
	if len(raw) > maxCell {
		return v, fmt.Errorf("the value is longer than %d bytes", maxCell)
	}
	raw = bytes.TrimSpace(raw)
	isText := bytes.HasPrefix(raw, []byte{'"'})
	switch {
	case bytes.Equal(raw, []byte("null")):
		return v, nil
	case c.shape == list && !isText:
		if err := json.Unmarshal(raw, &v.list); err != nil {
			return v, errors.New("it must be a list of texts, such as [\"News\", \"Tools\"]")
		}
		return v, nil
	case bytes.HasPrefix(raw, []byte{'['}), bytes.HasPrefix(raw, []byte{'{'}):
		return v, errors.New("it must be a single value, and not a list or an object")
	case isText:
		err = json.Unmarshal(raw, &v.text)
	default:
		v.text = string(raw) // a number, true or false
	}
	if c.shape == list {
		v = value{list: splitList(v.text)}
	}
	return v, err
}

// finish returns the list after the last object.
func (r *jsonReader) finish() (List, error) {
	if len(r.list.People) == 0 && len(r.names) > 0 && !r.list.has(columns[0].name) {
		return List{}, noChat(r.names, `the file must be a list of objects such as {"chat": 123456789}`)
	}
	if r.array && r.mistakes.Count == 0 {
		if _, err := r.decoder.Token(); err != nil {
			r.mistakes.add(r.lineAt(len(r.text)), "the file is cut off: the ] at the end of the list is missing")
		} else if _, err := r.decoder.Token(); !errors.Is(err, io.EOF) {
			r.mistakes.add(r.lineAt(int(r.decoder.InputOffset())), "there is something behind the ] at the end of the list")
		}
	}
	return r.list, nil
}

// jsonWriter writes an array with an object on each line. What is empty is left out.
type jsonWriter struct {
	to    *bufio.Writer
	begun bool
}

func newJSONWriter(w io.Writer) (*jsonWriter, error) {
	return &jsonWriter{to: bufio.NewWriter(w)}, nil
}

func (j *jsonWriter) write(p *Person) error {
	before := ",\n{"
	if !j.begun {
		before = "[\n{"
	}
	j.begun = true
	for _, c := range columns {
		v := c.get(p)
		if v.text == "" && len(v.list) == 0 {
			continue
		}
		encoded, err := encodeValue(c, v)
		if err != nil {
			return err
		}
		fmt.Fprintf(j.to, "%s%q:%s", before, c.name, encoded)
		before = ","
	}
	_, err := j.to.WriteString("}")
	return err
}

// encodeValue returns a value of a column as JSON.
func encodeValue(c *column, v value) ([]byte, error) {
	switch c.shape {
	case number:
		return []byte(v.text), nil
	case flag:
		return []byte("true"), nil
	case list:
		return encode(v.list)
	}
	return encode(v.text)
}

// encode is json.Marshal that leaves < > & as they are: nobody puts the file into a page.
func encode(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	err := e.Encode(v)
	return bytes.TrimSpace(b.Bytes()), err
}

func (j *jsonWriter) close() error {
	end := "\n]\n"
	if !j.begun {
		end = "[]\n"
	}
	if _, err := j.to.WriteString(end); err != nil {
		return err
	}
	return j.to.Flush()
}
